// SPDX-License-Identifier: GPL-3.0-or-later
// Every format of samples that is read, and damaged files with what is said of them.
#include "core/files/sound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/core/files/wav_bytes.h"
#include "tests/support/messages.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::FloatEq;

TEST(Wav, EveryWidthGivesItsValues) {
  const Sound bytes = readWav(bytesOf(wav({1, 1, 8000, 8}, unhex("0080ff"))));
  EXPECT_EQ(bytes.rate, 8000);
  EXPECT_THAT(bytes.samples, ElementsAre(-1.0f, 0.0f, 127.0f / 128));
  EXPECT_THAT(readWav(bytesOf(wav({1, 1, 44100, 16}, unhex("00800000ff7f0100")))).samples,
              ElementsAre(-1.0f, 0.0f, 32767.0f / 32768, 1.0f / 32768));
  EXPECT_THAT(readWav(bytesOf(wav({1, 1, 96000, 24}, unhex("000080ffffff000040")))).samples,
              ElementsAre(-1.0f, -1.0f / 8388608, 0.5f));
  EXPECT_THAT(readWav(bytesOf(wav({1, 1, 8000, 32}, unhex("00000080000000400000c0ff")))).samples,
              ElementsAre(-1.0f, 0.5f, -1.0f / 512));
  EXPECT_THAT(readWav(bytesOf(wav({3, 1, 8000, 32}, unhex("0000003f000080bf")))).samples,
              ElementsAre(0.5f, -1.0f));
}

TEST(Wav, ChannelsAreAveraged) {
  EXPECT_THAT(readWav(bytesOf(wav({1, 2, 8000, 16}, unhex("0040004000400080")))).samples,
              ElementsAre(0.5f, -0.25f));
  EXPECT_THAT(readWav(bytesOf(wav({3, 3, 8000, 32}, unhex("0000803f0000803f0000803e")))).samples,
              ElementsAre(FloatEq(0.75f)));
}

TEST(Wav, OtherChunksAreSteppedOver) {
  const std::string format = wavFormat({1, 1, 8000, 8});
  const std::string odd = wavChunk("LIST", "abc") + std::string(1, '\0');
  const Sound found = readWav(bytesOf(riff(odd + format + odd + wavChunk("data", "\x80\xc0") + odd)));
  EXPECT_THAT(found.samples, ElementsAre(0.0f, 0.5f));
}

TEST(Wav, ExtensibleFormatsSayWhatTheyHold) {
  const std::string guid = unhex("0000000000001000800000aa00389b71");
  const auto extensible = [&](char code) {
    std::string id = guid;
    id[0] = code;
    return riff(
        wavChunk("fmt ", wavFormat({0xfffe, 1, 8000, 16}).substr(8) + unhex("1600100004000000") + id) +
        wavChunk("data", unhex("0040")));
  };
  EXPECT_THAT(readWav(bytesOf(extensible(1))).samples, ElementsAre(0.5f));
  EXPECT_EQ(messageOf([&] { readWav(bytesOf(extensible(6))); }),
            "the sound is in format 6; PCM (1) or float (3) expected");
}

