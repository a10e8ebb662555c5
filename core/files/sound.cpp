// SPDX-License-Identifier: GPL-3.0-or-later
// Multimedia Programming Interface and Data Specifications 1.0 (1991); WAVE_FORMAT_EXTENSIBLE as Microsoft
// added it.
#include "core/files/sound.h"

#include <bit>
#include <cmath>
#include <string>
#include <string_view>

#include "core/files/byte_order.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::uint64_t pcm = 1, ieeeFloat = 3, extensible = 0xfffe;
constexpr std::uint64_t mostChannels = 64, highestRate = 768000;
constexpr std::uint64_t unknownLength = 0xffffffff;

std::string_view textAt(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes.data()) + at, count};
}

struct Format {
  std::uint64_t code = 0, channels = 0, rate = 0, frameBytes = 0, bits = 0;
  std::size_t sampleBytes() const { return static_cast<std::size_t>(bits / 8); }
};

void check(const Format& format) {
  if (format.code != pcm && format.code != ieeeFloat)
    throw invalidInput("the sound is in format " + std::to_string(format.code) +
                       "; PCM (1) or float (3) expected");
  const bool whole =
      format.code == pcm && (format.bits == 8 || format.bits == 16 || format.bits == 24 || format.bits == 32);
  if (!whole && (format.code == pcm || format.bits != 32))
    throw invalidInput((format.code == pcm ? "PCM of " : "floats of ") + std::to_string(format.bits) +
                       " bits; " + (format.code == pcm ? "8, 16, 24 or 32" : "32") + " expected");
  if (format.channels < 1 || format.channels > mostChannels)
    throw invalidInput(std::to_string(format.channels) + " channels; 1 to " + std::to_string(mostChannels) +
                       " expected");
  if (format.rate < 1 || format.rate > highestRate)
    throw invalidInput(std::to_string(format.rate) + " samples a second; 1 to " +
                       std::to_string(highestRate) + " expected");
  if (format.frameBytes != format.channels * format.bits / 8)
    throw invalidInput("frames of " + std::to_string(format.frameBytes) + " bytes; " +
                       std::to_string(format.channels * format.bits / 8) + " expected (channels: " +
                       std::to_string(format.channels) + ", bits: " + std::to_string(format.bits) + ")");
}

Format readFormat(std::span<const std::byte> chunk) {
  if (chunk.size() < 16)
    throw invalidInput("chunk 'fmt ' has " + std::to_string(chunk.size()) + " bytes; at least 16 expected");
  Format format{littleEndian(chunk, 0, 2), littleEndian(chunk, 2, 2), littleEndian(chunk, 4, 4),
                littleEndian(chunk, 12, 2), littleEndian(chunk, 14, 2)};
  if (format.code == extensible) {
    if (chunk.size() < 40)
      throw invalidInput("chunk 'fmt ' of an extensible format has " + std::to_string(chunk.size()) +
                         " bytes; at least 40 expected");
    format.code = littleEndian(chunk, 24, 2);  // the first bytes of the format's GUID
  }
  check(format);
  return format;
}

float valueAt(std::span<const std::byte> data, std::size_t at, const Format& format) {
  const std::uint64_t raw = littleEndian(data, at, format.sampleBytes());
  if (format.code == ieeeFloat) return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
  if (format.bits == 8) return (static_cast<float>(raw) - 128) / 128;
  // The number's own bits go to the top of 32, so that its sign is theirs.
  const auto word = static_cast<std::int32_t>(static_cast<std::uint32_t>(raw << (32 - format.bits)));
  return static_cast<float>(static_cast<double>(word) / 2147483648.0);
}

std::vector<float> readSamples(std::span<const std::byte> data, const Format& format) {
  if (data.size() % format.frameBytes != 0)
    throw invalidInput("chunk 'data' has " + std::to_string(data.size()) +
                       " bytes, no whole number of frames of " + std::to_string(format.frameBytes));
  if (data.empty()) throw invalidInput("chunk 'data' is empty; samples expected");
  std::vector<float> samples(data.size() / format.frameBytes);
  std::size_t at = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    double sum = 0;
    for (std::uint64_t c = 0; c < format.channels; ++c, at += format.sampleBytes())
      sum += static_cast<double>(valueAt(data, at, format));
    samples[i] = static_cast<float>(sum / static_cast<double>(format.channels));
    if (!std::isfinite(samples[i]))
      throw invalidInput("sample " + std::to_string(i) + " is no finite number");
  }
  return samples;
}

}  // namespace

bool looksLikeWav(std::span<const std::byte> bytes) {
  return bytes.size() >= 12 && textAt(bytes, 0, 4) == "RIFF" && textAt(bytes, 8, 4) == "WAVE";
}

Sound readWav(const Bytes& file) {
  const std::span<const std::byte> bytes = file.view;
  if (!looksLikeWav(bytes)) throw invalidInput("no WAV file: 'RIFF' and 'WAVE' expected at its start");
  Format format;
  for (std::size_t at = 12; at < bytes.size();) {
    if (bytes.size() - at < 8)
      throw invalidInput("a chunk begins at byte " + std::to_string(at) + ", where " +
                         std::to_string(bytes.size() - at) + " bytes are left; at least 8 expected");
    const std::string_view name = textAt(bytes, at, 4);
    const std::size_t left = bytes.size() - at - 8;
    std::uint64_t length = littleEndian(bytes, at + 4, 4);
    if (length == unknownLength && name == "data") length = left;
    if (length > left) {
      std::string shown(name);
      for (char& c : shown)
        if (c < ' ' || c > '~') c = '?';
      throw invalidInput("chunk '" + shown + "' at byte " + std::to_string(at) + " claims " +
                         std::to_string(length) + " bytes, " + std::to_string(left) + " are left");
    }
    const auto chunk = bytes.subspan(at + 8, static_cast<std::size_t>(length));
    if (name == "fmt ") format = readFormat(chunk);
    if (name == "data") {
      if (format.frameBytes == 0) throw invalidInput("chunk 'data' stands before any chunk 'fmt '");
      return {static_cast<int>(format.rate), readSamples(chunk, format)};
    }
    at += 8 + static_cast<std::size_t>(length);
    if (length % 2 == 1 && at < bytes.size()) ++at;  // chunks begin at even places
  }
  throw invalidInput("the file holds no chunk 'data'");
}

}  // namespace lapidary::core
