// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/parts/unpacked_stream.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "core/audit/parts/stream_decoders.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;
using State = StreamDecoder::State;
constexpr std::size_t streamPiece = 1 << 20;

/// "ZF", the length in hexadecimal digits padded with spaces to 19 characters, and one space more from
/// Python 2.
std::size_t joblibHeader(View packed) {
  constexpr std::size_t shortest = 21;
  std::size_t at = std::min(shortest, packed.size());
  if (at < packed.size() && packed[at] == std::byte{' '}) ++at;
  return at;
}

struct Unpacking {
  std::vector<std::byte> out;
  std::size_t used = 0;
  StreamEnd end = StreamEnd::Damaged;
};

/// One stream from `at.used` on; what stands behind it is left alone.
void unpackOne(View packed, ContentKind kind, std::uint64_t most, Unpacking& at) {
  const auto decoder = streamDecoder(kind);
  for (;;) {
    if (at.out.size() >= most) return void(at.end = StreamEnd::TooLarge);
    const std::size_t before = at.out.size();
    at.out.resize(before + std::min<std::uint64_t>(streamPiece, most - before));
    const auto step = decoder->step(packed.subspan(at.used), std::span(at.out).subspan(before));
    at.out.resize(before + step.given);
    at.used += step.taken;
    if (step.state == State::End) return void(at.end = StreamEnd::Whole);
    if (step.state == State::Hungry) return void(at.end = StreamEnd::TooHungry);
    if (step.state == State::Damaged || (step.taken == 0 && step.given == 0))
      return void(at.end = StreamEnd::Damaged);
  }
}

/// Whether another stream of the kind follows, which its readers go on with.
bool goesOn(View rest, ContentKind kind) {
  using enum ContentKind;
  if (kind != Gzip && kind != Xz && kind != Bzip2 && kind != Zstd && kind != Lz4) return false;
  return contentKind(rest) == kind;
}

}  // namespace

UnpackedStream unpackedStream(View packed, ContentKind kind, std::uint64_t most) {
  Unpacking at;
  if (kind == ContentKind::Joblib) at.used = joblibHeader(packed);
  do {
    unpackOne(packed, kind, most, at);
  } while (at.end == StreamEnd::Whole && at.used < packed.size() && goesOn(packed.subspan(at.used), kind));
  const auto out = std::make_shared<std::vector<std::byte>>(std::move(at.out));
  return {{out, *out}, at.used, at.end};
}

bool unpacksAtFirst(View packed, ContentKind kind) {
  constexpr std::size_t tried = 4096, most = 1 << 20;
  const UnpackedStream first = unpackedStream(packed.first(std::min(packed.size(), tried)), kind, most);
  if (first.bytes.view.empty() || first.end == StreamEnd::TooHungry) return false;
  // Cut off here is as good as whole; damage shows before the end, but for a checksum that is wrong.
  constexpr std::size_t checksum = 4;
  return first.end != StreamEnd::Damaged || first.used + checksum >= std::min(packed.size(), tried);
}

}  // namespace lapidary::core
