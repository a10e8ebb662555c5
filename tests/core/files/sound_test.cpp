// SPDX-License-Identifier: GPL-3.0-or-later
// Every format of sounds that is read, and damaged files with what is said of them. WAV files are made by
// hand, which makes them a judge of what libsndfile packs and reads.
#include "core/files/sound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogg/ogg.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <random>
#include <thread>

#include "tests/core/files/packed_sound.h"
#include "tests/core/files/wav_bytes.h"
#include "tests/support/messages.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::FloatEq;

TEST(Sounds, EveryWidthGivesItsValues) {
  const Sound bytes = readSound(bytesOf(wav({1, 1, 8000, 8}, unhex("0080ff"))));
  EXPECT_EQ(bytes.rate, 8000);
  EXPECT_THAT(bytes.samples, ElementsAre(-1.0f, 0.0f, 127.0f / 128));
  EXPECT_THAT(readSound(bytesOf(wav({1, 1, 44100, 16}, unhex("00800000ff7f0100")))).samples,
              ElementsAre(-1.0f, 0.0f, 32767.0f / 32768, 1.0f / 32768));
  EXPECT_THAT(readSound(bytesOf(wav({1, 1, 96000, 24}, unhex("000080ffffff000040")))).samples,
              ElementsAre(-1.0f, -1.0f / 8388608, 0.5f));
  EXPECT_THAT(readSound(bytesOf(wav({1, 1, 8000, 32}, unhex("00000080000000400000c0ff")))).samples,
              ElementsAre(-1.0f, 0.5f, -1.0f / 512));
  EXPECT_THAT(readSound(bytesOf(wav({3, 1, 8000, 32}, unhex("0000003f000080bf")))).samples,
              ElementsAre(0.5f, -1.0f));
}

TEST(Sounds, ChannelsAreAveraged) {
  EXPECT_THAT(readSound(bytesOf(wav({1, 2, 8000, 16}, unhex("0040004000400080")))).samples,
              ElementsAre(0.5f, -0.25f));
  EXPECT_THAT(readSound(bytesOf(wav({3, 3, 8000, 32}, unhex("0000803f0000803f0000803e")))).samples,
              ElementsAre(FloatEq(0.75f)));
}

TEST(Sounds, OtherChunksAreSteppedOver) {
  const std::string format = wavFormat({1, 1, 8000, 8});
  const std::string odd = wavChunk("LIST", "abc") + std::string(1, '\0');
  const Sound found = readSound(bytesOf(riff(odd + format + odd + wavChunk("data", "\x80\xc0") + odd)));
  EXPECT_THAT(found.samples, ElementsAre(0.0f, 0.5f));
}

/// A file of one format that says by a GUID what it holds.
std::string extensible(char code, std::uint64_t bits, const std::string& samples) {
  std::string guid = unhex("0000000000001000800000aa00389b71");
  guid[0] = code;
  return riff(wavChunk("fmt ", wavFormat({0xfffe, 1, 8000, bits}).substr(8) + littleEndianText(22, 2) +
                                   littleEndianText(bits, 2) + unhex("04000000") + guid) +
              wavChunk("data", samples));
}

TEST(Sounds, ExtensibleFormatsSayWhatTheyHold) {
  EXPECT_THAT(readSound(bytesOf(extensible(1, 16, unhex("0040")))).samples, ElementsAre(0.5f));
  EXPECT_THAT(readSound(bytesOf(extensible(3, 32, unhex("0000803e")))).samples, ElementsAre(0.25f));
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(extensible(99, 16, unhex("0040")))); }),
            "the sound cannot be read: File contains data in an unimplemented format");
}

// ITU-T G.711: the codes of the loudest and the softest values.
TEST(Sounds, TelephonesCodesAreKnown) {
  EXPECT_THAT(readSound(bytesOf(wav({7, 1, 8000, 8}, unhex("0080ff7f")))).samples,
              ElementsAre(-32124.0f / 32768, 32124.0f / 32768, 0.0f, 0.0f));
  EXPECT_THAT(readSound(bytesOf(wav({6, 1, 8000, 8}, unhex("2aaad555")))).samples,
              ElementsAre(-32256.0f / 32768, 32256.0f / 32768, 8.0f / 32768, -8.0f / 32768));
}

TEST(Sounds, DoublesAreRounded) {
  EXPECT_THAT(readSound(bytesOf(wav({3, 1, 8000, 64}, unhex("000000000000e03f"
                                                            "9a9999999999b9bf"))))
                  .samples,
              ElementsAre(0.5f, -0.1f));
}

