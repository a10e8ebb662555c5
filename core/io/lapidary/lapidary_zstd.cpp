// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_zstd.h"

#include <zstd.h>

#include <string>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The strongest level takes half a second for each megabyte more.
int levelFor(std::size_t bytes) { return bytes <= (std::size_t{64} << 10) ? 19 : 9; }

}  // namespace

std::vector<std::byte> zstdCompressed(std::span<const std::byte> bytes) {
  std::vector<std::byte> frame(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), levelFor(bytes.size()));
  if (ZSTD_isError(size))
    throw Error(ErrorKind::CannotWrite, std::string("zstd: ") + ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

void zstdDecompress(std::span<const std::byte> frame, std::span<std::byte> out) {
  const unsigned long long declared = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR || declared == ZSTD_CONTENTSIZE_UNKNOWN)
    throw Error(ErrorKind::InvalidInput, "a zstd stream is not one whole frame");
  if (declared != out.size())
    throw Error(ErrorKind::InvalidInput, "a zstd stream declares " + std::to_string(declared) + " bytes, " +
                                             std::to_string(out.size()) + " expected");
  std::byte none{};  // a null pointer is no buffer for it
  const std::size_t size =
      ZSTD_decompress(out.empty() ? &none : out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) || size != out.size())
    throw Error(ErrorKind::InvalidInput, "a zstd stream is damaged");
}

}  // namespace lapidary::core
