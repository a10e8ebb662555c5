// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations of processors, documents that name some keys alone, and what is guessed beside them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/dataset.h"
#include "core/io/numpy/npz.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = DataWarningKind;

PreprocessDocument document(const std::string& text) { return preprocessDocument(text); }

TEST(ProcessorConfig, OfVisionTransformers) {
  const PreprocessDocument read = document(R"({"do_normalize": true, "do_rescale": true, "do_resize": true,
    "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "image_processor_type": "ViTImageProcessor",
    "resample": 2, "rescale_factor": 0.00392156862745098, "size": {"height": 224, "width": 256}})");
  EXPECT_TRUE(read.foreign);
  EXPECT_EQ(read.preprocess.size, (PixelSize{224, 256}));
  EXPECT_FALSE(read.preprocess.crop);
  EXPECT_EQ(read.preprocess.resample, Resampling::Bilinear);
  EXPECT_DOUBLE_EQ(read.preprocess.scale, 1.0 / 255);
  EXPECT_THAT(read.preprocess.mean, ElementsAre(.5, .5, .5));
  EXPECT_THAT(read.ignored, IsEmpty());
}

TEST(ProcessorConfig, OfClip) {
  const PreprocessDocument read =
      document(R"({"crop_size": {"height": 224, "width": 224}, "do_center_crop": true,
    "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
    "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48, 0.45, 0.40],
    "image_std": [0.26, 0.26, 0.27], "resample": 3, "size": {"shortest_edge": 224}})");
  EXPECT_EQ(read.preprocess.resize, 224);
  EXPECT_EQ(read.preprocess.crop, 224);
  EXPECT_EQ(read.preprocess.resample, Resampling::Bicubic);
  EXPECT_THAT(read.ignored, IsEmpty());
}

TEST(ProcessorConfig, FormsOfSize) {
  const auto size = [](const std::string& type, const std::string& more) {
    return document(R"({"image_processor_type": ")" + type + R"(", )" + more + "}").preprocess;
  };
  EXPECT_EQ(size("ViTFeatureExtractor", R"("size": 224)").size, (PixelSize{224, 224}));
  EXPECT_EQ(size("CLIPFeatureExtractor", R"("size": 224)").resize, 224);
  EXPECT_EQ(size("X", R"("size": [224, 256])").size, (PixelSize{224, 256}));
  const Preprocess convNext =
      size("ConvNextImageProcessor", R"("size": {"shortest_edge": 224}, "crop_pct": 0.875)");
  EXPECT_EQ(convNext.resize, 256);
  EXPECT_EQ(convNext.crop, 224);
  EXPECT_EQ(size("ConvNextImageProcessor", R"("size": {"shortest_edge": 384}, "crop_pct": 1.0)").size,
            (PixelSize{384, 384}));
  const Preprocess off =
      size("X", R"("size": 224, "do_resize": false, "crop_size": 100, "do_center_crop": false)");
  EXPECT_FALSE(off.size || off.resize || off.crop);
}

TEST(ProcessorConfig, ValuesThatAreOff) {
  const Preprocess raw =
      document(R"({"do_rescale": false, "do_normalize": false, "image_mean": [1, 2, 3]})").preprocess;
  EXPECT_EQ(raw.scale, 1);
  EXPECT_THAT(raw.mean, IsEmpty());
  EXPECT_DOUBLE_EQ(document(R"({"image_mean": [0.5], "image_std": [0.5]})").preprocess.scale, 1.0 / 255);
  const Preprocess efficient = document(R"({"do_rescale": true, "rescale_factor": 0.00784313725490196,
    "rescale_offset": true, "do_normalize": true, "image_mean": [0, 0, 0], "image_std": [0.5, 0.5, 0.5],
    "include_top": true})")
                                   .preprocess;
  EXPECT_THAT(efficient.mean, ElementsAre(1, 1, 1)) << "from -1 to 1 before";
  EXPECT_THAT(efficient.std, ElementsAre(.25, .25, .25)) << "divided twice";
  EXPECT_EQ(document(R"({"do_flip_channel_order": true, "do_resize": false})").preprocess.channels,
            PixelChannels::BGR);
}

TEST(ProcessorConfig, KeysWithoutEffectAreNamed) {
  const PreprocessDocument read =
      document(R"({"do_pad": true, "pad_size": {"height": 8}, "do_reduce_labels": false,
    "image_processor_type": "DetrImageProcessor", "format": "coco_detection", "do_normalize": true,
    "size": {"shortest_edge": 800, "longest_edge": 1333}})");
  EXPECT_THAT(read.ignored, ElementsAre("size.longest_edge", "do_pad", "format", "pad_size"));
}

