// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_nbits.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/io/onnx/graph_editor.h"
#include "core/io/onnx/onnx_upgrade.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t opsetOfBlocks = 21;

struct NBits {
  std::int64_t n = 0, k = 0, bits = 0, block = 0;
  Tensor codes, scales, zeros;  ///< as stored; zeros are undefined where the middle of all codes counts

  std::int64_t blocks() const { return (k + block - 1) / block; }
  DType type() const { return bits == 8 ? DType::UInt8 : DType::UInt4; }
};

Tensor stored(const Graph& graph, ValueId id) {
  const auto found = id.valid() ? graph.initializers.find(id) : graph.initializers.end();
  return found == graph.initializers.end() ? Tensor() : found->second;
}

bool holds(const Tensor& tensor, DType type, std::int64_t count) {
  return tensor.defined() && tensor.dtype() == type && tensor.size() == count;
}

bool isPlausible(const NBits& form) {
  constexpr std::int64_t most = std::int64_t{1} << 31;
  const bool bits = form.bits == 2 || form.bits == 4 || form.bits == 8;
  return bits && form.n > 0 && form.n < most && form.k > 0 && form.k < most && form.block >= 16 &&
         form.block < most && form.block % 8 == 0 && form.n * form.blocks() < most;
}

/// Nothing where the node is none, or is one that has to stay.
std::optional<NBits> formOf(const Graph& graph, const Node& node) {
  if (node.domain != "com.microsoft" || node.opType != "MatMulNBits" || node.input(4).valid())
    return std::nullopt;
  NBits form;
  form.n = node.intOr("N", 0);
  form.k = node.intOr("K", 0);
  form.bits = node.intOr("bits", 4);
  form.block = node.intOr("block_size", 0);
  if (!isPlausible(form)) return std::nullopt;
  form.codes = stored(graph, node.input(1));
  form.scales = stored(graph, node.input(2));
  form.zeros = stored(graph, node.input(3));
  const std::int64_t perBlock = form.block * form.bits / 8, zeroBytes = (form.blocks() * form.bits + 7) / 8;
  const bool fits = holds(form.codes, DType::UInt8, form.n * form.blocks() * perBlock) &&
                    form.scales.defined() && isFloating(form.scales.dtype()) &&
                    form.scales.size() == form.n * form.blocks();
  const bool zeros = !node.input(3).valid() || holds(form.zeros, DType::UInt8, form.n * zeroBytes);
  return fits && zeros ? std::optional(form) : std::nullopt;
}

/// `count` codes of every row of bytes, unpacked.
Tensor unpacked(const Tensor& packed, std::int64_t rows, std::int64_t count, std::int64_t bits) {
  TensorBuilder codes(DType::UInt8, {rows, count});
  const std::int64_t rowBytes = packed.size() / rows, perByte = 8 / bits;
  const auto from = packed.as<std::uint8_t>();
  auto to = codes.as<std::uint8_t>().begin();
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = 0; i < count; ++i)
      *to++ = static_cast<std::uint8_t>(from[static_cast<std::size_t>(row * rowBytes + i / perByte)] >>
                                            (i % perByte * bits) &
                                        ((1 << bits) - 1));
  return std::move(codes).build();
}

Tensor codesOf(const NBits& form) {
  // Whole blocks of 4 and 8 bits lie in the file as ONNX packs them.
  if (form.bits != 2 && form.k % form.block == 0)
    return Tensor(form.type(), {form.n, form.k}, Bytes{form.codes.owner(), form.codes.bytes()});
  return convert(unpacked(form.codes, form.n, form.k, form.bits), form.type());
}

Tensor zerosOf(const NBits& form) {
  if (form.zeros.defined())
    return convert(unpacked(form.zeros, form.n, form.blocks(), form.bits), form.type());
  TensorBuilder middle(DType::UInt8, {form.n, form.blocks()});
  std::ranges::fill(middle.as<std::uint8_t>(), static_cast<std::uint8_t>(1 << (form.bits - 1)));
  return convert(std::move(middle).build(), form.type());
}