TEST(Sounds, AStreamOfUnknownLengthGoesToTheEnd) {
  std::string file = riff(wavFormat({1, 1, 8000, 8}) + wavChunk("data", "\x80\xc0"));
  file.replace(file.size() - 6, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(readSound(bytesOf(file)).samples, ElementsAre(0.0f, 0.5f));
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
  const std::string none = "not a sound that can be read: WAV, FLAC or Ogg expected";
  const std::string bad = "the sound cannot be read: ";
  const std::string noData = bad + "Error in WAV file. No 'data' chunk marker";
  const std::string shortFormat = bad + "Error in WAV/W64/RF64 file. Short 'fmt ' chunk";
  return {
      {"empty", "", none},
      {"other", "RIFX" + whole.substr(4), none},
      {"cut_in_head", whole.substr(0, 11), none},
      {"no_chunks", whole.substr(0, 12), noData},
      {"cut_in_chunk_head", whole.substr(0, 17), shortFormat},
      {"long_format", longFormat, "chunk 'fmt ' at byte 12 claims 127 bytes, 28 are left"},
      {"long_data", longer, "chunk 'data' at byte 36 claims 6 bytes, 4 are left"},
      {"cut_in_data", whole.substr(0, whole.size() - 1),
       "chunk 'data' at byte 36 claims 4 bytes, 3 are left"},
      {"strange_name", riff(std::string("a\x01\xff ", 4) + unhex("ffffff7f")),
       "chunk 'a\\x01\\xff ' at byte 12 claims 2147483647 bytes, 0 are left"},
      {"short_format", riff(wavChunk("fmt ", format.substr(8, 14)) + data), shortFormat},
      {"short_extensible", riff(wavFormat({0xfffe, 1, 8000, 16}) + data),
       bad + "File contains data in an unimplemented format"},
      {"data_first", riff(data + format), noData},
      {"no_data", riff(format), noData},
      {"empty_data", with({1, 1, 8000, 16}, ""), "the sound holds no samples"},
      {"nothing_but_notes", riff(format + wavChunk("data", "") + wavChunk("LIST", "INFOabcd")),
       "the sound holds no samples"},
      {"half_a_frame", with({1, 2, 8000, 16}, "abcdef"),
       "chunk 'data' has 6 bytes, no whole number of frames"},
      {"adpcm", with({2, 1, 8000, 4}, "ab"), bad + "Error in WAV/W64/RF64 file. Malformed 'fmt ' chunk"},
      {"no_channels", with({1, 0, 8000, 16}, "ab"), bad + "Channel count is zero"},
      {"many_channels", with({1, 65, 8000, 16}, std::string(130, 'a')), "65 channels; 1 to 64 expected"},
      {"no_rate", with({1, 1, 0, 16}, "ab"), bad + "its header contradicts itself"},
      {"high_rate", with({1, 1, 768001, 16}, "ab"), "768001 samples a second; 1 to 768000 expected"},
      {"huge_rate", with({1, 1, 4000000000, 16}, "ab"), bad + "its header contradicts itself"},
      {"not_a_number", with({3, 1, 8000, 32}, unhex("0000003f0000c07f")), "sample 1 is not a finite number"},
      {"infinite", with({3, 1, 8000, 32}, unhex("0000807f")), "sample 0 is not a finite number"},
  };
}

TEST(Sounds, DamageIsTold) {
  for (const Damage& damage : damages())
    EXPECT_EQ(messageOf([&] { readSound(bytesOf(damage.file)); }), damage.message) << damage.name;
}

TEST(Sounds, NoCutFileIsReadBeyondItsEnd) {
  const std::string whole = wav({1, 2, 8000, 24}, std::string(60, 'x'));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(messageOf([&] { readSound(bytesOf(whole.substr(0, length))); }), "no error") << length;
  for (std::size_t at = 0; at < 44; ++at)
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string file = whole;
      file[at] = value;
      messageOf([&] { readSound(bytesOf(file)); });
    }
}

TEST(Sounds, FlacGivesTheVerySamplesOfAWav) {
  const std::pair<int, int> widths[] = {{SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8},
                                        {SF_FORMAT_PCM_16, SF_FORMAT_PCM_16},
                                        {SF_FORMAT_PCM_24, SF_FORMAT_PCM_24}};
  for (const auto& [flac, wave] : widths)
    for (const int channels : {1, 2}) {
      const std::vector<int> values = packedTone(20000);
      const Sound found = readSound(bytesOf(packedSound(SF_FORMAT_FLAC | flac, values, 44100, channels)));
      const Sound expected = readSound(bytesOf(packedSound(SF_FORMAT_WAV | wave, values, 44100, channels)));
      EXPECT_EQ(found.rate, 44100);
      EXPECT_EQ(found.samples.size(), values.size() / static_cast<std::size_t>(channels));
      EXPECT_TRUE(found.samples == expected.samples) << flac << ' ' << channels;
    }
}