TEST(ProcessorConfig, OfSounds) {
  const PreprocessDocument wave = document(R"({"do_normalize": false, "feature_size": 1, "padding_value": 0.0,
    "feature_extractor_type": "Wav2Vec2FeatureExtractor", "return_attention_mask": true, "sampling_rate": 16000})");
  ASSERT_TRUE(wave.preprocess.sound);
  EXPECT_EQ(wave.preprocess.sound->rate, 16000);
  EXPECT_EQ(wave.preprocess.sound->features, SoundFeatures::Samples);
  EXPECT_THAT(wave.ignored, IsEmpty());
  const PreprocessDocument whisper = document(R"({"chunk_length": 30, "feature_extractor_type":
    "WhisperFeatureExtractor", "feature_size": 80, "hop_length": 160, "n_fft": 400, "n_samples": 480000,
    "nb_max_frames": 3000, "sampling_rate": 16000})");
  EXPECT_EQ(whisper.preprocess.sound->mels, 80);
  EXPECT_EQ(whisper.preprocess.sound->window, 400);
  EXPECT_EQ(whisper.preprocess.sound->hop, 160);
  EXPECT_EQ(whisper.preprocess.sound->length, 480000);
  EXPECT_EQ(whisper.preprocess.sound->melScale, MelScale::Slaney);
  EXPECT_EQ(whisper.ignored.size(), 1u);
  const PreprocessDocument normalised =
      document(R"({"do_normalize": true, "feature_size": 1, "sampling_rate": 8000})");
  EXPECT_THAT(normalised.ignored, ElementsAre("do_normalize"));
}

TEST(ProcessorConfig, NewerFilesHoldOneForEachKindOfData) {
  const PreprocessDocument read =
      document(R"({"processor_class": "CLIPProcessor", "image_processor": {"do_resize": true, "size": 32}})");
  EXPECT_EQ(read.preprocess.size, (PixelSize{32, 32}));
}

TEST(ProcessorConfig, TellsMistakes) {
  EXPECT_EQ(messageOf([] { document(R"({"do_resize": "yes"})"); }),
            "preprocess key 'do_resize': \"yes\" stands there, true or false expected");
  EXPECT_EQ(messageOf([] { document(R"({"do_resize": true, "size": "large"})"); }),
            "preprocess key 'size': \"large\" stands there, a number, or height and width, or shortest_edge "
            "expected");
  EXPECT_EQ(messageOf([] { document(R"({"do_resize": true, "size": {"height": 0, "width": 3}})"); }),
            "preprocess key 'size.height': 0 stands there, a whole number from 1 to 16384 expected");
  EXPECT_EQ(messageOf([] { document(R"({"image_std": [1, 0, 1]})"); }),
            "preprocess key 'image_std': 0 stands there, a number other than 0 expected");
  EXPECT_EQ(messageOf([] { document(R"({"resample": 9})"); }).substr(0, 0), "");
  EXPECT_THAT(messageOf([] { document(R"({"do_center_crop": true, "crop_size": [3, 4]})"); }),
              HasSubstr("the side of a square"));
}

TEST(SizeAndResample, AreOfTheDocument) {
  const Preprocess read = preprocessFromJson(R"({"size": [8, 6], "resample": "bicubic"})");
  EXPECT_EQ(read.size, (PixelSize{8, 6}));
  EXPECT_EQ(preprocessFromJson(toJson(read)), read);
  EXPECT_EQ(messageOf([] { preprocessFromJson(R"({"size": [8, 6], "resize": 9})"); }),
            "preprocess key 'resize': 9 stands there, either it or 'size' expected");
  EXPECT_EQ(messageOf([] { preprocessFromJson(R"({"size": [8, 6], "crop": 7})"); }),
            "preprocess key 'crop': 7 stands there, at most the size of 8x6 expected");
  const InputSpec open{"x", DType::Float32, {}};
  EXPECT_EQ(toSample({20, 10, 3, std::vector<std::uint8_t>(600)}, read, open).shape(), (Shape{3, 8, 6}));
}

Model modelOfInput(Shape shape) {
  auto graph = std::make_shared<Graph>();
  graph->inputs.push_back(ValueId{0});
  Value& value = graph->values.emplace_back();
  value.name = "i";
  value.dtype = DType::Float32;
  value.shape.emplace();
  value.shape->push_back({std::nullopt, "N"});
  for (const std::int64_t size : shape) value.shape->push_back({size, ""});
  Model model;
  model.graph = graph;
  return model;
}

