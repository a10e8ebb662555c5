// SPDX-License-Identifier: GPL-3.0-or-later
// The preprocess document, and pictures becoming samples.
#include "core/data/preprocess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;

InputSpec spec(std::initializer_list<std::int64_t> shape, DType dtype = DType::Float32) {
  InputSpec made{"x", dtype, {}};
  for (const std::int64_t size : shape)
    made.shape.push_back(size > 0 ? Dimension{size, ""} : Dimension{std::nullopt, "N"});
  return made;
}

/// Pixel (x, y) is (10 y + x) in red, 100 more in green, 200 in blue.
Picture numbered(int width, int height) {
  Picture picture{width, height, 3, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (const int value : {10 * y + x, 100 + 10 * y + x, 200})
        picture.pixels.push_back(static_cast<std::uint8_t>(value));
  return picture;
}

TEST(PreprocessJson, RoundTrips) {
  Preprocess p;
  EXPECT_EQ(preprocessFromJson(toJson(p)), p);
  EXPECT_EQ(preprocessFromJson("{}"), p);
  p = {256,
       224,
       PixelLayout::NHWC,
       PixelChannels::BGR,
       1.0 / 255,
       {0.485, 0.456, 0.406},
       {0.229, 0.224, 0.225},
       DType::Float16,
       std::nullopt};
  EXPECT_EQ(preprocessFromJson(toJson(p)), p);
  EXPECT_EQ(preprocessFromJson("{\"mean\": 3, \"channels\": \"gray\"}").mean, std::vector<double>{3});
}

TEST(PreprocessJson, EndlessNestingCostsNoStack) {
  const std::string deep(200'000, '[');
  EXPECT_EQ(
      messageOf([&] { preprocessFromJson("{\"scale\": " + deep + std::string(deep.size(), ']') + "}"); }),
      "the preprocess's JSON is nested too deep");
}

TEST(PreprocessJson, TellsMistakes) {
  const struct {
    std::string json, message;
  } rows[] = {
      {"[]", "the preprocess is a JSON array, an object expected"},
      {"{\"sclae\": 1}",
       "unknown preprocess key 'sclae': size, resize, resample, crop, layout, channels, scale, mean, std, "
       "dtype or audio expected"},
      {"{\"resize\": -3}",
       "preprocess key 'resize': -3 stands there, a whole number from 1 to 16384 expected"},
      {"{\"resize\": 3.5}",
       "preprocess key 'resize': 3.5 stands there, a whole number from 1 to 16384 expected"},
      {"{\"crop\": \"a\"}",
       "preprocess key 'crop': \"a\" stands there, a whole number from 1 to 16384 expected"},
      {"{\"crop\": 0}", "preprocess key 'crop': 0 stands there, a whole number from 1 to 16384 expected"},
      {"{\"resize\": 99999999999999999999}",
       "preprocess key 'resize': 1e+20 stands there, a whole number from 1 to 16384 expected"},
      {"{\"layout\": \"CHW\"}",
       "preprocess key 'layout': \"CHW\" stands there, \"NCHW\" or \"NHWC\" expected"},
      {"{\"channels\": 3}",
       "preprocess key 'channels': 3 stands there, \"RGB\", \"BGR\" or \"gray\" expected"},
      {"{\"scale\": 0}", "preprocess key 'scale': 0 stands there, a number other than 0 expected"},
      {"{\"scale\": true}", "preprocess key 'scale': true stands there, a number other than 0 expected"},
      {"{\"mean\": [1, 2]}", "preprocess key 'mean': [1,2] stands there, a list of 1 or 3 numbers expected"},
      {"{\"mean\": [1, null, 2]}", "preprocess key 'mean': null stands there, a number expected"},
      {"{\"std\": [1, 0, 1]}", "preprocess key 'std': 0 stands there, a number other than 0 expected"},
      {"{\"std\": {}}", "preprocess key 'std': {} stands there, a list of 1 or 3 numbers expected"},
      {"{\"mean\": [1, 2, 3], \"channels\": \"gray\"}",
       "preprocess key 'mean': a list of 3 stands there, 1 number for gray expected"},
      {"{\"resize\": 100, \"crop\": 224}",
       "preprocess key 'crop': 224 stands there, at most the resize of 100 expected"},
      {"{\"dtype\": \"bool\"}",
       "preprocess key 'dtype': \"bool\" stands there, \"float32\", \"float16\", \"uint8\" or another type "
       "of numbers "
       "expected"},
  };
  for (const auto& row : rows) EXPECT_EQ(messageOf([&] { preprocessFromJson(row.json); }), row.message);
  EXPECT_THAT(messageOf([] { preprocessFromJson("{\"scale\": }"); }),
              ::testing::StartsWith("the preprocess is no valid JSON: parse error at line 1, column 11"));
}

TEST(ToSample, OrdersChannelsAndAxes) {
  Preprocess p;
  const Tensor planes = toSample(numbered(2, 1), p, spec({0, 3, 1, 2}));
  EXPECT_EQ(planes.shape(), (Shape{3, 1, 2}));
  EXPECT_THAT(planes.as<float>(), ElementsAre(0, 1, 100, 101, 200, 200));
  p.channels = PixelChannels::BGR;
  EXPECT_THAT(toSample(numbered(2, 1), p, spec({0, 3, 1, 2})).as<float>(),
              ElementsAre(200, 200, 100, 101, 0, 1));
  p.layout = PixelLayout::NHWC;
  const Tensor pixels = toSample(numbered(2, 1), p, spec({0, 1, 2, 3}));
  EXPECT_EQ(pixels.shape(), (Shape{1, 2, 3}));
  EXPECT_THAT(pixels.as<float>(), ElementsAre(200, 100, 0, 200, 101, 1));
}

TEST(ToSample, ScalesAndNormalises) {
  Preprocess p;
  p.scale = 0.5;
  p.mean = {1, 2, 3};
  p.std = {2};
  EXPECT_THAT(toSample(numbered(1, 1), p, spec({0, 3, 1, 1})).as<float>(), ElementsAre(-0.5f, 24, 48.5f));
}

TEST(ToSample, MixesGrayAndSpreadsIt) {
  Preprocess p;
  p.channels = PixelChannels::Gray;
  // 0.299 R + 0.587 G + 0.114 B
  EXPECT_THAT(toSample({1, 1, 3, {100, 200, 50}}, p, spec({0, 1, 1, 1})).as<float>(), ElementsAre(153));
  p.channels = PixelChannels::RGB;
  EXPECT_THAT(toSample({1, 1, 1, {7}}, p, spec({0, 3, 1, 1})).as<float>(), ElementsAre(7, 7, 7));
}

TEST(ToSample, GivesTheDTypeOfTheInput) {
  Preprocess p;
  p.scale = 0.1;
  const Tensor halves = toSample({1, 1, 1, {255}}, p, spec({0, 3, 1, 1}, DType::Float16));
  EXPECT_EQ(halves.dtype(), DType::Float16);
  EXPECT_NEAR(toFloat32(halves).as<float>()[0], 25.5f, 0.01);
  EXPECT_THAT(toSample({1, 1, 1, {255}}, p, spec({0, 3, 1, 1}, DType::UInt8)).as<std::uint8_t>(),
              ElementsAre(26, 26, 26));
  p.dtype = DType::UInt8;
  EXPECT_EQ(messageOf([&] {
              toSample({1, 1, 1, {255}}, p, spec({0, 3, 1, 1}));
            }),
            "preprocess key 'dtype': uint8 stands there, the model's input 'x' expects float32");
}

TEST(ToSample, ResizesTheShortSideAndCropsTheCentre) {
  Preprocess p;
  p.resize = 4;
  EXPECT_EQ(toSample(numbered(7, 5), p, spec({})).shape(), (Shape{3, 4, 5})) << "4 * 7 / 5 rounded down";
  EXPECT_EQ(toSample(numbered(5, 7), p, spec({})).shape(), (Shape{3, 5, 4}));
  p = {};
  p.crop = 2;
  const Tensor odd = toSample(numbered(5, 7), p, spec({}));  // margins 3 and 5: starts at 2 and 2
  EXPECT_THAT(odd.as<float>().first(4), ElementsAre(22, 23, 32, 33));
  p.crop = 6;
  EXPECT_EQ(messageOf([&] { toSample(numbered(5, 7), p, spec({})); }),
            "preprocess key 'crop': 6 is more than the picture of 5x7 has; set 'resize' to at least 6");
}

TEST(ToSample, ScalesToTheDeclaredSize) {
  EXPECT_EQ(toSample(numbered(7, 5), {}, spec({0, 3, 8, 9})).shape(), (Shape{3, 8, 9}));
  EXPECT_EQ(toSample(numbered(7, 5), {}, spec({0, 3, 0, 0})).shape(), (Shape{3, 5, 7}));
  Preprocess p;
  p.channels = PixelChannels::Gray;
  EXPECT_EQ(toSample(numbered(7, 5), p, spec({0, 8, 9})).shape(), (Shape{8, 9}));
  p.resize = p.crop = 3;
  EXPECT_EQ(toSample(numbered(7, 5), p, spec({0, 9})).shape(), (Shape{9})) << "in a row for a dense layer";
}

TEST(ToSample, TellsWhatDoesNotFit) {
  Preprocess p;
  p.resize = 4;
  EXPECT_EQ(
      messageOf([&] {
        toSample(numbered(7, 5), p, spec({0, 3, 8, 8}));
      }),
      "the picture becomes 3x4x5, the model's input 'x' expects Nx3x8x8 float32; change the preprocess");
}

}  // namespace
}  // namespace lapidary::core
