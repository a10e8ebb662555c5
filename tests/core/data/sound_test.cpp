// SPDX-License-Identifier: GPL-3.0-or-later
// Sounds as data: resampling, log-mel features, the preprocess keys, folders and lists of files of sounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "core/data/dataset.h"
#include "core/data/preprocess_sound.h"
#include "core/data/resample.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/files/packed_sound.h"
#include "tests/core/files/wav_bytes.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Sound tone(int rate, double frequency, double seconds) {
  Sound sound{rate, {}};
  for (int i = 0; i < seconds * rate; ++i)
    sound.samples.push_back(static_cast<float>(0.8 * std::sin(2 * std::numbers::pi * frequency * i / rate)));
  return sound;
}

TEST(Resampling, AToneStaysATone) {
  const std::pair<int, int> rates[] = {{16000, 8000}, {8000, 16000}, {44100, 16000}, {11025, 22050}};
  for (const auto& [from, to] : rates) {
    const Sound sound = tone(from, 440, 0.2), expected = tone(to, 440, 0.2);
    const auto found = resampled(sound, to, lengthAt(sound, to));
    ASSERT_EQ(found.size(), expected.samples.size());
    for (std::size_t i = found.size() / 4; i < found.size() * 3 / 4; ++i)
      ASSERT_NEAR(found[i], expected.samples[i], 5e-6) << from << " to " << to << " at " << i;
  }
}

TEST(Resampling, WhatTheLowerRateCannotHoldIsCutOff) {
  const Sound sound = tone(16000, 6500, 0.1);
  const auto found = resampled(sound, 8000, 800);
  for (std::size_t i = 200; i < 600; ++i) ASSERT_NEAR(found[i], 0, 1e-5);
}

TEST(Resampling, AStartIsTheStartOfTheWhole) {
  const Sound sound = tone(44100, 440, 1);
  const auto whole = resampled(sound, 16000, 16000);
  for (const std::size_t count : {1, 100, 7919}) {
    const auto start = resampled(sound, 16000, count);
    EXPECT_TRUE(std::equal(start.begin(), start.end(), whole.begin())) << count;
  }
  const auto longer = resampled(sound, 16000, 20000);
  EXPECT_TRUE(std::equal(whole.begin(), whole.end(), longer.begin()));
  EXPECT_EQ(std::vector<float>(longer.begin() + 16000, longer.end()), std::vector<float>(4000, 0.0f));
}

TEST(Resampling, RatesThatAreFarApart) {
  EXPECT_NEAR(resampled({768000, std::vector<float>(768000, 0.5f)}, 200, 200)[100], 0.5, 1e-3);
  EXPECT_NEAR(resampled({200, std::vector<float>(200, 0.5f)}, 768000, 768000)[384000], 0.5, 1e-3);
  EXPECT_EQ(messageOf([] {
              resampled({1, {0.5f}}, 768000, 10);
            }),
            "a sound of 1 Hz cannot be brought to 768000 Hz: rates less than 4096 times apart expected");
  EXPECT_EQ(resampled({8000, {}}, 16000, 3), std::vector<float>(3, 0.0f));
}

TEST(Resampling, SilenceFollowsAndTooMuchIsCut) {
  const Sound sound{8000, {1, 2, 3}};
  EXPECT_THAT(resampled(sound, 8000, 5), ElementsAre(1, 2, 3, 0, 0));
  EXPECT_THAT(resampled(sound, 8000, 2), ElementsAre(1, 2));
  EXPECT_THAT(messageOf([] { lengthAt({1, std::vector<float>(1000)}, 768000); }), HasSubstr("too many"));
}

/// 64 samples of a sum that needs no random numbers: sin(0.3 n) / 2 + cos(1.1 n) / 4.
std::vector<float> wave() {
  std::vector<float> samples;
  for (int n = 0; n < 64; ++n)
    samples.push_back(static_cast<float>(std::sin(0.3 * n) / 2 + std::cos(1.1 * n) / 4));
  return samples;
}

void expectValues(const Tensor& found, const Shape& shape, const std::vector<float>& expected) {
  ASSERT_EQ(found.shape(), shape);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found.as<float>()[i], expected[i], 2e-5) << i;
}

LogMel smallSpec() {
  LogMel spec;
  spec.rate = 8000;
  spec.window = 24;
  spec.hop = 16;
  spec.mels = 4;
  spec.fmax = 4000;
  return spec;
}

