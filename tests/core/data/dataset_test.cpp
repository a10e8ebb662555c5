// SPDX-License-Identifier: GPL-3.0-or-later
// Data as people have it, becoming the inputs of models.
#include "core/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <numeric>
#include <thread>

#include "core/io/numpy/npz.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
using ::testing::ElementsAre;

struct Input {
  std::string name;
  std::vector<std::int64_t> shape;  ///< 0: a symbol
  DType dtype = DType::Float32;
};

Model modelOf(const std::vector<Input>& inputs) {
  auto graph = std::make_shared<Graph>();
  for (const Input& input : inputs) {
    graph->inputs.push_back(ValueId{static_cast<std::uint32_t>(graph->values.size())});
    Value& value = graph->values.emplace_back();
    value.name = input.name;
    value.dtype = input.dtype;
    value.shape.emplace();
    for (const std::int64_t size : input.shape)
      value.shape->push_back(size > 0 ? Dimension{size, ""} : Dimension{std::nullopt, "N"});
  }
  Model model;
  model.graph = graph;
  return model;
}

std::shared_ptr<const DataSource> npz(const std::map<std::string, Tensor>& arrays) {
  std::string file;
  writeNpz(arrays, [&](std::span<const std::byte> bytes) { file += stringOf(bytes); });
  return openNpzData(bytesOf(file), "data.npz");
}

template <class T>
Tensor counting(Shape shape) {
  TensorBuilder builder(dtypeOf<T>(), std::move(shape));
  std::size_t i = 0;
  for (T& value : builder.as<T>()) value = static_cast<T>(i++ % 251);
  return std::move(builder).build();
}