class Expansion {
 public:
  explicit Expansion(Graph& graph) : m_editor(graph) {}

  std::size_t run() {
    std::vector<Node> old = std::move(m_editor.graph().nodes);
    std::size_t count = 0;
    for (Node& node : old) {
      const auto form = formOf(m_editor.graph(), node);
      count += form.has_value();
      form ? expand(node, *form) : m_nodes.push_back(std::move(node));
    }
    for (std::uint32_t i = 0; i < m_nodes.size(); ++i)
      for (const ValueId output : m_nodes[i].outputs)
        if (output.valid()) m_editor.graph().values[output.index].producer = NodeId{i};
    m_editor.graph().nodes = std::move(m_nodes);
    dropUnread();
    return count;
  }

 private:
  void expand(const Node& node, const NBits& form) {
    const std::string weight = m_editor.graph().value(node.inputs[1]).name;
    const ValueId codes = m_editor.addConstant(weight + "_codes", codesOf(form)),
                  scales =
                      m_editor.addConstant(weight + "_blocks", form.scales.reshaped({form.n, form.blocks()})),
                  zeros = m_editor.addConstant(weight + "_zeros", zerosOf(form));
    const ValueId floats = added("DequantizeLinear", {codes, scales, zeros}, weight,
                                 {{"axis", std::int64_t{1}}, {"block_size", form.block}});
    const ValueId turned = added("Transpose", {floats}, weight, {{"perm", std::vector<std::int64_t>{1, 0}}});
    m_read.insert(node.inputs.begin() + 1, node.inputs.end());
    const bool biased = node.input(5).valid();
    const ValueId result = node.outputs.empty() ? ValueId{} : node.outputs[0];
    const ValueId product = biased ? m_editor.addValue(weight + "_product") : result;
    m_nodes.push_back({node.name, "MatMul", "", {node.inputs[0], turned}, {product}, {}});
    if (biased) m_nodes.push_back({"", "Add", "", {product, node.input(5)}, {result}, {}});
  }

  ValueId added(const std::string& type, std::vector<ValueId> inputs, const std::string& weight,
                std::map<std::string, Attribute> attributes) {
    const ValueId output = m_editor.addValue(weight + "_" + type);
    m_nodes.push_back({output.valid() ? m_editor.graph().value(output).name : "",
                       type,
                       "",
                       std::move(inputs),
                       {output},
                       std::move(attributes)});
    return output;
  }

  /// The constants that the nodes read stood for others, unless somebody else reads them.
  void dropUnread() {
    Graph& graph = m_editor.graph();
    const auto readers = graph.consumers();
    for (const ValueId id : m_read)
      if (id.valid() && readers[id.index].empty() &&
          std::ranges::find(graph.outputs, id) == graph.outputs.end())
        graph.initializers.erase(id);
  }

  GraphEditor m_editor;
  std::vector<Node> m_nodes;
  std::set<ValueId> m_read;  ///< by the nodes that are no more
};

OpsetImport* standardOf(Provenance& source) {
  const auto found = std::ranges::find_if(
      source.opsets, [](const OpsetImport& import) { return isStandardDomain(import.domain); });
  return found == source.opsets.end() ? nullptr : &*found;
}

}  // namespace

std::size_t expandNBits(Graph& graph, Provenance& source) {
  if (std::ranges::none_of(graph.nodes, [&](const Node& node) { return formOf(graph, node).has_value(); }))
    return 0;
  OpsetImport* standard = standardOf(source);
  if (standard == nullptr) return 0;
  Graph raised = graph;
  try {
    upgradeOpset(raised, standard->version, opsetOfBlocks);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return 0;
  }
  graph = std::move(raised);
  standard->version = std::max(standard->version, opsetOfBlocks);
  return Expansion(graph).run();
}

}  // namespace lapidary::core
