// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/wire_message.h"

#include <bit>
#include <utility>

#include "core/io/onnx/wire_types.h"

namespace lapidary::core {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::size_t encode(std::uint64_t value, char (&out)[10]) {
  std::size_t n = 0;
  for (; value >= 0x80; value >>= 7) out[n++] = static_cast<char>((value & 0x7f) | 0x80);
  out[n++] = static_cast<char>(value);
  return n;
}

}  // namespace

std::string& WireMessage::tail() {
  if (m_pieces.empty() || m_pieces.back().tensor.defined()) m_pieces.emplace_back();
  return m_pieces.back().text;
}

void WireMessage::put(std::string_view bytes) {
  tail().append(bytes);
  m_size += bytes.size();
}

void WireMessage::putVarint(std::uint64_t value) {
  char bytes[10];
  put({bytes, encode(value, bytes)});
}

void WireMessage::addVarint(std::uint32_t field, std::int64_t value) {
  putTag(field, varintType);
  putVarint(static_cast<std::uint64_t>(value));
}

void WireMessage::addFloat(std::uint32_t field, float value) {
  putTag(field, fourBytesType);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  char bytes[4];
  for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<char>(bits >> (8 * i));
  put({bytes, 4});
}

void WireMessage::addText(std::uint32_t field, std::string_view value) {
  putTag(field, delimitedType);
  putVarint(value.size());
  put(value);
}

void WireMessage::addMessage(std::uint32_t field, WireMessage&& message) {
  putTag(field, delimitedType);
  putVarint(message.m_size);
  for (FilePart& piece : message.m_pieces) {
    tail().append(piece.text);
    if (!piece.tensor.defined()) continue;
    m_pieces.back().tensor = std::move(piece.tensor);
    m_pieces.back().stored = piece.stored;
    m_pieces.back().name = std::move(piece.name);
  }
  m_size += message.m_size;
}

void WireMessage::addTensorBytes(std::uint32_t field, const std::string& name, const Tensor& tensor,
                                 DType stored) {
  const std::size_t bytes = byteCount(stored, tensor.size());
  putTag(field, delimitedType);
  putVarint(bytes);
  if (bytes == 0) return;
  m_pieces.back().tensor = tensor;
  m_pieces.back().stored = stored;
  m_pieces.back().name = name;
  m_size += bytes;
}

void WireMessage::write(const Append& append) const {
  for (const FilePart& piece : m_pieces) {
    append(bytesOf(piece.text));
    if (piece.tensor.defined()) append(convert(piece.tensor, piece.stored).bytes());
  }
}

}  // namespace lapidary::core