const std::vector<std::pair<std::string, int>>& lossyFormats() {
  static const std::vector<std::pair<std::string, int>> formats{
      {"Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
      {"Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
      {"IMA ADPCM", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM},
      {"MS ADPCM", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM}};
  return formats;
}

TEST(Sounds, LossyFormatsAreNearWhatWasPacked) {
  const std::vector<int> values = packedTone(48000);
  for (const auto& [name, format] : lossyFormats()) {
    const Sound found = readSound(bytesOf(packedSound(format, values, 48000)));
    EXPECT_EQ(found.rate, 48000) << name;
    // The last block of an ADPCM is filled up.
    ASSERT_GE(found.samples.size(), values.size()) << name;
    ASSERT_LE(found.samples.size(), values.size() + (name.ends_with("ADPCM") ? 4096 : 0)) << name;
    double error = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      error += std::pow(double{found.samples[i]} - values[i] / 2147483648.0, 2);
    EXPECT_LT(std::sqrt(error / 48000), name == "Opus" ? 0.03 : 0.01) << name;
  }
}

/// Whole files of every kind, each of more than one page, block and frame.
std::vector<std::string> wholeFiles() {
  std::vector<std::string> files{packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, packedTone(30000))};
  for (const auto& [name, format] : lossyFormats()) files.push_back(packedSound(format, packedTone(30000)));
  return files;
}

TEST(Sounds, CutFilesAreTold) {
  for (const std::string& whole : wholeFiles()) {
    EXPECT_EQ(messageOf([&] { readSound(bytesOf(whole)); }), "no error");
    for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 97)
      EXPECT_NE(messageOf([&] { readSound(bytesOf(whole.substr(0, length))); }), "no error")
          << whole.substr(0, 4) << ' ' << length << " of " << whole.size();
    EXPECT_NE(messageOf([&] { readSound(bytesOf(whole.substr(0, whole.size() - 1))); }), "no error");
  }
}

TEST(Sounds, LibrariesSayNothingOfDamagedFiles) {
  std::mt19937 random(1);
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  for (const Damage& damage : damages()) messageOf([&] { readSound(bytesOf(damage.file)); });
  for (const std::string& whole : wholeFiles())
    for (int i = 0; i < 200; ++i) {
      std::string file = whole;
      // Half of the changes in the headers, where most can go wrong.
      file[random() % (i % 2 == 0 ? file.size() : 200)] ^= static_cast<char>(1 + random() % 255);
      messageOf([&] { readSound(bytesOf(file)); });
    }
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

/// The offset of the header's 36 bits that count the samples.
void setFlacCount(std::string& file, std::uint64_t count) {
  file[21] = static_cast<char>((file[21] & 0xf0) | static_cast<char>(count >> 32 & 15));
  for (std::size_t i = 0; i < 4; ++i) file[22 + i] = static_cast<char>(count >> (24 - 8 * i) & 255);
}

TEST(Sounds, NoCountOfAHeaderIsTrusted) {
  std::string file = packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, packedTone(20000));
  setFlacCount(file, 0xfffffffff);
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(file)); }),
            "the header tells of 68719476735 samples, 20000 are there");
  setFlacCount(file, 0);  // as programs write that cannot seek
  EXPECT_EQ(readSound(bytesOf(file)).samples.size(), 20000u);
}

TEST(Sounds, SilenceMayNotFillTheMemory) {
  const std::vector<int> silence(22'000'000);
  const std::string file = packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, silence, 44100);
  const std::size_t most = (std::size_t{1} << 22) + 256 * file.size();
  ASSERT_LT(most, silence.size());
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(file)); }),
            "the sound unpacks to more than " + std::to_string(most) +
                " samples, the most that a file of its size may hold");
  EXPECT_EQ(readSound(bytesOf(packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, std::vector<int>(4'000'000))))
                .samples.size(),
            4'000'000u);
}

TEST(Sounds, DamagedFramesOfFlacAreTold) {
  const std::string whole = packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, packedTone(30000));
  std::string file = whole;
  file[file.size() * 3 / 4] ^= 1;
  EXPECT_THAT(messageOf([&] { readSound(bytesOf(file)); }),
              ::testing::MatchesRegex("the sound is damaged after sample [0-9]+"));
  EXPECT_EQ(readSound(bytesOf(whole + "TAG" + std::string(125, ' '))).samples.size(), 30000u)
      << "a tag may follow";
}

