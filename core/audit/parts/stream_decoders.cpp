// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/stream_decoders.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace lapidary::core {
namespace {

using In = std::span<const std::byte>;
using Out = std::span<std::byte>;
using State = StreamDecoder::State;

constexpr std::size_t mostMemory = std::size_t{128} << 20;
constexpr int mostMemoryLog = 27;  // of a window: 128 MB

/// The libraries count in unsigned int, or take pointers to what they do not change.
unsigned counted(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}
template <class Char>
Char* inputOf(In in) {
  return reinterpret_cast<Char*>(const_cast<std::byte*>(in.data()));
}

class ZlibDecoder final : public StreamDecoder {
 public:
  ZlibDecoder() { m_ready = inflateInit2(&m_stream, MAX_WBITS + 32) == Z_OK; }  // zlib's header or gzip's
  ~ZlibDecoder() override {
    if (m_ready) inflateEnd(&m_stream);
  }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  Step step(In in, Out out) override {
    if (!m_ready) return {0, 0, State::Hungry};
    m_stream.next_in = inputOf<Bytef>(in);
    m_stream.avail_in = counted(in.size());
    m_stream.next_out = reinterpret_cast<Bytef*>(out.data());
    m_stream.avail_out = counted(out.size());
    const int status = inflate(&m_stream, Z_NO_FLUSH);
    Step done{counted(in.size()) - m_stream.avail_in, counted(out.size()) - m_stream.avail_out, State::More};
    if (status == Z_STREAM_END) done.state = State::End;
    if (status != Z_STREAM_END && status != Z_OK && status != Z_BUF_ERROR) done.state = State::Damaged;
    return done;
  }

 private:
  z_stream m_stream{};
  bool m_ready = false;
};

class Bzip2Decoder final : public StreamDecoder {
 public:
  Bzip2Decoder() { m_ready = BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK; }
  ~Bzip2Decoder() override {
    if (m_ready) BZ2_bzDecompressEnd(&m_stream);
  }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  Step step(In in, Out out) override {
    if (!m_ready) return {0, 0, State::Hungry};
    m_stream.next_in = inputOf<char>(in);
    m_stream.avail_in = counted(in.size());
    m_stream.next_out = reinterpret_cast<char*>(out.data());
    m_stream.avail_out = counted(out.size());
    const int status = BZ2_bzDecompress(&m_stream);
    Step done{counted(in.size()) - m_stream.avail_in, counted(out.size()) - m_stream.avail_out, State::More};
    if (status == BZ_STREAM_END) done.state = State::End;
    if (status != BZ_STREAM_END && status != BZ_OK) done.state = State::Damaged;
    return done;
  }

 private:
  bz_stream m_stream{};
  bool m_ready = false;
};

class LzmaDecoder final : public StreamDecoder {
 public:
  explicit LzmaDecoder(bool alone) {
    m_ready = (alone ? lzma_alone_decoder(&m_stream, mostMemory)
                     : lzma_stream_decoder(&m_stream, mostMemory, 0)) == LZMA_OK;
  }
  ~LzmaDecoder() override { lzma_end(&m_stream); }
  LzmaDecoder(const LzmaDecoder&) = delete;
  LzmaDecoder& operator=(const LzmaDecoder&) = delete;

  Step step(In in, Out out) override {
    if (!m_ready) return {0, 0, State::Hungry};
    m_stream.next_in = inputOf<const std::uint8_t>(in);
    m_stream.avail_in = in.size();
    m_stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    m_stream.avail_out = out.size();
    const lzma_ret status = lzma_code(&m_stream, LZMA_RUN);
    Step done{in.size() - m_stream.avail_in, out.size() - m_stream.avail_out, State::More};
    if (status == LZMA_STREAM_END) done.state = State::End;
    if (status == LZMA_MEMLIMIT_ERROR || status == LZMA_MEM_ERROR) done.state = State::Hungry;
    if (status == LZMA_FORMAT_ERROR || status == LZMA_OPTIONS_ERROR || status == LZMA_DATA_ERROR ||
        status == LZMA_PROG_ERROR)
      done.state = State::Damaged;
    return done;
  }

 private:
  lzma_stream m_stream = LZMA_STREAM_INIT;
  bool m_ready = false;
};

class ZstdDecoder final : public StreamDecoder {
 public:
  ZstdDecoder() : m_stream(ZSTD_createDCtx(), ZSTD_freeDCtx) {
    if (m_stream) ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax, mostMemoryLog);
  }

  Step step(In in, Out out) override {
    if (!m_stream) return {0, 0, State::Hungry};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(m_stream.get(), &to, &from);
    Step done{from.pos, to.pos, status == 0 ? State::End : State::More};
    if (ZSTD_isError(status)) done.state = needsMemory(status) ? State::Hungry : State::Damaged;
    return done;
  }

 private:
  /// The code of too large a window is no part of the library's stable face; its words are.
  static bool needsMemory(std::size_t status) {
    const std::string_view words = ZSTD_getErrorName(status);
    return words.find("too much memory") != std::string_view::npos ||
           words.find("not enough memory") != std::string_view::npos;
  }

  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> m_stream;
};

class Lz4Decoder final : public StreamDecoder {
 public:
  Lz4Decoder() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&m_context, LZ4F_VERSION))) m_context = nullptr;
  }
  ~Lz4Decoder() override { LZ4F_freeDecompressionContext(m_context); }
  Lz4Decoder(const Lz4Decoder&) = delete;
  Lz4Decoder& operator=(const Lz4Decoder&) = delete;

  Step step(In in, Out out) override {
    if (m_context == nullptr) return {0, 0, State::Hungry};
    std::size_t taken = in.size(), given = out.size();
    const std::size_t status = LZ4F_decompress(m_context, out.data(), &given, in.data(), &taken, nullptr);
    if (LZ4F_isError(status)) return {0, 0, State::Damaged};
    return {taken, given, status == 0 ? State::End : State::More};
  }

 private:
  LZ4F_dctx* m_context = nullptr;
};

}  // namespace

std::unique_ptr<StreamDecoder> streamDecoder(ContentKind kind) {
  switch (kind) {
    case ContentKind::Bzip2:
      return std::make_unique<Bzip2Decoder>();
    case ContentKind::Xz:
      return std::make_unique<LzmaDecoder>(false);
    case ContentKind::Lzma:
      return std::make_unique<LzmaDecoder>(true);
    case ContentKind::Zstd:
      return std::make_unique<ZstdDecoder>();
    case ContentKind::Lz4:
      return std::make_unique<Lz4Decoder>();
    default:
      return std::make_unique<ZlibDecoder>();
  }
}

}  // namespace lapidary::core
