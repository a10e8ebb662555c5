// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace lapidary::core {
namespace {

constexpr std::size_t inflatedPiece = 1 << 20;

/// Unpacks until the stream ends or `most` bytes are passed; false for damage.
bool unpack(z_stream& stream, std::span<const std::byte> packed, std::uint64_t most,
            std::vector<std::byte>& out) {
  std::size_t given = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0 && given < packed.size()) {
      const std::size_t count =
          std::min<std::size_t>(packed.size() - given, std::numeric_limits<uInt>::max());
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + given));
      stream.avail_in = static_cast<uInt>(count);
      given += count;
    }
    const std::size_t before = out.size();
    out.resize(before + inflatedPiece);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = inflatedPiece;
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (status != Z_OK && status != Z_STREAM_END) return false;
    if (out.size() > most) return false;
  }
  return true;
}

}  // namespace

std::optional<Bytes> inflated(std::span<const std::byte> packed, std::uint64_t size) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  const auto out = std::make_shared<std::vector<std::byte>>();
  if (!unpack(stream, packed, size, *out) || out->size() != size) return std::nullopt;
  return Bytes{out, *out};
}

}  // namespace lapidary::core
