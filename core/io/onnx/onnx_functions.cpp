// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_functions.h"

#include <google/protobuf/unknown_field_set.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/files/utf8.h"
#include "core/model/standard_domain.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// Functions within each other, nodes and bytes that all calls together may make.
constexpr std::size_t deepestCall = 100, mostNodes = std::size_t{1} << 18;
constexpr std::size_t fewBytes = std::size_t{1} << 26, unfolding = 16;

/// Fields that came with later versions of ONNX than the library's: they are read as unknown ones.
constexpr int overloadOfNode = 8, overloadOfFunction = 13, defaultsOfFunction = 11;

std::string textField(const google::protobuf::UnknownFieldSet& fields, int number) {
  for (int i = 0; i < fields.field_count(); ++i)
    if (fields.field(i).number() == number &&
        fields.field(i).type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      return fields.field(i).length_delimited();
  return {};
}

std::vector<onnx::AttributeProto> defaultsOf(const onnx::FunctionProto& function) {
  std::vector<onnx::AttributeProto> defaults;
  const auto& fields = function.unknown_fields();
  for (int i = 0; i < fields.field_count(); ++i) {
    if (fields.field(i).number() != defaultsOfFunction ||
        fields.field(i).type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      continue;
    if (!defaults.emplace_back().ParseFromString(fields.field(i).length_delimited()))
      refuseInput("a default attribute of function '" + function.name() + "' is damaged");
  }
  return defaults;
}

std::string keyOf(const std::string& domain, const std::string& name, const std::string& overload) {
  return (isStandardDomain(domain) ? std::string() : domain) + "::" + name +
         (overload.empty() ? "" : ":" + overload);
}

std::string keyOf(const onnx::NodeProto& node) {
  return keyOf(node.domain(), node.op_type(), textField(node.unknown_fields(), overloadOfNode));
}

struct Function {
  const onnx::FunctionProto* proto = nullptr;
  std::string name;
  std::vector<onnx::AttributeProto> defaults;
  std::int64_t opset = 0;  ///< of the standard operators; 0: as the model
  std::size_t bytes = 0;
  bool called = false;
};

using Names = std::unordered_map<std::string, std::string>;

/// Names that are taken, and the number that the next one like it gets.
struct TakenNames {
  std::unordered_set<std::string> all;
  std::unordered_map<std::string, int> next;

  std::string fresh(const std::string& wanted) {
    std::string name = wanted;
    for (int& i = next.try_emplace(wanted, 2).first->second; !all.insert(name).second; ++i)
      name = wanted + "_" + std::to_string(i);
    return name;
  }
};

/// Calls `use` for the graphs among a node's attributes.
template <class Use>
void forEachSubgraph(onnx::NodeProto& node, const Use& use) {
  for (auto& attribute : *node.mutable_attribute()) {
    if (attribute.has_g()) use(*attribute.mutable_g());
    for (auto& graph : *attribute.mutable_graphs()) use(graph);
  }
}

/// Every name that a graph and those within it define.
void takeNames(onnx::GraphProto& graph, std::unordered_set<std::string>& names) {
  for (const auto& input : graph.input()) names.insert(input.name());
  for (const auto& tensor : graph.initializer()) names.insert(tensor.name());
  for (const auto& sparse : graph.sparse_initializer()) names.insert(sparse.values().name());
  for (auto& node : *graph.mutable_node()) {
    for (const auto& output : node.output()) names.insert(output);
    forEachSubgraph(node, [&](onnx::GraphProto& inner) { takeNames(inner, names); });
  }
}

/// One call: what the names and attributes of the body stand for.
class Call {
 public:
  Call(const Function& function, const onnx::NodeProto& node, TakenNames& taken)
      : m_function(function), m_node(node), m_taken(taken) {
    m_label = node.name().empty() ? node.op_type() : node.name();
  }

  /// The nodes of the body as they stand in the place of the call.
  std::vector<onnx::NodeProto> body() {
    requireFit();
    const auto& proto = *m_function.proto;
    for (int i = 0; i < proto.input_size(); ++i)
      m_names[proto.input(i)] = i < m_node.input_size() ? m_node.input(i) : std::string();
    std::vector<onnx::NodeProto> after = nameOutputs();
    std::vector<onnx::NodeProto> nodes(proto.node().begin(), proto.node().end());
    for (auto& node : nodes)
      for (const auto& output : node.output()) nameInner(output);
    for (auto& node : nodes) settle(node, m_names);
    nodes.insert(nodes.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    return nodes;
  }

 private:
  void requireFit() const {
    const auto& proto = *m_function.proto;
    if (m_node.input_size() <= proto.input_size() && m_node.output_size() <= proto.output_size()) return;
    refuseInput("node '" + m_label + "' calls function '" + m_function.name + "' with " +
                std::to_string(m_node.input_size()) + " inputs and " + std::to_string(m_node.output_size()) +
                " outputs, which has " + std::to_string(proto.input_size()) + " and " +
                std::to_string(proto.output_size()));
  }

  /// Outputs of the body are called as those of the node. What the body passes on, or gives twice, needs a
  /// node of its own.
  std::vector<onnx::NodeProto> nameOutputs() {
    std::vector<onnx::NodeProto> after;
    const auto& proto = *m_function.proto;
    std::set<std::string> made;
    for (const auto& node : proto.node()) made.insert(node.output().begin(), node.output().end());
    for (int i = 0; i < m_node.output_size(); ++i) {
      const std::string &inner = proto.output(i), &outer = m_node.output(i);
      if (outer.empty()) continue;
      if (made.contains(inner) && !m_names.contains(inner)) {
        m_names[inner] = outer;
        continue;
      }
      if (!m_names.contains(inner))
        refuseInput("function '" + m_function.name + "' does not compute its output '" + inner + "'");
      auto& same = after.emplace_back();
      same.set_op_type("Identity");
      same.set_name(m_label + "/" + inner);
      same.add_input(m_names.at(inner));
      same.add_output(outer);
    }
    return after;
  }

  void nameInner(const std::string& name) {
    if (!name.empty() && !m_names.contains(name)) m_names[name] = fresh(name);
  }

  std::string fresh(const std::string& inner) { return m_taken.fresh(m_label + "/" + inner); }

  static std::string renamed(const std::string& name, const Names& names) {
    const auto found = names.find(name);
    return found == names.end() ? name : found->second;
  }

  void settle(onnx::NodeProto& node, const Names& names) {
    for (auto& input : *node.mutable_input()) input = renamed(input, names);
    for (auto& output : *node.mutable_output()) output = renamed(output, names);
    node.set_name(m_label + "/" + (node.name().empty() ? node.op_type() : node.name()));
    settleAttributes(node);
    forEachSubgraph(node, [&](onnx::GraphProto& graph) { settle(graph, names); });
  }

  /// Names that the graph defines itself get new ones too: none may stand twice in a model.
  void settle(onnx::GraphProto& graph, Names names) {
    std::unordered_set<std::string> defined;
    for (const auto& input : graph.input()) defined.insert(input.name());
    for (const auto& tensor : graph.initializer()) defined.insert(tensor.name());
    for (const auto& sparse : graph.sparse_initializer()) defined.insert(sparse.values().name());
    for (const auto& node : graph.node()) defined.insert(node.output().begin(), node.output().end());
    defined.erase("");
    for (const std::string& name : defined) names[name] = fresh(name);
    for (auto& input : *graph.mutable_input()) input.set_name(renamed(input.name(), names));
    for (auto& output : *graph.mutable_output()) output.set_name(renamed(output.name(), names));
    for (auto& info : *graph.mutable_value_info()) info.set_name(renamed(info.name(), names));
    for (auto& tensor : *graph.mutable_initializer()) tensor.set_name(renamed(tensor.name(), names));
    for (auto& sparse : *graph.mutable_sparse_initializer())
      sparse.mutable_values()->set_name(renamed(sparse.values().name(), names));
    for (auto& node : *graph.mutable_node()) settle(node, names);
  }

  void settleAttributes(onnx::NodeProto& node) const {
    auto& attributes = *node.mutable_attribute();
    for (int i = attributes.size(); i-- > 0;) {
      const std::string wanted = attributes[i].ref_attr_name();
      if (wanted.empty()) continue;
      const onnx::AttributeProto* given = attribute(wanted);
      if (given == nullptr) {
        attributes.DeleteSubrange(i, 1);
        continue;
      }
      const std::string name = attributes[i].name();
      attributes[i] = *given;
      attributes[i].set_name(name);
    }
  }

  const onnx::AttributeProto* attribute(const std::string& name) const {
    for (const auto& given : m_node.attribute())
      if (given.name() == name) return &given;
    for (const auto& given : m_function.defaults)
      if (given.name() == name) return &given;
    return nullptr;
  }

  const Function& m_function;
  const onnx::NodeProto& m_node;
  TakenNames& m_taken;
  std::string m_label;
  Names m_names;
};

class Inliner {
 public:
  explicit Inliner(onnx::ModelProto& model) : m_model(model), m_fileBytes(model.ByteSizeLong()) {
    for (const auto& proto : model.functions()) {
      if (!isUtf8(proto.name()) || !isUtf8(proto.domain()))
        refuseInput("the name of a function is not UTF-8 text");
      const std::string key =
          keyOf(proto.domain(), proto.name(), textField(proto.unknown_fields(), overloadOfFunction));
      const std::string name = proto.domain().empty() ? proto.name() : proto.domain() + "::" + proto.name();
      Function function{&proto, name, defaultsOf(proto), standardOpset(proto.opset_import()),
                        proto.ByteSizeLong()};
      if (!m_functions.emplace(key, std::move(function)).second)
        refuseInput("function '" + name + "' is defined more than once");
    }
    takeNames(*model.mutable_graph(), m_taken.all);
  }

  InlinedFunctions run() {
    inlineIn(*m_model.mutable_graph(), {}, 0);
    for (const auto& proto : m_model.functions()) {
      const auto& function = m_functions.at(
          keyOf(proto.domain(), proto.name(), textField(proto.unknown_fields(), overloadOfFunction)));
      (function.called ? m_done.called : m_done.uncalled).push_back(function.name);
      if (function.called) import(proto);
    }
    m_model.clear_functions();
    return std::move(m_done);
  }

 private:
  using Stack = std::vector<const Function*>;

  template <class Imports>
  static std::int64_t standardOpset(const Imports& imports) {
    for (const auto& each : imports)
      if (isStandardDomain(each.domain())) return each.version();
    return 0;
  }

  /// `opset` is that of the function whose body the graph stands in; 0 outside of all.
  void inlineIn(onnx::GraphProto& graph, const Stack& stack, std::int64_t opset) {
    google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
    nodes.Swap(graph.mutable_node());
    for (auto& node : nodes) place(node, graph, stack, opset);
  }

  void place(onnx::NodeProto& node, onnx::GraphProto& graph, const Stack& stack, std::int64_t opset) {
    forEachSubgraph(node, [&](onnx::GraphProto& inner) { inlineIn(inner, stack, opset); });
    const auto found = m_functions.find(keyOf(node));
    if (found != m_functions.end()) return expand(node, found->second, graph, stack);
    if (opset != 0)
      for (const auto& output : node.output())
        if (!output.empty()) m_done.opsets.emplace(output, opset);
    if (!stack.empty()) countNode();
    graph.add_node()->Swap(&node);
  }

  void countNode() {
    if (++m_nodes > mostNodes)
      refuseInput("the functions of the file unfold to more than " + std::to_string(mostNodes) + " nodes");
  }

  void expand(const onnx::NodeProto& node, Function& function, onnx::GraphProto& graph, Stack stack) {
    if (std::ranges::find(stack, &function) != stack.end())
      refuseInput("function '" + function.name + "' calls itself" +
                  (stack.back() == &function ? "" : " through '" + stack.back()->name + "'"));
    if (stack.size() >= deepestCall)
      refuseInput("functions are nested more than " + std::to_string(deepestCall) + " deep");
    countNode();
    m_bytes += function.bytes;
    if (m_bytes > fewBytes + unfolding * m_fileBytes)
      refuseInput("the functions of the file unfold to more than " + std::to_string(m_bytes) + " bytes");
    function.called = true;
    stack.push_back(&function);
    for (auto& inner : Call(function, node, m_taken).body()) place(inner, graph, stack, function.opset);
  }

  void import(const onnx::FunctionProto& function) {
    for (const auto& wanted : function.opset_import()) {
      const bool known = std::ranges::any_of(m_model.opset_import(), [&](const auto& has) {
        return isStandardDomain(wanted.domain()) ? isStandardDomain(has.domain())
                                                 : has.domain() == wanted.domain();
      });
      if (!known) *m_model.add_opset_import() = wanted;
    }
  }

  onnx::ModelProto& m_model;
  std::size_t m_fileBytes, m_nodes = 0, m_bytes = 0;
  std::map<std::string, Function> m_functions;
  TakenNames m_taken;
  InlinedFunctions m_done;
};

}  // namespace

InlinedFunctions inlineFunctions(onnx::ModelProto& model) {
  if (model.functions_size() == 0) return {};
  return Inliner(model).run();
}

}  // namespace lapidary::core
