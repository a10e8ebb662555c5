// SPDX-License-Identifier: GPL-3.0-or-later
// The graph of a model: values, nodes, attributes. It follows ONNX in meaning, and is immutable once read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/tensor.h"
#include "core/support/ids.h"

namespace lapidary::core {

struct Graph;

/// An attribute that holds tensors of types without a DType, as the file has it (AttributeProto of ONNX).
struct KeptAttribute {
  std::string message;
  bool operator==(const KeptAttribute&) const = default;
};

using Attribute = std::variant<std::int64_t, float, std::string, Tensor, std::shared_ptr<const Graph>,
                               std::vector<std::int64_t>, std::vector<float>, std::vector<std::string>,
                               std::vector<Tensor>, std::vector<std::shared_ptr<const Graph>>, KeptAttribute>;

/// An initialiser of a type without a DType (text, complex numbers, two bits): nothing computes with it.
struct KeptInitializer {
  std::string type;  ///< "string"
  Shape shape;
  std::string message;  ///< as the file has it (TensorProto of ONNX), without references to other files
};

struct Node {
  std::string name;  ///< may be empty or repeated; ids identify
  std::string opType;
  std::string domain;            ///< "" is ai.onnx
  std::vector<ValueId> inputs;   ///< an invalid id is an omitted optional input
  std::vector<ValueId> outputs;  ///< likewise
  std::map<std::string, Attribute> attributes;

  /// The input at `index`; an invalid id where the node has fewer.
  ValueId input(std::size_t index) const { return index < inputs.size() ? inputs[index] : ValueId{}; }
  /// The attribute as T, or nothing if it is absent or of another type.
  template <class T>
  const T* find(const std::string& key) const {
    const auto it = attributes.find(key);
    return it == attributes.end() ? nullptr : std::get_if<T>(&it->second);
  }
  std::int64_t intOr(const std::string& key, std::int64_t fallback) const;
  float floatOr(const std::string& key, float fallback) const;
  std::string textOr(const std::string& key, std::string fallback) const;
  std::vector<std::int64_t> intsOr(const std::string& key, std::vector<std::int64_t> fallback) const;
  /// All graphs among the attributes (If, Loop, Scan), in the order of the attributes' names.
  std::vector<std::shared_ptr<const Graph>> subgraphs() const;
};

/// One dimension of a declared shape: a number, a symbol ("N"), or unknown (neither).
struct Dimension {
  std::optional<std::int64_t> size;
  std::string symbol;
};

struct Value {
  std::string name;
  std::optional<DType> dtype;                   ///< as declared in the file
  std::optional<std::vector<Dimension>> shape;  ///< as declared in the file
  NodeId producer;                              ///< invalid for inputs and initialisers
  /// Serialised declared type that is not a tensor of a DType (text, sequence, map), kept for writing.
  std::string otherType = {};
};

/// Nodes are in topological order. Value names are unique in a graph. In a subgraph (If, Loop, Scan)
/// a name that the subgraph does not define refers to the enclosing graph; such values are listed
/// in `captured` with their outer names.
struct Graph {
  std::string name;
  std::vector<Value> values;    ///< by ValueId
  std::vector<Node> nodes;      ///< by NodeId
  std::vector<ValueId> inputs;  ///< those that a caller feeds: initialisers are not among them
  std::vector<ValueId> outputs;
  std::map<ValueId, Tensor> initializers;
  std::map<ValueId, KeptInitializer> kept;
  std::vector<ValueId> captured;

  const Value& value(ValueId id) const { return values[id.index]; }
  const Node& node(NodeId id) const { return nodes[id.index]; }
  /// Linear search by name; invalid id where there is none.
  ValueId findValue(const std::string& valueName) const;
  /// For every node the values that it reads: its inputs, and what its subgraphs capture. A value may
  /// stand there more than once.
  std::vector<std::vector<ValueId>> readsByNode() const;
  /// For every value the nodes that read it (subgraph captures included), in node order.
  std::vector<std::vector<NodeId>> consumers() const;
};

/// "node 12 'Conv_3' (Conv)": how errors name a node.
std::string describe(const Graph& graph, NodeId node);

}  // namespace lapidary::core
