// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/onnx/onnx_audit.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/audit/onnx/control_flow_audit.h"
#include "core/audit/onnx/onnx_external_audit.h"
#include "core/audit/onnx/onnx_fields.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/wire_walk.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/shown_text.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;
namespace field = onnxfield;

constexpr std::array knownDomains{"ai.onnx.ml"sv,    "ai.onnx.training"sv,    "ai.onnx.preview.training"sv,
                                  "com.microsoft"sv, "com.microsoft.nchwc"sv, "com.ms.internal.nhwc"sv};
/// Operators of runtimes that call Python, or a library that they name.
constexpr std::array pythonOps{"PyOp"sv,       "PythonOp"sv,      "PythonOpGrad"sv,
                               "PyCustomOp"sv, "PyCustomOpDef"sv, "ExternalCustomOp"sv};
constexpr int deepestGraph = 32;
constexpr std::uint64_t unusedBytes = 65536;

class OnnxAudit {
 public:
  OnnxAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void all() {
    const auto entries = walked(m_part.view(), "the model", field::model);
    for (const WireEntry& entry : entries) {
      m_run.progress().check();
      if (entry.field.number == field::modelGraph) graph(entry.payload, 0);
      if (entry.field.number == field::modelFunction) function(entry);
      if (entry.field.number == field::modelTraining) training(entry);
      if (entry.field.number == field::modelDoc) text(entry, "the description");
      if (entry.field.number == field::modelMetadata) metadata(entry);
    }
    if (m_functions > 0)
      m_run.add("onnx-functions", m_part.place,
                std::to_string(m_functions) + " operators are defined inside the file");
    auditExternal(m_run, m_part, m_claims);
  }

 private:
  /// 0 where a field that should hold bytes holds a number.
  std::size_t offsetOf(std::span<const std::byte> bytes) const {
    return bytes.data() == nullptr ? 0 : static_cast<std::size_t>(bytes.data() - m_part.view().data());
  }
  void tell(std::string_view rule, const WireEntry& entry, std::string what) {
    m_run.addAt(rule, m_part, offsetOf(entry.payload), entry.payload.size(), std::move(what));
  }

  /// The fields of a message; those that its type does not have are told of.
  std::vector<WireEntry> walked(std::span<const std::byte> message, const std::string& what,
                                std::span<const std::uint32_t> known) {
    const auto entries = wireEntries(message);
    if (!entries) {
      m_run.addAt("onnx-damaged", m_part, offsetOf(message), message.size(),
                  what + " cannot be read to its end");
      return {};
    }
    for (const WireEntry& entry : *entries)
      if (std::ranges::find(known, entry.field.number) == known.end() && !entry.payload.empty())
        unknown(entry, what);
    return *entries;
  }

  void unknown(const WireEntry& entry, const std::string& what) {
    tell("onnx-unknown-field", entry,
         what + " has a field " + std::to_string(entry.field.number) + " of " +
             std::to_string(entry.payload.size()) + " bytes that ONNX does not define");
    payload(entry.payload, "its bytes");
  }

  void payload(std::span<const std::byte> bytes, const std::string& where) {
    if (!bytes.empty()) auditPayload(m_run, m_part, offsetOf(bytes), bytes.size(), where);
  }

  void text(const WireEntry& entry, const std::string& what) {
    auditText(m_run, m_part, offsetOf(entry.payload), entry.payload.size(), what);
  }

  void metadata(const WireEntry& entry) {
    const auto pairs = wireEntries(entry.payload);
    if (!pairs) return;
    for (const WireEntry& part : *pairs) text(part, "the metadata");
  }