// Expected values: numpy 1.24, numpy.fft.rfft of frames times 0.5 - 0.5 cos(2 pi n / 24), triangles from
// the formulas of the two scales.
TEST(LogMel, NaturalLogarithmOnTheHtkScale) {
  LogMel spec = smallSpec();
  expectValues(logMel(spec, wave()), {4, 3},
               {2.273062f, 2.241662f, 2.264264f, 1.180299f, 1.185458f, 1.179444f, 0.922482f, 0.9236143f,
                0.9216203f, -1.801201f, -1.803874f, -1.795782f});
}

TEST(LogMel, DecibelsOnTheSlaneyScale) {
  LogMel spec = smallSpec();
  spec.log = LogKind::Decibel;
  spec.scale = MelScale::Slaney;
  spec.fmin = 300;
  spec.fmax = 3500;
  spec.floor = 1e-4;
  expectValues(logMel(spec, wave()), {4, 3},
               {-19.80274f, -19.80793f, -19.8377f, -25.27514f, -25.2463f, -25.2061f, -25.07263f, -25.07452f,
                -25.08823f, -36.89045f, -36.89518f, -36.87997f});
}

TEST(LogMel, CentredFramesOfAnOddWindow) {
  LogMel spec = smallSpec();
  spec.log = LogKind::Ten;
  spec.center = true;
  spec.window = 21;
  expectValues(
      logMel(spec, wave()), {4, 4},
      {0.3302176f, 0.796815f, 0.7962022f, 0.7985068f, -0.1203779f, 0.4381842f, 0.4316101f, 0.4249951f,
       -0.1204548f, 0.3009092f, 0.300829f, 0.3009388f, -0.7584962f, -1.017336f, -1.017144f, -1.017594f});
}

TEST(LogMel, CountsFrames) {
  LogMel spec = smallSpec();
  EXPECT_EQ(frameCount(spec, 23), 0);
  EXPECT_EQ(frameCount(spec, 24), 1);
  EXPECT_EQ(frameCount(spec, 40), 2);
  EXPECT_EQ(samplesFor(spec, 2), 40u);
  spec.center = true;
  EXPECT_EQ(frameCount(spec, 40), 3);
  EXPECT_EQ(samplesFor(spec, 3), 32u);
  spec.center = false;
  EXPECT_EQ(
      messageOf([&] { logMel(spec, std::vector<float>(10)); }),
      "the sound has 10 samples, a window takes 24: set a shorter one by the preprocess key 'audio.window'");
}

InputSpec inputOf(std::vector<std::int64_t> shape) {
  InputSpec spec{"x", DType::Float32, {}};
  for (const std::int64_t size : shape)
    spec.shape.push_back(size > 0 ? Dimension{size, ""} : Dimension{std::nullopt, "N"});
  return spec;
}

TEST(SoundPreprocess, FollowsFromTheInput) {
  const SoundPreprocess raw = completed({}, inputOf({0, 1, 16000}), 8000);
  EXPECT_EQ(raw.features, SoundFeatures::Samples);
  EXPECT_EQ(raw.rate, 8000);
  EXPECT_EQ(raw.length, 16000);
  const SoundPreprocess mel = completed({}, inputOf({0, 1, 40, 62}), 8000);
  EXPECT_EQ(mel.features, SoundFeatures::LogMel);
  EXPECT_EQ(mel.mels, 40);
  EXPECT_EQ(mel.window, 200);
  EXPECT_EQ(mel.hop, 80);
  EXPECT_EQ(mel.fmax, 4000);
  EXPECT_EQ(mel.length, 200 + 61 * 80);
  EXPECT_EQ(completed({}, inputOf({0, 98, 64}), 16000).mels, 64) << "bands may stand last";
  EXPECT_EQ(completed({}, inputOf({0, 0, 80}), 16000).mels, 80);
  EXPECT_FALSE(completed({}, inputOf({0, 0, 80}), 16000).length);
  EXPECT_FALSE(completed({}, inputOf({0, 0}), 16000).length);
}

TEST(SoundPreprocess, SaysWhichKeysWereGuessed) {
  SoundPreprocess asked;
  asked.rate = 8000;
  asked.mels = 40;
  const SoundPreprocess made = completed(asked, inputOf({0, 1, 40, 62}), 16000);
  EXPECT_EQ(keysBeyond(asked, made), "features log-mel, length 5080, window 200, hop 80, fmax 4000.0");
  EXPECT_EQ(keysBeyond(made, made), "");
  EXPECT_EQ(keysBeyond({}, completed({}, inputOf({0, 1, 16000}), 8000)),
            "rate 8000, features samples, length 16000");
}

