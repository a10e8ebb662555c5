// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/numpy/idx.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/support/buffer_pool.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

std::size_t byteAt(std::span<const std::byte> bytes, std::size_t i) {
  return std::to_integer<std::size_t>(bytes[i]);
}

bool isGzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && byteAt(bytes, 0) == 0x1f && byteAt(bytes, 1) == 0x8b;
}

std::optional<DType> elementType(std::size_t code) {
  switch (code) {
    case 0x08:
      return DType::UInt8;
    case 0x09:
      return DType::Int8;
    case 0x0b:
      return DType::Int16;
    case 0x0c:
      return DType::Int32;
    case 0x0d:
      return DType::Float32;
    case 0x0e:
      return DType::Float64;
    default:
      return std::nullopt;
  }
}

struct Header {
  DType dtype = DType::UInt8;
  Shape shape;
  std::size_t bytes = 0;
};

constexpr std::size_t longestIdxHeader = 4 + 4 * 255;

/// Two zero bytes, the element type, the number of dimensions; then the dimensions, big-endian.
Header parseHeader(std::span<const std::byte> bytes) {
  if (bytes.size() < 4) throw invalidInput("IDX file ends after " + std::to_string(bytes.size()) + " bytes");
  const auto type = elementType(byteAt(bytes, 2));
  if (byteAt(bytes, 0) != 0 || byteAt(bytes, 1) != 0 || !type)
    throw invalidInput("not an IDX file: its first bytes are no IDX magic number");
  Header header{*type, {}, 4 + 4 * byteAt(bytes, 3)};
  if (header.bytes == 4) throw invalidInput("IDX file has no dimensions");
  if (bytes.size() < header.bytes)
    throw invalidInput("IDX header needs " + std::to_string(header.bytes) + " bytes, " +
                       std::to_string(bytes.size()) + " stand there");
  for (std::size_t at = 4; at < header.bytes; at += 4)
    header.shape.push_back(static_cast<std::int64_t>(byteAt(bytes, at) << 24 | byteAt(bytes, at + 1) << 16 |
                                                     byteAt(bytes, at + 2) << 8 | byteAt(bytes, at + 3)));
  return header;
}

std::string expectation(const Header& header, std::size_t expected) {
  return "IDX array of shape " + toText(header.shape) + " and dtype " + std::string(name(header.dtype)) +
         " needs " + std::to_string(expected) + " bytes";
}

/// Unpacks a gzip stream piece by piece.
class GzipStream {
 public:
  explicit GzipStream(std::span<const std::byte> packed) : m_rest(packed) {
    if (inflateInit2(&m_stream, 16 + MAX_WBITS) != Z_OK) throw invalidInput("cannot unpack gzip data");
  }
  ~GzipStream() { inflateEnd(&m_stream); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  /// As many bytes as there are, at most those asked for.
  std::size_t read(std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size() && !m_ended) {
      const std::size_t room = feed(to.subspan(done));
      const int status = inflate(&m_stream, Z_NO_FLUSH);
      done += room - m_stream.avail_out;
      m_ended = status == Z_STREAM_END;
      if (m_ended) continue;
      if (status == Z_BUF_ERROR ||
          (status == Z_OK && m_stream.avail_in == 0 && m_rest.empty() && m_stream.avail_out > 0))
        throw invalidInput("gzip data end too early");
      if (status != Z_OK) throw invalidInput("gzip data are damaged");
    }
    return done;
  }

  /// The checksum stands behind the last byte and is only looked at when the end is read.
  bool atEnd() {
    std::array<std::byte, 1> beyond;
    return read(beyond) == 0;
  }

 private:
  std::size_t feed(std::span<std::byte> to) {
    constexpr std::size_t most = 1u << 30;  // zlib counts in 32 bits
    if (m_stream.avail_in == 0) {
      const std::size_t piece = std::min(most, m_rest.size());
      m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(m_rest.data()));
      m_stream.avail_in = static_cast<uInt>(piece);
      m_rest = m_rest.subspan(piece);
    }
    const std::size_t room = std::min(most, to.size());
    m_stream.next_out = reinterpret_cast<Bytef*>(to.data());
    m_stream.avail_out = static_cast<uInt>(room);
    return room;
  }

  z_stream m_stream{};
  std::span<const std::byte> m_rest;
  bool m_ended = false;
};

/// What the header tells is believed only as far as the packed bytes could hold it.
Bytes unpack(std::span<const std::byte> packed) {
  std::array<std::byte, longestIdxHeader> start;
  GzipStream peek(packed);
  const Header header = parseHeader({start.data(), peek.read(start)});
  const std::size_t data = byteCount(header.dtype, elementCount(header.shape));
  constexpr std::size_t ratio = 1032;  // no deflate stream expands further
  if (data / ratio > packed.size())
    throw invalidInput(expectation(header, data) + ", more than " + std::to_string(packed.size()) +
                       " compressed bytes can hold");
  const std::size_t total = header.bytes + data;
  const auto memory = allocateBuffer(total);
  GzipStream stream(packed);
  const std::size_t got = stream.read({memory.get(), total});
  if (got == total && !stream.atEnd()) throw invalidInput(expectation(header, data) + ", more stand there");
  return {memory, {memory.get(), got}};
}

Tensor fromBigEndian(const Header& header, std::span<const std::byte> data) {
  TensorBuilder builder(header.dtype, header.shape);
  const std::span<std::byte> to = builder.bytes();
  std::copy(data.begin(), data.end(), to.begin());
  const std::size_t size = bitsOf(header.dtype) / 8;
  for (std::size_t at = 0; at < to.size(); at += size) std::reverse(to.data() + at, to.data() + at + size);
  return std::move(builder).build();
}

}  // namespace

bool looksLikeIdx(std::span<const std::byte> bytes) {
  if (isGzip(bytes)) return true;
  return bytes.size() >= 4 && byteAt(bytes, 0) == 0 && byteAt(bytes, 1) == 0 &&
         elementType(byteAt(bytes, 2)) && byteAt(bytes, 3) > 0;
}

Tensor readIdx(const Bytes& bytes) {
  const Bytes plain = isGzip(bytes.view) ? unpack(bytes.view) : bytes;
  const Header header = parseHeader(plain.view);
  const std::size_t expected = byteCount(header.dtype, elementCount(header.shape));
  const std::span<const std::byte> data = plain.view.subspan(header.bytes);
  if (data.size() != expected)
    throw invalidInput(expectation(header, expected) + ", " + std::to_string(data.size()) + " stand there");
  if (bitsOf(header.dtype) > 8) return fromBigEndian(header, data);
  return Tensor(header.dtype, header.shape, Bytes{plain.owner, data});
}

}  // namespace lapidary::core