  void function(const WireEntry& entry) {
    ++m_functions;
    std::string name, domain;
    const auto entries = walked(entry.payload, "a function", field::function);
    for (const WireEntry& part : entries) {
      if (part.field.number == field::functionName) name = part.text();
      if (part.field.number == field::functionDomain) domain = part.text();
      if (part.field.number == field::functionNode) node(part, 0);
      if (part.field.number == field::functionAttribute) attribute(part, 0);
      if (part.field.number == field::functionDoc) text(part, "a function's description");
    }
    if (isStandardDomain(domain) || domain == "com.microsoft")
      tell("onnx-function-shadows", entry,
           "defines " + quotedText(name) + " of the domain " + quotedText(domain) + " anew");
  }

  /// Graphs that are run in training, by whoever trains the model.
  void training(const WireEntry& entry) {
    for (const WireEntry& part : walked(entry.payload, "training information", field::training))
      if (part.field.number == field::trainingInitial || part.field.number == field::trainingStep)
        graph(part.payload, 1);
  }

  /// A tensor of its values and one of their indices.
  std::string sparseTensor(const WireEntry& entry) {
    std::string name;
    for (const WireEntry& part : walked(entry.payload, "a sparse tensor", field::sparse)) {
      if (part.field.number == field::sparseValues) name = tensor(part);
      if (part.field.number == field::sparseIndices) tensor(part);
    }
    return name;
  }

  void graph(std::span<const std::byte> message, int depth) {
    if (depth > deepestGraph) return m_run.add("onnx-damaged", m_part.place, "graphs are nested without end");
    const auto entries = walked(message, "a graph", field::graph);
    std::set<std::string> initializers, outputs;
    std::map<std::string, std::uint64_t> bytes;
    for (const WireEntry& entry : entries) {
      m_run.progress().check();
      if (entry.field.number == field::graphDoc) text(entry, "the graph's description");
      if (entry.field.number == field::graphInitializer || entry.field.number == field::graphSparse) {
        const bool sparse = entry.field.number == field::graphSparse;
        const std::string name = sparse ? sparseTensor(entry) : tensor(entry);
        bytes[name] = entry.payload.size();
        if (!initializers.insert(name).second)
          tell("onnx-duplicate-name", entry, "two weights are called " + quotedText(name));
      }
      if (entry.field.number == field::graphNode)
        for (const std::string& output : node(entry, depth))
          if (!output.empty() && !outputs.insert(output).second)
            tell("onnx-duplicate-name", entry, "two nodes give " + quotedText(output));
    }
    if (depth == 0) {
      unused(message, bytes);
      auditControlFlow(m_run, m_part, message);
    }
  }

  /// Weights that no node, nor a subgraph of one, names.
  void unused(std::span<const std::byte> message, const std::map<std::string, std::uint64_t>& bytes) {
    const std::set<std::string> used = namesUsed(message);
    for (const auto& [name, size] : bytes)
      if (size >= unusedBytes && !used.contains(name))
        m_run.add("onnx-unused-weights", m_part.place,
                  "no node reads " + quotedText(name) + " of " + std::to_string(size) + " bytes");
  }

  /// The names of its outputs.
  std::vector<std::string> node(const WireEntry& entry, int depth) {
    std::vector<std::string> outputs;
    std::string type, domain, name;
    for (const WireEntry& part : walked(entry.payload, "a node", field::node)) {
      if (part.field.number == field::nodeOutput) outputs.push_back(part.text());
      if (part.field.number == field::nodeType) type = part.text();
      if (part.field.number == field::nodeDomain) domain = part.text();
      if (part.field.number == field::nodeName) name = part.text();
      if (part.field.number == field::nodeDoc) text(part, "a node's description");
      if (part.field.number == field::nodeAttribute) attribute(part, depth);
    }
    if (std::ranges::find(pythonOps, type) != pythonOps.end())
      tell("onnx-python-op", entry, "node " + quotedText(name) + " is a " + quotedText(domain + "." + type));
    else if (!isStandardDomain(domain) && std::ranges::find(knownDomains, domain) == knownDomains.end() &&
             m_domains.insert(domain + '.' + type).second)
      tell("onnx-custom-domain", entry,
           "node " + quotedText(name) + " is a " + quotedText(type) + " of the domain " + quotedText(domain));
    return outputs;
  }