TEST(Sounds, PagesOfOggAreAllThereAndOfOneSound) {
  const std::string whole = packedSound(SF_FORMAT_OGG | SF_FORMAT_VORBIS, packedTone(400000), 44100);
  std::vector<std::size_t> pages;
  for (std::size_t at = 0; (at = whole.find("OggS", at)) != std::string::npos; ++at) pages.push_back(at);
  ASSERT_GE(pages.size(), 5u);
  const std::size_t third = pages[2], fourth = pages[3], last = pages.back();
  const auto place = [](std::size_t at) { return "at byte " + std::to_string(at) + " "; };
  std::string damaged = whole;
  damaged[third + 100] ^= 1;
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(damaged)); }),
            place(third) + "a page is damaged or no page stands there");
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(whole.substr(0, third) + whole.substr(fourth))); }),
            place(third) + "page 3 stands, page 2 expected");
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(whole.substr(0, last))); }),
            "the file is cut: its last page is missing (from byte " + std::to_string(last) + " on)");
  const std::string other = packedSound(SF_FORMAT_OGG | SF_FORMAT_OPUS, packedTone(8000));
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(whole + other)); }),
            place(whole.size()) + "another stream begins; files of one sound expected");
}

/// The three headers of a Vorbis stream whose tables are asked for in a few bytes each: of `entries` codes of
/// the same length, for `width` values at once.
std::string vorbisWithTables(int tables, std::uint32_t entries, std::uint32_t width) {
  const auto packet = [](auto&& write) {
    oggpack_buffer bits;
    oggpack_writeinit(&bits);
    write(bits);
    std::string content(reinterpret_cast<char*>(oggpack_get_buffer(&bits)),
                        static_cast<std::size_t>(oggpack_bytes(&bits)));
    oggpack_writeclear(&bits);
    return content;
  };
  const std::string rest = packet([&](oggpack_buffer& bits) {
    oggpack_write(&bits, static_cast<unsigned long>(tables - 1), 8);
    for (int i = 0; i < tables; ++i) {
      oggpack_write(&bits, 0x564342, 24);
      oggpack_write(&bits, width, 16);
      oggpack_write(&bits, entries, 24);
      oggpack_write(&bits, 1, 1);  // in order
      oggpack_write(&bits, static_cast<unsigned long>(std::bit_width(entries) - 2), 5);
      oggpack_write(&bits, entries, std::bit_width(entries));
      oggpack_write(&bits, 0, 4);  // without values
    }
  });
  const std::string headers[] = {"\x01vorbis" + littleEndianText(0, 4) + "\x01" + littleEndianText(44100, 4) +
                                     littleEndianText(0, 12) + "\xb8\x01",
                                 "\x03vorbis" + littleEndianText(0, 8) + "\x01", "\x05vorbis" + rest};
  ogg_stream_state stream;
  ogg_stream_init(&stream, 7);
  std::string file;
  for (std::size_t i = 0; i < 3; ++i) {
    std::string content = headers[i];
    ogg_packet given{reinterpret_cast<unsigned char*>(content.data()),
                     static_cast<long>(content.size()),
                     i == 0,
                     i == 2,
                     0,
                     static_cast<ogg_int64_t>(i)};
    ogg_stream_packetin(&stream, &given);
    for (ogg_page page; ogg_stream_flush(&stream, &page) != 0;)
      for (const auto& [start, size] : {std::pair(page.header, page.header_len), {page.body, page.body_len}})
        file.append(reinterpret_cast<char*>(start), static_cast<std::size_t>(size));
  }
  ogg_stream_clear(&stream);
  return file;
}

TEST(Sounds, TablesOfVorbisMayNotFillTheMemory) {
  const std::string refusal = "the tables of the Vorbis header have more than 4194304 numbers";
  const std::string many = vorbisWithTables(256, 1 << 21, 1);
  EXPECT_LT(many.size(), 8000u);
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(many)); }), refusal);
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(vorbisWithTables(1, 1 << 14, 512))); }), refusal);
  // Few enough for libvorbis to look, which misses what follows them.
  EXPECT_EQ(messageOf([&] { readSound(bytesOf(vorbisWithTables(3, 1 << 10, 4))); }),
            "the sound cannot be read: its header contradicts itself");
}

// libsndfile keeps why a file could not be opened in one place for all threads.
TEST(Sounds, ThreadsDoNotMixUpTheirReasons) {
  const std::string noChannels = wav({1, 0, 8000, 16}, "ab"), noFormat = riff(wavChunk("data", "ab"));
  const std::string first = messageOf([&] { readSound(bytesOf(noChannels)); });
  const std::string second = messageOf([&] { readSound(bytesOf(noFormat)); });
  ASSERT_NE(first, second);
  std::atomic<int> wrong = 0;
  const auto ask = [&](const std::string& file, const std::string& expected) {
    for (int i = 0; i < 20000; ++i) wrong += messageOf([&] { readSound(bytesOf(file)); }) != expected;
  };
  std::thread other([&] { ask(noChannels, first); });
  ask(noFormat, second);
  other.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace lapidary::core