std::vector<std::size_t> firstOf(std::size_t count) {
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

/// All samples through the guessed preprocess.
Tensor fed(const std::shared_ptr<const DataSource>& data, const Model& model) {
  const Dataset dataset(data, guessPreprocess(model, *data), model);
  return dataset.inputs(firstOf(data->size()))[0];
}

std::string png(std::uint8_t level, int side = 4) {
  Picture picture{side, side, 1, {}};
  picture.pixels.assign(static_cast<std::size_t>(side * side), level);
  return stringOf(encodePng(picture));
}

TEST(DatasetArrays, BytesAreScaled) {
  const auto data =
      npz({{"x", counting<std::uint8_t>({2, 1, 28, 28})}, {"y", Tensor::from<std::int64_t>({2}, {3, 0})}});
  EXPECT_TRUE(data->labelled());
  EXPECT_EQ(data->label(0), 3);
  EXPECT_TRUE(data->pictorial());
  EXPECT_EQ(data->picture(0).pixels[5], 5);
  const Tensor x = fed(data, modelOf({{"image", {0, 1, 28, 28}}}));
  EXPECT_EQ(x.shape(), (Shape{2, 1, 28, 28}));
  EXPECT_FLOAT_EQ(x.as<float>()[100], 100 / 255.0f);
}

TEST(DatasetArrays, AxesAreInsertedMovedAndFlattened) {
  EXPECT_EQ(fed(npz({{"x", counting<std::uint8_t>({2, 28, 28})}}), modelOf({{"i", {0, 1, 28, 28}}})).shape(),
            (Shape{2, 1, 28, 28}));
  EXPECT_EQ(fed(npz({{"x", counting<std::uint8_t>({2, 28, 28})}}), modelOf({{"i", {0, 28, 28, 1}}})).shape(),
            (Shape{2, 28, 28, 1}));
  EXPECT_EQ(fed(npz({{"x", counting<std::uint8_t>({2, 28, 28})}}), modelOf({{"i", {0, 784}}})).shape(),
            (Shape{2, 784}));
  EXPECT_EQ(fed(npz({{"x", counting<std::uint8_t>({2, 9})}}), modelOf({{"i", {0, 9}}})).shape(),
            (Shape{2, 9}));
  const Tensor bytes =
      fed(npz({{"x", counting<std::uint8_t>({1, 8, 9, 3})}}), modelOf({{"i", {0, 3, 8, 9}}}));
  EXPECT_EQ(bytes.shape(), (Shape{1, 3, 8, 9}));
  EXPECT_FLOAT_EQ(bytes.as<float>()[72 + 1], 4 / 255.0f) << "green of the second pixel";
  const Tensor floats = fed(npz({{"x", counting<float>({1, 8, 9, 3})}}), modelOf({{"i", {0, 3, 8, 9}}}));
  EXPECT_EQ(floats.shape(), (Shape{1, 3, 8, 9}));
  EXPECT_FLOAT_EQ(floats.as<float>()[72 + 1], 4);
  const Tensor back = fed(npz({{"x", counting<float>({1, 3, 8, 9})}}), modelOf({{"i", {0, 8, 9, 3}}}));
  EXPECT_FLOAT_EQ(back.as<float>()[4], 73) << "green of the second pixel";
}

TEST(DatasetArrays, NumbersPassUnchanged) {
  const Tensor tokens =
      fed(npz({{"x", counting<std::int64_t>({3, 5})}}), modelOf({{"ids", {0, 5}, DType::Int64}}));
  EXPECT_EQ(tokens.as<std::int64_t>()[7], 7);
  EXPECT_EQ(
      fed(npz({{"x", counting<std::int32_t>({3, 5})}}), modelOf({{"ids", {0, 5}, DType::Int64}})).dtype(),
      DType::Int64);
  const Tensor halves =
      fed(npz({{"x", convert(counting<float>({3, 5}), DType::Float16)}}), modelOf({{"v", {0, 5}}}));
  EXPECT_EQ(halves.as<float>()[7], 7);
  const Tensor raw =
      fed(npz({{"x", counting<std::uint8_t>({2, 1, 8, 8})}}), modelOf({{"i", {0, 1, 8, 8}, DType::UInt8}}));
  EXPECT_EQ(raw.as<std::uint8_t>()[9], 9);
}

TEST(DatasetArrays, PreprocessReachesEveryChannel) {
  const Model model = modelOf({{"i", {0, 3, 8, 8}}});
  Preprocess p;
  p.scale = 0.5;
  p.mean = {1, 2, 3};
  p.std = {1, 2, 4};
  const auto at = [&](const Tensor& samples, std::size_t i) {
    const Dataset dataset(npz({{"x", samples}}), p, model);
    return dataset.inputs(firstOf(1))[0].as<float>()[i];
  };
  EXPECT_FLOAT_EQ(at(counting<std::uint8_t>({1, 3, 8, 8}), 64), (32 - 2) / 2.0f);
  EXPECT_FLOAT_EQ(at(counting<float>({1, 3, 8, 8}), 64), (32 - 2) / 2.0f);
  EXPECT_FLOAT_EQ(at(counting<std::uint8_t>({1, 8, 8, 3}), 64), (0.5f - 2) / 2);
  p.channels = PixelChannels::BGR;
  EXPECT_FLOAT_EQ(at(counting<std::uint8_t>({1, 3, 8, 8}), 0), 64 - 1) << "blue first";
}

TEST(DatasetArrays, LargerBytePicturesAreScaled) {
  Preprocess p;
  p.channels = PixelChannels::Gray;
  const Dataset dataset(npz({{"x", counting<std::uint8_t>({2, 3, 16, 16})}}), p,
                        modelOf({{"i", {0, 1, 8, 8}}}));
  EXPECT_EQ(dataset.inputs(firstOf(2))[0].shape(), (Shape{2, 1, 8, 8}));
}

TEST(DatasetArrays, NamedArraysFeedNamedInputs) {
  const auto data = npz({{"mask", counting<std::int64_t>({2, 4})},
                         {"ids", counting<std::int64_t>({2, 3})},
                         {"y", Tensor::from<std::uint8_t>({2, 1}, {1, 0})}});
  const Model model = modelOf({{"ids", {0, 3}, DType::Int64}, {"mask", {0, 4}, DType::Int64}});
  const Dataset dataset(data, guessPreprocess(model, *data), model);
  const auto inputs = dataset.inputs(firstOf(2));
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(inputs[1].shape(), (Shape{2, 4}));
  EXPECT_EQ(data->label(0), 1);
}

TEST(DatasetArrays, FloatsAreShownAsPictures) {
  TensorBuilder builder(DType::Float32, {1, 8, 8});
  std::fill(builder.as<float>().begin(), builder.as<float>().end(), 0.5f);
  EXPECT_EQ(npz({{"x", std::move(builder).build()}})->picture(0).pixels[0], 128);
  const auto wide = npz({{"x", counting<float>({1, 1, 8, 8})}});
  EXPECT_EQ(wide->picture(0).pixels[63], 255);
  EXPECT_FALSE(npz({{"x", counting<std::int64_t>({1, 64})}})->pictorial());
}

TEST(DatasetArrays, TellsWhatDoesNotFit) {
  const auto refusal = [](const std::map<std::string, Tensor>& arrays, const std::vector<Input>& inputs) {
    return messageOf([&] {
      const Model model = modelOf(inputs);
      const auto data = npz(arrays);
      Dataset(data, guessPreprocess(model, *data), model);
    });
  };
  const Tensor x = counting<float>({2, 5});
  EXPECT_EQ(
      refusal({{"x", x}}, {{"in", {0, 6}}}),
      "the data cannot feed the model: samples are float32 5, the model's input 'in' expects Nx6 float32");
  EXPECT_EQ(
      refusal({{"x", x}}, {{"in", {0, 5}, DType::Int64}}),
      "the data cannot feed the model: samples are float32 5, the model's input 'in' expects Nx5 int64");
  EXPECT_EQ(
      refusal({{"x", counting<std::uint8_t>({2, 5})}}, {{"in", {0, 3, 8, 8}}}),
      "the data cannot feed the model: samples are uint8 5, the model's input 'in' expects Nx3x8x8 float32");
  EXPECT_THAT(refusal({{"x", x}}, {{"a", {0, 5}}, {"b", {0, 5}}}),
              ::testing::HasSubstr("no array feeds the model's input 'a'; the data hold 'x'"));
  const std::string in = "reading data.npz: ";
  EXPECT_EQ(messageOf([&] {
              npz({{"y", counting<std::int64_t>({3})}});
            }),
            in + "the npz holds no samples: an array 'x', or arrays named as the model's inputs, expected, "
                 "'y' found");
  EXPECT_EQ(messageOf([&] {
              npz({{"x", x}, {"y", counting<std::int64_t>({3})}});
            }),
            in + "array 'y': 3 labels for 2 samples");
  EXPECT_EQ(
      messageOf([&] {
        npz({{"x", x}, {"y", counting<float>({2, 3, 3})}});
      }),
      in + "array 'y': the labels are float32 2x3x3, one whole number or one one-hot row a sample expected");
  EXPECT_EQ(messageOf([&] {
              npz({{"x", x}, {"y", Tensor::from<std::int64_t>({2}, {0, -1})}});
            }),
            in + "array 'y': label -1 of sample 1 is negative, a class index from 0 expected");
  EXPECT_EQ(messageOf([&] {
              npz({{"a", x}, {"b", counting<float>({3, 5})}});
            }),
            in + "array 'b' has 3 samples, 'a' has 2");
  EXPECT_EQ(messageOf([&] {
              npz({{"x", Tensor::scalar(1.0f)}});
            }),
            in + "array 'x' is a single number, an axis of samples expected");
  EXPECT_EQ(messageOf([&] {
              npz({{"x", counting<float>({0, 5})}});
            }),
            in + "array 'x' of shape 0x5 holds no samples");
}

TEST(DatasetFiles, ClassFoldersAreSorted) {
  const TemporaryFolder folder, outside;
  folder.write("b/1.PNG", std::string_view(png(20)));
  folder.write("b/deep/2.png", std::string_view(png(30)));
  folder.write("a/z.png", std::string_view(png(10)));
  folder.write("a/notes.txt", std::string_view("no picture"));
  folder.write(".hidden/x.png", std::string_view(png(1)));
  std::filesystem::create_symlink(outside.write("secret.png", std::string_view(png(9))),
                                  folder.path("a/link.png"));
  std::filesystem::create_directory_symlink(outside.path(), folder.path("c"));
  const auto data = openData(folder.path());
  EXPECT_EQ(data->kind(), "folder");
  EXPECT_THAT(data->classNames(), ElementsAre("a", "b"));
  ASSERT_EQ(data->size(), 3u);
  EXPECT_EQ(data->sampleName(0), "a/z.png");
  EXPECT_EQ(data->label(2), 1);
  const Tensor x = fed(data, modelOf({{"i", {0, 1, 4, 4}}}));
  EXPECT_FLOAT_EQ(x.as<float>()[0], 10 / 255.0f);
  EXPECT_FLOAT_EQ(x.as<float>()[16], 20 / 255.0f);
}

std::vector<DataWarningKind> kindsOf(const DataSource& data) {
  std::vector<DataWarningKind> kinds;
  for (const DataWarning& warning : data.warnings()) kinds.push_back(warning.kind);
  return kinds;
}

TEST(DatasetFiles, FoldersWithoutSamplesAreNoClassesAndNamed) {
  const TemporaryFolder folder;
  folder.write("b/1.png", std::string_view(png(20)));
  folder.write("d/1.png", std::string_view(png(30)));
  folder.write("__MACOSX/b/1.png", std::string_view(png(1)));
  folder.write("b/@eaDir/1.png", std::string_view(png(1)));
  folder.write("b/.cache/1.png", std::string_view(png(1)));
  folder.write("c/notes.txt", std::string_view("no picture"));
  folder.write("b/.DS_Store", std::string_view("no picture"));
  std::filesystem::create_directory(folder.path("a"));
  folder.write("x.png", std::string_view(png(1)));
  folder.write("readme.txt", std::string_view("beside"));
  const auto data = openData(folder.path());
  EXPECT_THAT(data->classNames(), ElementsAre("b", "d"));
  EXPECT_EQ(data->size(), 2u);
  EXPECT_THAT(data->warnings(),
              ElementsAre(DataWarning{DataWarningKind::NoClassFolders, "'__MACOSX', 'a', 'c'", 3},
                          DataWarning{DataWarningKind::LooseFiles, "'x.png'", 1},
                          DataWarning{DataWarningKind::OtherFiles, "1 .txt", 1}));
}

TEST(DatasetFiles, FoldersNamedByNumbersAreTheirNumbers) {
  const TemporaryFolder whole, some, mixed;
  for (const int number : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    whole.write(std::to_string(number) + "/1.png", std::string_view(png(static_cast<std::uint8_t>(number))));
  const auto data = openData(whole.path());
  ASSERT_EQ(data->size(), 12u);
  EXPECT_EQ(data->sampleName(2), "2/1.png");
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(data->label(i), static_cast<std::int64_t>(i));
  EXPECT_EQ(data->classNames()[10], "10");
  EXPECT_THAT(kindsOf(*data), ::testing::IsEmpty());
  for (const char* name : {"2", "10"}) some.write(std::string(name) + "/1.png", std::string_view(png(1)));
  const auto part = openData(some.path());
  EXPECT_EQ(part->label(0), 2);
  EXPECT_EQ(part->label(1), 10);
  EXPECT_EQ(part->classNames().size(), 11u);
  EXPECT_THAT(kindsOf(*part), ElementsAre(DataWarningKind::NumberedFolders));
  for (const char* name : {"2", "ten"}) mixed.write(std::string(name) + "/1.png", std::string_view(png(1)));
  EXPECT_THAT(openData(mixed.path())->classNames(), ElementsAre("2", "ten"));
}

TEST(DatasetFiles, PartsOfADataSetAreQuestioned) {
  const TemporaryFolder folder;
  for (const char* name : {"train/a", "test/a"})
    folder.write(std::string(name) + "/1.png", std::string_view(png(1)));
  EXPECT_THAT(kindsOf(*openData(folder.path())), ElementsAre(DataWarningKind::PartFolders));
}

TEST(DatasetFiles, PicturesWithoutClassesHaveNoLabels) {
  const TemporaryFolder folder;
  folder.write("2.png", std::string_view(png(2)));
  folder.write("1.jpg", std::string_view("broken"));
  const auto data = openData(folder.path());
  EXPECT_FALSE(data->labelled());
  EXPECT_EQ(data->size(), 2u);
  const Model model = modelOf({{"i", {0, 3, 4, 4}}});
  const Dataset dataset(data, guessPreprocess(model, *data), model);
  const std::size_t good[] = {1}, broken[] = {1, 0};
  EXPECT_EQ(dataset.inputs(good)[0].shape(), (Shape{1, 3, 4, 4}));
  EXPECT_EQ(
      folder.withoutPath(messageOf([&] { dataset.inputs(broken); })),
      "reading DIR/1.jpg: not a picture that can be read: PNG, JPEG, WebP, TIFF, BMP, GIF or PNM expected");
}

TEST(DatasetFiles, CsvNamesFilesAndLabels) {
  const TemporaryFolder folder;
  folder.write("p/a,1.png", std::string_view(png(1)));
  folder.write("b.png", std::string_view(png(2)));
  const auto named =
      openData(folder.write("n.csv", std::string_view("file,label\n\"p/a,1.png\",dog\r\nb.png,cat\n")));
  EXPECT_THAT(named->classNames(), ElementsAre("cat", "dog"));
  EXPECT_EQ(named->label(0), 1);
  EXPECT_EQ(named->sampleName(0), "p/a,1.png");
  EXPECT_EQ(named->picture(1).pixels[0], 2);
  const auto numbered = openData(folder.write("i.csv", std::string_view("b.png,7\n")));
  EXPECT_TRUE(numbered->classNames().empty());
  EXPECT_EQ(numbered->label(0), 7);
  EXPECT_FALSE(openData(folder.write("u.csv", std::string_view("b.png\n")))->labelled());
}

TEST(DatasetFiles, IdxPairsFeedModels) {
  const TemporaryFolder folder;
  std::string images("\0\0\x08\x03\0\0\0\x02\0\0\0\x08\0\0\0\x08", 16);
  images += std::string(64, '\x33') + std::string(64, '\xff');
  const std::string x = folder.write("im:ages", std::string_view(images));
  const std::string y =
      folder.write("labels", std::string_view(std::string("\0\0\x08\x01\0\0\0\x02\5\1", 10)));
  const auto data = openData(x + ":" + y);
  EXPECT_EQ(data->kind(), "idx");
  EXPECT_EQ(data->label(0), 5);
  EXPECT_FLOAT_EQ(fed(data, modelOf({{"i", {0, 1, 8, 8}}})).as<float>()[0], 0.2f);
  EXPECT_FALSE(openData(x)->labelled());
  const std::string few = folder.write("few", std::string_view(std::string("\0\0\x08\x01\0\0\0\x01\5", 9)));
  EXPECT_EQ(folder.withoutPath(messageOf([&] { openData(x + ":" + few); })),
            "reading DIR/few: 1 labels for 2 samples");
}

TEST(DatasetFiles, TellsWhatCannotBeOpened) {
  const TemporaryFolder folder, empty;
  folder.write("b.png", std::string_view(png(2)));
  folder.write("x", std::string_view(std::string("\0\0\x08\x01\0\0\0\x01\5", 9)));
  std::filesystem::create_symlink("/etc/hostname", folder.path("out.png"));
  const auto csv = [&](std::string_view text) { return folder.write("d.csv", text); };
  const auto refusal = [&](const std::string& where) {
    return folder.withoutPath(empty.withoutPath(messageOf([&] { openData(where); })));
  };
  EXPECT_EQ(refusal(folder.path("none")), "reading DIR/none: there is no such file or folder");
  EXPECT_EQ(
      refusal(folder.path("x") + ":" + folder.path("none")),
      "reading DIR/none: there is no such file; IMAGES:LABELS, or train, val or test of a file expected");
  EXPECT_EQ(refusal(empty.path()),
            "reading DIR: the folder holds no pictures (.png, .jpg, .jpeg, .jpe, .jfif, .webp, .tif, .tiff, "
            ".bmp, .gif, .pbm, .pgm, .ppm, .pnm) and no sounds (.wav, "
            ".wave, .flac, .ogg, .oga, .opus), neither "
            "in class folders nor directly");
  EXPECT_EQ(refusal(folder.path("b.png")),
            "reading DIR/b.png: not data that can be read: an npz, IMAGES:LABELS (IDX), a folder of class "
            "folders of "
            "pictures or sounds, or a CSV of file,label expected");
  EXPECT_EQ(refusal(folder.write("t.npz", std::string_view("nothing"))),
            "reading DIR/t.npz: not a zip archive, or its end is missing");
  EXPECT_EQ(refusal(csv("file,label\n")),
            "reading DIR/d.csv: the CSV names no files: rows of file,label expected");
  EXPECT_EQ(refusal(csv("gone.png,1\n")),
            "reading DIR/d.csv: line 1: 'gone.png' is not a file in the CSV's folder");
  EXPECT_EQ(refusal(csv("/etc/hostname,1\n")),
            "reading DIR/d.csv: line 1: '/etc/hostname' leads out of the CSV's folder; put the file into "
            "that folder");
  EXPECT_EQ(
      refusal(csv("b.png,1\na/../../x,1\n")),
      "reading DIR/d.csv: line 2: 'a/../../x' leads out of the CSV's folder; put the file into that folder");
  EXPECT_EQ(
      refusal(csv("out.png,1\n")),
      "reading DIR/d.csv: line 1: 'out.png' leads out of the CSV's folder; put the file into that folder");
  EXPECT_EQ(refusal(csv("b.png,1\nb.png\n")),
            "reading DIR/d.csv: line 2: 1 fields stand there, 2 as in the first row expected");
  EXPECT_EQ(
      refusal(csv("b.png,1,2\n")),
      "reading DIR/d.csv: line 1: 3 fields stand there, file,label expected; name the columns in the first "
      "line, such as file_name,label");
  EXPECT_EQ(refusal(csv("b.png,-1\n")),
            "reading DIR/d.csv: line 1: label -1 is negative, a class index from 0 or a name expected");
  EXPECT_EQ(refusal(csv("b.png,\n")), "reading DIR/d.csv: line 1: the label is empty");
}

TEST(DatasetGuess, FollowsShapeAndData) {
  const TemporaryFolder folder;
  folder.write("a.png", std::string_view(png(1)));
  const auto pictures = openData(folder.path());
  const auto guess = [&](std::vector<std::int64_t> shape, DType dtype = DType::Float32) {
    return guessPreprocess(modelOf({{"i", std::move(shape), dtype}}), *pictures);
  };
  EXPECT_EQ(guess({0, 3, 32, 32}).layout, PixelLayout::NCHW);
  EXPECT_EQ(guess({0, 3, 32, 32}).channels, PixelChannels::RGB);
  EXPECT_EQ(guess({0, 3, 32, 32}).scale, 1.0 / 255);
  EXPECT_EQ(guess({0, 32, 32, 3}).layout, PixelLayout::NHWC);
  EXPECT_EQ(guess({0, 1, 28, 28}).channels, PixelChannels::Gray);
  EXPECT_EQ(guess({0, 32, 32, 3}, DType::UInt8).scale, 1);
  EXPECT_EQ(guess({0, 3, 32, 32}, DType::Float16).dtype, DType::Float16);
  EXPECT_EQ(guess({0, 784}).crop, 28);
  EXPECT_EQ(fed(pictures, modelOf({{"i", {0, 784}}})).shape(), (Shape{1, 784}));
}

TEST(DatasetGuess, ADocumentBesideTheModelWins) {
  const TemporaryFolder folder;
  Model model = modelOf({{"i", {0, 1, 8, 8}}});
  const auto data = npz({{"x", counting<std::uint8_t>({1, 8, 8})}});
  model.source.path = folder.path("m.onnx");
  EXPECT_EQ(choosePreprocess(model, *data).origin, PreprocessOrigin::Guessed);
  folder.write("m.preprocess.json", std::string_view("{\"scale\": 2}"));
  EXPECT_EQ(choosePreprocess(model, *data).preprocess.scale, 2);
  folder.write("m.onnx.preprocess.json", std::string_view("{\"scale\": 3}"));
  EXPECT_EQ(choosePreprocess(model, *data).preprocess.scale, 3);
  EXPECT_EQ(choosePreprocess(model, *data).origin, PreprocessOrigin::BesideModel);
  folder.write("m.onnx.preprocess.json", std::string_view("{\"scale\": \"3\"}"));
  EXPECT_EQ(folder.withoutPath(messageOf([&] { choosePreprocess(model, *data); })),
            "reading DIR/m.onnx.preprocess.json: preprocess key 'scale': \"3\" stands there, a number other "
            "than 0 expected");
}

TEST(DatasetOrder, EveryPrefixHoldsTheClassesInTheirShare) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < 400; ++i) labels.push_back(i < 250 ? 0 : i < 370 ? 1 : 9);
  const auto data = npz({{"x", counting<float>({400, 2})},
                         {"y", Tensor::from<std::int64_t>({400}, std::span<const std::int64_t>(labels))}});
  const Model model = modelOf({{"i", {0, 2}}});
  const Dataset one(data, {}, model), two(data, {}, model);
  EXPECT_EQ(one.order(), two.order());
  EXPECT_NE(one.id(), two.id());
  std::map<std::int64_t, double> seen;
  for (std::size_t n = 1; n <= 400; ++n) {
    ++seen[labels[one.order()[n - 1]]];
    for (const auto& [label, count] : std::map<std::int64_t, double>{{0, 250}, {1, 120}, {9, 30}})
      EXPECT_LE(std::abs(seen[label] - count * static_cast<double>(n) / 400), 1.5) << n;
  }
  std::vector<std::size_t> sorted = one.order();
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, firstOf(400));
  const auto class0 = std::vector<std::size_t>(one.order().begin(), one.order().begin() + 40);
  EXPECT_FALSE(std::is_sorted(class0.begin(), class0.end()));
}