/// A folder with one gray picture.
class OpenKeys : public ::testing::Test {
 protected:
  OpenKeys() {
    m_folder.write("p/a.png", stringOf(encodePng({8, 8, 1, std::vector<std::uint8_t>(64, 7)})));
    m_data = openData(m_folder.path("p"));
  }
  PreprocessChoice read(const std::string& json, Shape shape) {
    return readPreprocess(modelOfInput(std::move(shape)), *m_data, bytesOf(json), PreprocessOrigin::Given);
  }

  TemporaryFolder m_folder;
  std::shared_ptr<const DataSource> m_data;
};

TEST_F(OpenKeys, AnInputOfOneChannelMakesGray) {
  const PreprocessChoice choice = read(R"({"layout": "NCHW", "scale": 0.00392156862745098})", {1, 8, 8});
  EXPECT_EQ(choice.preprocess.channels, PixelChannels::Gray);
  EXPECT_THAT(choice.warnings, ElementsAre(DataWarning{Kind::GuessedPreprocess, "channels gray", 1}));
  const Dataset data(m_data, choice.preprocess, modelOfInput({1, 8, 8}));
  const std::size_t first[] = {0};
  EXPECT_EQ(data.inputs(first)[0].shape(), (Shape{1, 1, 8, 8}));
}

TEST_F(OpenKeys, AreGuessedFromTheInput) {
  EXPECT_EQ(read("{}", {8, 8, 3}).guessed, "layout NHWC, channels RGB, scale 0.003922");
  EXPECT_EQ(read(R"({"mean": [123, 116, 103]})", {3, 8, 8}).preprocess.scale, 1) << "of pixels to 255";
  EXPECT_DOUBLE_EQ(read(R"({"mean": [0.4, 0.4, 0.4], "std": [0.2]})", {3, 8, 8}).preprocess.scale, 1.0 / 255);
  const PreprocessChoice row = read(R"({"scale": 1})", {64});
  EXPECT_EQ(row.preprocess.crop, 8) << "a picture in a row";
  const PreprocessChoice whole =
      read(R"({"layout": "NCHW", "channels": "RGB", "scale": 1, "dtype": "float32"})", {3, 8, 8});
  EXPECT_THAT(whole.warnings, IsEmpty());
}

TEST_F(OpenKeys, ArraysThatFeedNothingAreNotTheDocumentsFault) {
  std::string file;
  const Tensor x = Tensor::from<float>({1, 2}, {1, 2});
  writeNpz({{"a", x}, {"b", x}}, [&](std::span<const std::byte> bytes) { file += stringOf(bytes); });
  const auto data = openNpzData(bytesOf(file), "d.npz");
  EXPECT_THAT(readPreprocess(modelOfInput({2}), *data, bytesOf("{}"), PreprocessOrigin::Given).warnings,
              IsEmpty());
}

TEST_F(OpenKeys, OfAConfigurationOnlyWhatDiffersIsSaid) {
  const std::string config =
      R"({"do_rescale": true, "image_mean": [0.5], "image_std": [0.5], "do_pad": true})";
  const PreprocessChoice colour = read(config, {3, 8, 8});
  EXPECT_THAT(colour.warnings, ElementsAre(DataWarning{Kind::IgnoredKeys, "'do_pad'", 1}));
  const PreprocessChoice gray = read(config, {1, 8, 8});
  EXPECT_EQ(gray.preprocess.channels, PixelChannels::Gray);
  EXPECT_EQ(gray.guessed, "channels gray");
}

TEST_F(OpenKeys, AConfigurationStandsBesideTheModel) {
  Model model = modelOfInput({3, 8, 8});
  model.source.path = m_folder.path("onnx/model.onnx");
  m_folder.write("preprocessor_config.json",
                 std::string_view(R"({"do_rescale": true, "rescale_factor": 0.5})"));
  EXPECT_EQ(choosePreprocess(model, *m_data).preprocess.scale, .5) << "above a folder 'onnx'";
  m_folder.write("onnx/preprocessor_config.json", std::string_view(R"({"do_rescale": false})"));
  EXPECT_EQ(choosePreprocess(model, *m_data).preprocess.scale, 1);
  m_folder.write("onnx/model.preprocess.json", std::string_view(R"({"scale": 3})"));
  EXPECT_EQ(choosePreprocess(model, *m_data).preprocess.scale, 3);
  model.source.path = m_folder.path("other/model.onnx");
  EXPECT_EQ(choosePreprocess(model, *m_data).origin, PreprocessOrigin::Guessed);
}

}  // namespace
}  // namespace lapidary::core