TEST(SoundPreprocess, MakesWhatTheInputTakes) {
  const Sound sound = tone(8000, 440, 0.5);
  Preprocess preprocess;
  EXPECT_EQ(toSample(sound, preprocess, inputOf({0, 1, 1000})).shape(), (Shape{1, 1000}));
  const Tensor bands = toSample(sound, preprocess, inputOf({0, 1, 40, 30}));
  const Tensor frames = toSample(sound, preprocess, inputOf({0, 30, 40}));
  EXPECT_EQ(bands.shape(), (Shape{1, 40, 30}));
  EXPECT_EQ(frames.shape(), (Shape{30, 40}));
  EXPECT_EQ(bands.as<float>()[7 * 30 + 3], frames.as<float>()[3 * 40 + 7]);
  preprocess.mean = {-10};
  preprocess.std = {5};
  EXPECT_FLOAT_EQ(toSample(sound, preprocess, inputOf({0, 1, 40, 30})).as<float>()[5],
                  (bands.as<float>()[5] + 10) / 5);
  preprocess.sound = SoundPreprocess{};
  preprocess.sound->mels = 32;
  EXPECT_THAT(messageOf([&] {
                toSample(sound, preprocess, inputOf({0, 1, 40, 30}));
              }),
              HasSubstr("the model's input 'x' expects Nx1x40x30 float32; change 'audio' of the preprocess"));
  preprocess.sound->mels = 40;
  preprocess.sound->fmax = 5000;
  EXPECT_THAT(messageOf([&] {
                toSample(sound, preprocess, inputOf({0, 1, 40, 30}));
              }),
              HasSubstr("preprocess key 'audio.fmax'"));
}

TEST(SoundPreprocess, SurvivesItsDocument) {
  Preprocess preprocess;
  preprocess.sound = completed({}, inputOf({0, 1, 40, 62}), 8000);
  preprocess.sound->log = LogKind::Decibel;
  preprocess.sound->melScale = MelScale::Slaney;
  preprocess.sound->center = true;
  EXPECT_EQ(preprocessFromJson(toJson(preprocess)), preprocess);
  preprocess.sound = completed({}, inputOf({0, 16000}), 8000);
  EXPECT_EQ(preprocessFromJson(toJson(preprocess)), preprocess);
}

TEST(SoundPreprocess, SaysWhatIsWrongInItsDocument) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"audio": 3})", "preprocess key 'audio': 3 stands there, an object expected"},
      {R"({"audio": {"rate": 0}})",
       "preprocess key 'audio.rate': 0 stands there, a whole number from 1 to 768000 expected"},
      {R"({"audio": {"hop": 1.5}})",
       "preprocess key 'audio.hop': 1.5 stands there, a whole number from 1 to 1048576 expected"},
      {R"({"audio": {"log": "ld"}})",
       "preprocess key 'audio.log': \"ld\" stands there, \"ln\", \"log10\" or \"dB\" expected"},
      {R"({"audio": {"features": "mfcc"}})",
       "preprocess key 'audio.features': \"mfcc\" stands there, \"samples\" or \"log-mel\" expected"},
      {R"({"audio": {"floor": 0}})",
       "preprocess key 'audio.floor': 0 stands there, a number above 0 expected"},
      {R"({"audio": {"center": 1}})",
       "preprocess key 'audio.center': 1 stands there, true or false expected"},
      {R"({"audio": {"fmin": -1}})",
       "preprocess key 'audio.fmin': -1 stands there, a frequency in Hz expected"},
      {R"({"audio": {"band": 1}})",
       "unknown preprocess key 'audio.band': rate, length, features, window, hop, mels, fmin, fmax, log, "
       "floor, mel_scale or center expected"},
  };
  for (const auto& [text, message] : rows)
    EXPECT_EQ(messageOf([&] { preprocessFromJson(text); }), message) << text;
}

void write(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

const std::string beep = wav({1, 1, 8000, 8}, std::string(100, '\xc0'));

TEST(SoundData, AFolderOfClassFolders) {
  const TemporaryFolder folder;
  write(folder.path("no/b.wav"), beep);
  write(folder.path("yes/a.WAV"), beep);
  write(folder.path("yes/c.txt"), "words");
  const auto source = openData(folder.path());
  ASSERT_EQ(source->size(), 2u);
  EXPECT_TRUE(source->audible());
  EXPECT_FALSE(source->pictorial());
  EXPECT_THAT(source->classNames(), ElementsAre("no", "yes"));
  EXPECT_EQ(source->label(1), 1);
  EXPECT_EQ(source->sampleName(1), "yes/a.WAV");
  EXPECT_EQ(source->sound(0).samples, std::vector<float>(100, 0.5f));
  EXPECT_THAT(messageOf([&] { source->picture(0); }), HasSubstr("the data hold sounds, not pictures"));
}

TEST(SoundData, NumbersAndEmptyFoldersAreAsOfPictures) {
  const TemporaryFolder folder;
  for (const char* name : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})
    write(folder.path(std::string(name) + "/a.wav"), beep);
  write(folder.path("notes/c.txt"), "words");
  write(folder.path("loose.wav"), beep);
  const auto source = openData(folder.path());
  EXPECT_EQ(source->sampleName(2), "2/a.wav");
  EXPECT_EQ(source->label(10), 10);
  ASSERT_EQ(source->warnings().size(), 3u);
  EXPECT_EQ(source->warnings()[0].kind, DataWarningKind::NoClassFolders);
  EXPECT_EQ(source->warnings()[1].kind, DataWarningKind::LooseFiles);
  EXPECT_EQ(source->warnings()[1].count, 1u);
}