  void attribute(const WireEntry& entry, int depth) {
    for (const WireEntry& part : walked(entry.payload, "an attribute", field::attribute)) {
      const std::uint32_t number = part.field.number;
      if (number == field::attributeTensor || number == field::attributeTensors) tensor(part);
      if (number == field::attributeSparse || number == field::attributeSparses) sparseTensor(part);
      if (number == field::attributeGraph || number == field::attributeGraphs) graph(part.payload, depth + 1);
      if (number == field::attributeString || number == field::attributeStrings) text(part, "an attribute");
    }
  }

  /// Its name.
  std::string tensor(const WireEntry& entry) {
    ExternalClaim claim;
    claim.at = offsetOf(entry.payload);
    std::vector<std::int64_t> dims;
    bool external = false;
    std::optional<std::uint64_t> rawBytes;
    std::int64_t type = 0;
    const auto entries = walked(entry.payload, "a tensor", field::tensor);
    for (const WireEntry& part : entries) {
      if (part.field.number == field::tensorDims) appendVarints(part, dims);
      if (part.field.number == field::tensorType) type = static_cast<std::int64_t>(part.field.value);
      if (part.field.number == field::tensorName) claim.tensor = part.text();
      if (part.field.number == field::tensorLocation) external = part.field.value == 1;
      if (part.field.number == field::tensorExternal) externalPair(part, claim);
      if (part.field.number == field::tensorRaw) {
        rawBytes = part.payload.size();
        payload(part.payload, "the weights of " + quotedText(claim.tensor));
      }
      if (part.field.number == field::tensorStrings) text(part, "a text of " + quotedText(claim.tensor));
    }
    shape(entry, claim.tensor, dims, type, rawBytes);
    if (external || !claim.location.empty()) m_claims.push_back(claim);
    return claim.tensor;
  }

  static void externalPair(const WireEntry& entry, ExternalClaim& claim) {
    std::string key, value;
    if (const auto parts = wireEntries(entry.payload))
      for (const WireEntry& part : *parts) (part.field.number == 1 ? key : value) = part.text();
    if (key == "location") claim.location = value;
    if (key == "offset") claim.offset = value;
    if (key == "length") claim.length = value;
  }

  void shape(const WireEntry& entry, const std::string& name, const std::vector<std::int64_t>& dims,
             std::int64_t type, std::optional<std::uint64_t> rawBytes) {
    std::int64_t count = 1;
    for (const std::int64_t dim : dims)
      if (dim < 0 || __builtin_mul_overflow(count, dim, &count))
        return tell("onnx-absurd-shape", entry, "tensor " + quotedText(name) + " has an impossible shape");
    constexpr std::array<std::uint64_t, 24> bits{0,  32, 8,  8,   16, 16, 32, 64, 0, 8, 16, 64,
                                                 32, 64, 64, 128, 16, 8,  8,  8,  8, 4, 4,  4};
    const std::uint64_t width =
        type > 0 && type < static_cast<std::int64_t>(bits.size()) ? bits[static_cast<std::size_t>(type)] : 0;
    if (!rawBytes || width == 0) return;
    if (static_cast<std::uint64_t>(count) > (std::uint64_t{1} << 56) ||
        (static_cast<std::uint64_t>(count) * width + 7) / 8 != *rawBytes)
      tell("onnx-absurd-shape", entry,
           "tensor " + quotedText(name) + " claims " + std::to_string(count) + " elements in " +
               std::to_string(*rawBytes) + " bytes");
  }

  AuditRun& m_run;
  const AuditPart& m_part;
  std::vector<ExternalClaim> m_claims;
  std::set<std::string> m_domains;
  std::size_t m_functions = 0;
};

}  // namespace

void auditOnnx(AuditRun& run, const AuditPart& part) { OnnxAudit(run, part).all(); }

}  // namespace lapidary::core
