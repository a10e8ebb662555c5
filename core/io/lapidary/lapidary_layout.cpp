// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_layout.h"

#include <zlib.h>

#include <nlohmann/json.hpp>

#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t smallTensor = 512;
constexpr std::uint64_t fullMember = std::uint64_t{64} << 10;

void append(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

ElementKind kindOf(DType type) {
  if (isFloating(type)) return bitsOf(type) > 8 ? ElementKind::Floating : ElementKind::Unsigned;
  const bool isSigned = type == DType::Int8 || type == DType::Int16 || type == DType::Int32 ||
                        type == DType::Int64 || type == DType::Int4;
  return isSigned ? ElementKind::Signed : ElementKind::Unsigned;
}

std::string quotedJson(const std::string& text) {
  return jsonText(Json(text), {.ascii = true, .replaceBadText = true});
}

}  // namespace

FileLayout layoutOfFile(const Model& model) {
  if (model.runnable()) return layoutOfParts("onnx", onnxParts(model));
  return layoutOfParts("safetensors", safetensorsParts(model));
}

FileLayout layoutOfParts(std::string_view payload, std::vector<FilePart> parts) {
  FileLayout layout{payload, std::move(parts), {}, {}, 0};
  for (std::size_t i = 0; i < layout.parts.size(); ++i) {
    const FilePart& part = layout.parts[i];
    append(layout.skeleton, std::as_bytes(std::span(part.text)));
    layout.bytes += part.text.size();
    if (part.tensorBytes() >= smallTensor)
      layout.tensors.push_back({i, layout.bytes});
    else if (part.tensor.defined())
      append(layout.skeleton, convert(part.tensor, part.stored).bytes());
    layout.bytes += part.tensorBytes();
  }
  return layout;
}

Block packPart(const FilePart& part, Packing packing, PackedTensor& packed, const Progress& progress) {
  const Tensor stored = convert(part.tensor, part.stored);
  const std::span<const std::byte> bytes = stored.bytes();
  packed.crc =
      static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  ElementView view{bitsOf(part.stored), kindOf(part.stored), bytes, SymbolLayout::of(stored.shape())};
  std::vector<std::byte> apart;
  if (view.bits == 4) view.bytes = apart = splitNibbles(bytes, static_cast<std::size_t>(stored.size()));
  Block block = packBlock(view, packing, progress);
  packed.block = block.text;
  packed.bytes = block.bytes.size();
  return block;
}

ManifestWriter::ManifestWriter(const FileLayout& layout, const Block& skeleton)
    : m_layout(layout),
      m_text("{\"format\":\"lapidary\",\"version\":1,\"payload\":\"" + std::string(layout.payload) +
             "\",\"bytes\":" + std::to_string(layout.bytes) + ",\"skeleton\":{\"bytes\":" +
             std::to_string(layout.skeleton.size()) + ",\"block\":" + skeleton.text + "},\"tensors\":[") {}

unsigned ManifestWriter::add(const LaidTensor& tensor, const PackedTensor& packed) {
  if (m_filled >= fullMember) ++m_member, m_filled = 0;
  m_filled += packed.bytes;
  const FilePart& part = m_layout.parts[tensor.part];
  m_text += std::string(m_any ? "," : "") + "{\"name\":" + quotedJson(part.name) + ",\"dtype\":\"" +
            std::string(name(part.stored)) + "\",\"bits\":" + std::to_string(bitsOf(part.stored)) +
            ",\"shape\":" + jsonText(Json(part.tensor.shape())) + ",\"at\":" + std::to_string(tensor.at) +
            ",\"member\":" + std::to_string(m_member) + ",\"crc32\":" + std::to_string(packed.crc) +
            ",\"block\":" + packed.block + "}";
  m_any = true;
  return m_member;
}

std::string ManifestWriter::finish(const std::string& sha256) && {
  return std::move(m_text) + "],\"sha256\":\"" + sha256 + "\"}";
}

}  // namespace lapidary::core