TEST(SoundData, FlacAndOggStandBesideWav) {
  const TemporaryFolder folder;
  const std::vector<int> values = packedTone(8000);
  write(folder.path("a/1.flac"), packedSound(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, values));
  write(folder.path("a/2.wav"), packedSound(SF_FORMAT_WAV | SF_FORMAT_PCM_16, values));
  write(folder.path("b/3.OGG"), packedSound(SF_FORMAT_OGG | SF_FORMAT_VORBIS, values));
  write(folder.path("b/4.opus"), packedSound(SF_FORMAT_OGG | SF_FORMAT_OPUS, values));
  write(folder.path("list.csv"), "file,label\nb/3.OGG,tone\na/1.flac,tone\n");
  const auto source = openData(folder.path());
  ASSERT_EQ(source->size(), 4u);
  EXPECT_THAT(source->classNames(), ElementsAre("a", "b"));
  EXPECT_EQ(source->sound(0).samples, source->sound(1).samples);
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_EQ(source->sound(i).samples.size(), 8000u) << source->sampleName(i);
    EXPECT_NEAR(source->sound(i).samples[4025], source->sound(1).samples[4025], 0.02)
        << source->sampleName(i);
  }
  const auto list = openData(folder.path("list.csv"));
  EXPECT_TRUE(list->audible());
  EXPECT_EQ(list->sound(1).samples, source->sound(0).samples);
}

TEST(SoundData, AListAndWhatIsWrongWithIt) {
  const TemporaryFolder folder;
  write(folder.path("a.wav"), beep);
  write(folder.path("b.wav"), beep.substr(0, 60));
  write(folder.path("c.png"), "no picture");
  write(folder.path("good.csv"), "file,label\na.wav,left\n");
  write(folder.path("mixed.csv"), "a.wav,1\nc.png,2\n");
  write(folder.path("cut.csv"), "a.wav,1\nb.wav,2\n");
  const auto source = openData(folder.path("good.csv"));
  EXPECT_TRUE(source->audible());
  EXPECT_THAT(source->classNames(), ElementsAre("left"));
  EXPECT_THAT(messageOf([&] { openData(folder.path("mixed.csv")); }),
              HasSubstr("mixed.csv: line 2: pictures and sounds stand in one list; make a list of each"));
  EXPECT_THAT(messageOf([&] { openData(folder.path("cut.csv"))->sound(1); }),
              HasSubstr("b.wav: chunk 'data' at byte 36 claims 100 bytes, 16 are left"));
}

// Recordings of a free corpus; the network was trained on other features than these keys give, but close
// ones.
TEST(SoundData, SpokenDigitsAreUnderstood) {
  const std::string digits = std::string(LAPIDARY_ASSETS_DIR) + "/digits-audio/";
  if (!std::filesystem::exists(digits)) GTEST_SKIP() << "skipped: no ../shared";
  const TemporaryFolder folder;
  std::string list;
  for (const auto& entry : std::filesystem::directory_iterator(digits + "wav")) {
    const std::string name = entry.path().filename().string();
    std::filesystem::copy_file(entry.path(), folder.path(name));
    list += name + "," + name.substr(0, 1) + "\n";
  }
  write(folder.path("list.csv"), list);
  const Preprocess preprocess = preprocessFromJson(
      R"({"mean": -10, "std": 5, "audio": {"window": 256, "hop": 128, "mels": 40, "floor": 1e-6}})");
  Model model = readModel(digits + "fsdd_cnn.onnx");
  const auto source = openData(folder.path("list.csv"));
  const auto data = std::make_shared<const Dataset>(source, preprocess, model);
  const Session session(std::move(model), data, {});
  const Outcome outcome = session.evaluate({}, {.measure = {}}, {});
  ASSERT_TRUE(outcome.quality && outcome.quality->top1);
  EXPECT_EQ(outcome.quality->samples, 50u);
  EXPECT_GE(*outcome.quality->top1, 0.9);
}

}  // namespace
}  // namespace lapidary::core
