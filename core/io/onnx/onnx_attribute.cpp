// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_attribute.h"

#include <onnx/onnx_pb.h>

#include <algorithm>

#include "core/files/utf8.h"
#include "core/io/onnx/onnx_tensor.h"

namespace lapidary::core {
namespace {

using Proto = onnx::AttributeProto;

/// Files before IR version 2 give no type: it follows from the field that is there.
Proto::AttributeType typeOf(const Proto& proto) {
  if (proto.type() != Proto::UNDEFINED) return proto.type();
  if (proto.has_f()) return Proto::FLOAT;
  if (proto.has_i()) return Proto::INT;
  if (proto.has_s()) return Proto::STRING;
  if (proto.has_t()) return Proto::TENSOR;
  if (proto.has_g()) return Proto::GRAPH;
  if (proto.floats_size() > 0) return Proto::FLOATS;
  if (proto.ints_size() > 0) return Proto::INTS;
  if (proto.strings_size() > 0) return Proto::STRINGS;
  if (proto.tensors_size() > 0) return Proto::TENSORS;
  if (proto.graphs_size() > 0) return Proto::GRAPHS;
  return Proto::UNDEFINED;
}

template <class Item, class Field, class Read>
std::vector<Item> listOf(Field& field, Read read) {
  std::vector<Item> items;
  items.reserve(static_cast<std::size_t>(field.size()));
  for (auto& item : field) items.push_back(read(item));
  return items;
}

std::optional<Attribute> valueOf(Proto& proto, const AttributeReading& context) {
  ExternalFiles& files = context.reading.files;
  const auto tensor = [&](onnx::TensorProto& t) { return readTensorProto(t, files); };
  switch (typeOf(proto)) {
    case Proto::FLOAT:
      return proto.f();
    case Proto::INT:
      return std::int64_t{proto.i()};
    case Proto::STRING:
      return proto.s();
    case Proto::TENSOR:
      return tensor(*proto.mutable_t());
    case Proto::SPARSE_TENSOR:
      return readSparseTensorProto(*proto.mutable_sparse_tensor(), files);
    case Proto::GRAPH:
      return context.readSubgraph(*proto.mutable_g());
    case Proto::FLOATS:
      return std::vector<float>(proto.floats().begin(), proto.floats().end());
    case Proto::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    case Proto::STRINGS:
      return std::vector<std::string>(proto.strings().begin(), proto.strings().end());
    case Proto::TENSORS:
      return listOf<Tensor>(*proto.mutable_tensors(), tensor);
    case Proto::GRAPHS:
      return listOf<std::shared_ptr<const Graph>>(*proto.mutable_graphs(), context.readSubgraph);
    case Proto::TYPE_PROTO:
    case Proto::TYPE_PROTOS:
    case Proto::SPARSE_TENSORS:
      return std::nullopt;
    case Proto::UNDEFINED:
      break;
  }
  throw Error(ErrorKind::InvalidInput, "has no type and no value");
}

bool holdsKeptTypes(const Proto& proto) {
  if (typeOf(proto) == Proto::TENSOR) return isKeptType(proto.t());
  return typeOf(proto) == Proto::TENSORS && std::ranges::any_of(proto.tensors(), isKeptType);
}

/// The dense form of a Constant's sparse_value stands under the name that every reader knows.
std::string nameOf(const Proto& proto, const Node& node) {
  return node.opType == "Constant" && proto.name() == "sparse_value" ? "value" : proto.name();
}

}  // namespace

void readAttributes(onnx::NodeProto& proto, Node& node, const AttributeReading& context) {
  for (auto& attribute : *proto.mutable_attribute()) {
    if (attribute.name().empty()) throw Error(ErrorKind::InvalidInput, "an attribute has no name");
    if (!isUtf8(attribute.name()))
      throw Error(ErrorKind::InvalidInput, "the name of an attribute is not UTF-8 text");
    withContext("attribute '" + attribute.name() + "'", [&] {
      if (holdsKeptTypes(attribute)) {
        node.attributes.emplace(attribute.name(), KeptAttribute{attribute.SerializeAsString()});
        context.reading.kept.push_back("'" + (node.name.empty() ? node.opType : node.name) + "' " +
                                       attribute.name());
        return;
      }
      auto value = valueOf(attribute, context);
      if (!value) {
        context.reading.warnings.push_back({WarningKind::DroppedContent, node.name + " " + attribute.name()});
      } else if (!node.attributes.emplace(nameOf(attribute, node), std::move(*value)).second) {
        throw Error(ErrorKind::InvalidInput, "is given more than once");
      }
    });
  }
}

}  // namespace lapidary::core
