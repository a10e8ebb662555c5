// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_lean.h"

#include "core/io/onnx/onnx_wire.h"
#include "core/io/onnx/wire_types.h"

namespace lapidary::core {
namespace {

/// Fields of ModelProto, GraphProto and TensorProto (onnx.proto).
constexpr std::uint32_t graphField = 7, initializerField = 5, rawDataField = 9;
constexpr std::size_t smallBytes = std::size_t{1} << 16;

using View = std::span<const std::byte>;

void append(std::string& out, View bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void appendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
}

void appendMessage(std::string& out, std::uint32_t field, const std::string& message) {
  appendVarint(out, (std::uint64_t{field} << 3) | delimitedType);
  appendVarint(out, message.size());
  out += message;
}

/// Calls `take(field, its payload, all its bytes)` for every field; false where one cannot be read.
template <class Take>
bool forEachField(View bytes, const Take& take) {
  for (std::size_t offset = 0; offset < bytes.size();) {
    const auto field = readField(bytes, offset);
    if (!field) return false;
    const std::uint64_t length = payloadLength(*field);
    if (length > bytes.size() - field->payload) return false;
    const std::size_t end = field->payload + static_cast<std::size_t>(length);
    if (!take(*field, bytes.subspan(field->payload, end - field->payload),
              bytes.subspan(offset, end - offset)))
      return false;
    offset = end;
  }
  return true;
}

bool is(const WireField& field, std::uint32_t number) {
  return field.number == number && field.type == delimitedType;
}

/// Of a field that stands twice the last one counts, as for protobuf.
bool leanTensor(View tensor, std::string& out, View& value) {
  return forEachField(tensor, [&](const WireField& field, View payload, View all) {
    const bool raw = is(field, rawDataField);
    if (raw) value = payload.size() > smallBytes ? payload : View{};
    if (!raw || value.empty()) append(out, all);
    return true;
  });
}

bool leanGraph(View graph, std::string& out, std::vector<View>& values) {
  return forEachField(graph, [&](const WireField& field, View payload, View all) {
    if (!is(field, initializerField)) return append(out, all), true;
    std::string tensor;
    if (!leanTensor(payload, tensor, values.emplace_back())) return false;
    appendMessage(out, initializerField, tensor);
    return true;
  });
}

}  // namespace

std::optional<LeanOnnx> leanOnnx(View bytes) {
  LeanOnnx lean;
  const bool whole = forEachField(bytes, [&](const WireField& field, View payload, View all) {
    if (!is(field, graphField)) return append(lean.message, all), true;
    std::string graph;
    if (!leanGraph(payload, graph, lean.values)) return false;
    appendMessage(lean.message, graphField, graph);
    return true;
  });
  if (!whole) return std::nullopt;
  return lean;
}

}  // namespace lapidary::core
