// SPDX-License-Identifier: GPL-3.0-or-later
// WAV files made by hand, right and wrong ones.
#pragma once

namespace lapidary::core::testing {

inline std::string littleEndianText(std::uint64_t value, int count) {
  std::string text;
  for (int i = 0; i < count; ++i, value >>= 8) text += static_cast<char>(value & 255);
  return text;
}

inline std::string wavChunk(const std::string& name, const std::string& content) {
  return name + littleEndianText(content.size(), 4) + content;
}

struct WavFormat {
  std::uint64_t code = 1, channels = 1, rate = 8000, bits = 16;
  std::uint64_t frameBytes = 0;  ///< 0: what channels and bits take
};

inline std::string wavFormat(const WavFormat& f) {
  const std::uint64_t frame = f.frameBytes != 0 ? f.frameBytes : f.channels * f.bits / 8;
  return wavChunk("fmt ", littleEndianText(f.code, 2) + littleEndianText(f.channels, 2) +
                              littleEndianText(f.rate, 4) + littleEndianText(f.rate * frame, 4) +
                              littleEndianText(frame, 2) + littleEndianText(f.bits, 2));
}

inline std::string riff(const std::string& chunks) {
  return "RIFF" + littleEndianText(chunks.size() + 4, 4) + "WAVE" + chunks;
}

inline std::string wav(const WavFormat& format, const std::string& samples) {
  return riff(wavFormat(format) + wavChunk("data", samples));
}

}  // namespace lapidary::core::testing