TEST(DatasetOrder, SamplesOfSeveralSizesAreTold) {
  const TemporaryFolder folder;
  folder.write("a.png", std::string_view(png(1, 4)));
  folder.write("b.png", std::string_view(png(1, 5)));
  const auto data = openData(folder.path());
  const Dataset dataset(data, {}, modelOf({{"i", {0, 3, 0, 0}}}));
  EXPECT_EQ(
      messageOf([&] { dataset.inputs(firstOf(2)); }),
      "sample b.png becomes 3x5x5 for input 'i', others 3x4x4; set the preprocess keys 'resize' and 'crop'");
}

std::string asset(const std::string& name) { return std::string(LAPIDARY_ASSETS_DIR) + "/" + name; }
bool missing(const std::string& path) { return !std::filesystem::exists(path); }

TEST(DatasetAssets, Cifar) {
  if (missing(asset("cifar10"))) GTEST_SKIP() << "skipped: no ../shared";
  const auto data = openData(asset("cifar10/test-1000"));
  ASSERT_EQ(data->size(), 1000u);
  EXPECT_EQ(data->classNames().size(), 10u);
  EXPECT_EQ(data->classNames()[0], "airplane");
  const Model model = modelOf({{"input", {0, 3, 32, 32}}});
  const Dataset dataset(data, guessPreprocess(model, *data), model);
  Tensor parallel[4];
  {
    std::vector<std::jthread> threads;
    for (Tensor& result : parallel)
      threads.emplace_back([&] { result = dataset.inputs(dataset.order())[0]; });
  }
  for (const Tensor& result : parallel) {
    EXPECT_EQ(result.shape(), (Shape{1000, 3, 32, 32}));
    EXPECT_EQ(stringOf(result.bytes()), stringOf(parallel[0].bytes()));
  }
  const auto start = std::chrono::steady_clock::now();
  dataset.inputs(std::span(dataset.order()).first(100));
  RecordProperty(
      "microseconds_of_100_prepared",
      static_cast<int>(
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count()));
}

TEST(DatasetAssets, ArraysFeedTheirModels) {
  if (missing(asset("sms"))) GTEST_SKIP() << "skipped: no ../shared";
  EXPECT_EQ(fed(openData(asset("sms/sms_test.npz")), modelOf({{"input_ids", {0, 64}, DType::Int64}})).shape(),
            (Shape{1174, 64}));
  const auto audio = openData(asset("digits-audio/fsdd_test.npz"));
  const Tensor logmel = fed(audio, modelOf({{"logmel", {0, 1, 40, 62}}}));
  EXPECT_EQ(logmel.shape(), (Shape{300, 1, 40, 62}));
  EXPECT_EQ(stringOf(logmel.bytes().first(9920)), stringOf(audio->arrays(0)[0].second.bytes()));
  EXPECT_EQ(audio->picture(0).width, 62);
}

TEST(DatasetAssets, TheDemo) {
  const std::string path = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/digits_test.npz";
  const auto data = openData(path);
  EXPECT_EQ(data->size(), 2000u);
  const Tensor x = fed(data, modelOf({{"image", {0, 1, 28, 28}}}));
  EXPECT_EQ(*std::max_element(x.as<float>().begin(), x.as<float>().end()), 1);
}

}  // namespace
}  // namespace lapidary::core