TEST(Wav, AStreamOfUnknownLengthGoesToTheEnd) {
  std::string file = riff(wavFormat({1, 1, 8000, 8}) + wavChunk("data", "\x80\xc0"));
  file.replace(file.size() - 6, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(readWav(bytesOf(file)).samples, ElementsAre(0.0f, 0.5f));
}

struct Damage {
  std::string name, file, message;
};

std::vector<Damage> damages() {
  const std::string format = wavFormat({1, 1, 8000, 16}), data = wavChunk("data", unhex("00400040"));
  const std::string whole = riff(format + data);
  std::string longer = whole, longFormat = whole;
  longer[longer.size() - 8] = 6;
  longFormat[16] = '\x7f';
  const auto with = [&](const WavFormat& f, const std::string& content) { return wav(f, content); };
  return {
      {"empty", "", "no WAV file: 'RIFF' and 'WAVE' expected at its start"},
      {"other", "RIFX" + whole.substr(4), "no WAV file: 'RIFF' and 'WAVE' expected at its start"},
      {"cut_in_head", whole.substr(0, 11), "no WAV file: 'RIFF' and 'WAVE' expected at its start"},
      {"no_chunks", whole.substr(0, 12), "the file holds no chunk 'data'"},
      {"cut_in_chunk_head", whole.substr(0, 17),
       "a chunk begins at byte 12, where 5 bytes are left; at least 8 expected"},
      {"long_format", longFormat, "chunk 'fmt ' at byte 12 claims 127 bytes, 28 are left"},
      {"long_data", longer, "chunk 'data' at byte 36 claims 6 bytes, 4 are left"},
      {"cut_in_data", whole.substr(0, whole.size() - 1),
       "chunk 'data' at byte 36 claims 4 bytes, 3 are left"},
      {"strange_name", riff(std::string("a\x01\xff ", 4) + unhex("ffffff7f")),
       "chunk 'a?? ' at byte 12 claims 2147483647 bytes, 0 are left"},
      {"short_format", riff(wavChunk("fmt ", format.substr(8, 14)) + data),
       "chunk 'fmt ' has 14 bytes; at least 16 expected"},
      {"short_extensible", riff(wavFormat({0xfffe, 1, 8000, 16}) + data),
       "chunk 'fmt ' of an extensible format has 16 bytes; at least 40 expected"},
      {"data_first", riff(data + format), "chunk 'data' stands before any chunk 'fmt '"},
      {"no_data", riff(format), "the file holds no chunk 'data'"},
      {"empty_data", with({1, 1, 8000, 16}, ""), "chunk 'data' is empty; samples expected"},
      {"half_a_frame", with({1, 2, 8000, 16}, "abcdef"),
       "chunk 'data' has 6 bytes, no whole number of frames of 4"},
      {"adpcm", with({2, 1, 8000, 4}, "ab"), "the sound is in format 2; PCM (1) or float (3) expected"},
      {"twelve_bits", with({1, 1, 8000, 12}, "ab"), "PCM of 12 bits; 8, 16, 24 or 32 expected"},
      {"doubles", with({3, 1, 8000, 64}, "abcdefgh"), "floats of 64 bits; 32 expected"},
      {"no_channels", with({1, 0, 8000, 16}, "ab"), "0 channels; 1 to 64 expected"},
      {"many_channels", with({1, 65, 8000, 16}, "ab"), "65 channels; 1 to 64 expected"},
      {"no_rate", with({1, 1, 0, 16}, "ab"), "0 samples a second; 1 to 768000 expected"},
      {"huge_rate", with({1, 1, 4000000000, 16}, "ab"), "4000000000 samples a second; 1 to 768000 expected"},
      {"wrong_frames", with({1, 1, 8000, 16, 3}, "abc"),
       "frames of 3 bytes; 2 expected (channels: 1, bits: 16)"},
      {"not_a_number", with({3, 1, 8000, 32}, unhex("0000003f0000c07f")), "sample 1 is no finite number"},
      {"infinite", with({3, 1, 8000, 32}, unhex("0000807f")), "sample 0 is no finite number"},
  };
}

TEST(Wav, DamageIsTold) {
  for (const Damage& damage : damages())
    EXPECT_EQ(messageOf([&] { readWav(bytesOf(damage.file)); }), damage.message) << damage.name;
}

TEST(Wav, NoCutFileIsReadBeyondItsEnd) {
  const std::string whole = wav({1, 2, 8000, 24}, std::string(60, 'x'));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(messageOf([&] { readWav(bytesOf(whole.substr(0, length))); }), "no error") << length;
  for (std::size_t at = 0; at < 44; ++at)
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string file = whole;
      file[at] = value;
      messageOf([&] { readWav(bytesOf(file)); });
    }
}

}  // namespace
}  // namespace lapidary::core
