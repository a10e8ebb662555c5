// SPDX-License-Identifier: GPL-3.0-or-later
// Data as people have them, measured by the command line: the same digits in many forms give the same
// accuracy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command.h"
#include "core/files/bytes.h"
#include "core/files/image.h"
#include "core/files/sha256.h"
#include "core/io/numpy/npz.h"
#include "tests/core/files/picture_bytes.h"
#include "tests/core/session/bundle_members.h"

namespace lapidary {
namespace {

using core::Tensor;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;

constexpr std::int64_t count = 60, side = 28;

/// The first digits of the demo.
struct Digits {
  Digits() {
    const auto arrays = core::readNpz(core::mapFile(test::digits));
    x = first(arrays.at("x"), count);
    const Tensor all = core::convert(arrays.at("y"), core::DType::Int64);
    y = first(all, count);
  }
  static Tensor first(const Tensor& tensor, std::int64_t rows) {
    core::Shape shape = tensor.shape();
    const std::size_t bytes = tensor.bytes().size() / static_cast<std::size_t>(shape[0]);
    shape[0] = rows;
    return {tensor.dtype(), shape,
            core::Bytes{tensor.owner(), tensor.bytes().first(bytes * static_cast<std::size_t>(rows))}};
  }
  std::int64_t label(std::size_t i) const { return y.as<std::int64_t>()[i]; }

  Tensor x, y;
};

std::string npzFile(const Folder& folder, const std::string& name,
                    const std::map<std::string, Tensor>& arrays) {
  std::string content;
  core::writeNpz(arrays, [&](std::span<const std::byte> bytes) { content += core::textOf(bytes); });
  return folder.write(name, content);
}

nlohmann::json evaluated(const std::string& data, const std::string& more = "") {
  const Finished done = lapidary("evaluate " + lenet + " --data '" + data + "' --json " + more);
  EXPECT_EQ(done.status, 0) << done.err;
  return done.status == 0 ? done.json() : nlohmann::json::object();
}

std::vector<std::string> idsOf(const nlohmann::json& json) {
  std::vector<std::string> ids;
  for (const auto& warning : json.value("warnings", nlohmann::json::array())) ids.push_back(warning["id"]);
  return ids;
}

double plainTop1(const Folder& folder, const Digits& digits) {
  return evaluated(npzFile(folder, "plain.npz", {{"x", digits.x}, {"y", digits.y}}))["top1"];
}

TEST(Data, PartsOfKeras) {
  const Folder folder;
  const Digits digits;
  const std::string file = npzFile(folder, "keras.npz",
                                   {{"x_train", Digits::first(digits.x, 30)},
                                    {"y_train", Digits::first(digits.y, 30)},
                                    {"x_test", digits.x},
                                    {"y_test", digits.y.reshaped({count, 1})}});
  const auto test = evaluated(file);
  EXPECT_EQ(test["samples"], count);
  EXPECT_EQ(test["top1"], plainTop1(folder, digits));
  EXPECT_THAT(idsOf(test), ::testing::ElementsAre("data-part"));
  const auto train = evaluated(file + ":train");
  EXPECT_EQ(train["samples"], 30);
  EXPECT_FALSE(train.contains("warnings"));
}

/// Whoever reads the bundle later knows which part its figures are of.
TEST(Data, TheManifestNamesThePart) {
  const Folder folder;
  const Digits digits;
  const std::string file = npzFile(folder, "keras.npz",
                                   {{"x_train", Digits::first(digits.x, 30)},
                                    {"y_train", Digits::first(digits.y, 30)},
                                    {"x_test", digits.x},
                                    {"y_test", digits.y}});
  for (const std::string part : {"", ":train"}) {
    const Finished done =
        lapidary("compress " + lenet + " --bits 8 --data " + file + part + " -o " + (folder / "b.zip"));
    ASSERT_EQ(done.status, 0) << done.err;
    const auto data = nlohmann::json::parse(core::memberOf(folder / "b.zip", "manifest.json"))["data"];
    EXPECT_EQ(data["name"], part.empty() ? "keras.npz:test" : "keras.npz:train");
    EXPECT_EQ(data["sha256"], core::sha256(core::mapFile(file).view));
  }
}

TEST(Data, LabelsOfEveryForm) {
  const Folder folder;
  const Digits digits;
  const double top1 = plainTop1(folder, digits);
  core::TensorBuilder rows(core::DType::Float32, {count, 10});
  std::ranges::fill(rows.as<float>(), 0.0f);
  for (std::size_t i = 0; i < count; ++i)
    rows.as<float>()[i * 10 + static_cast<std::size_t>(digits.label(i))] = 1;
  const Tensor hot = std::move(rows).build();
  for (const Tensor& y : {core::convert(digits.y, core::DType::Float64), hot,
                          core::convert(hot, core::DType::Bool), core::convert(hot, core::DType::Int32)})
    EXPECT_EQ(evaluated(npzFile(folder, "labels.npz", {{"x", digits.x}, {"y", y}}))["top1"], top1);
  core::TensorBuilder soft(core::DType::Float32, {count, 10});
  std::ranges::fill(soft.as<float>(), 0.1f);
  const Finished refused =
      lapidary("evaluate " + lenet + " --data " +
               npzFile(folder, "soft.npz", {{"x", digits.x}, {"y", std::move(soft).build()}}));
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, HasSubstr("numpy.argmax over axis 1"));
}

/// A gray digit, stored as a camera that was held so stores it.
std::string storedDigit(const Digits& digits, std::size_t i, std::uint32_t orientation) {
  const auto pixels = digits.x.as<std::uint8_t>().subspan(i * side * side, side * side);
  core::Picture picture{side, side, 1, {pixels.begin(), pixels.end()}};
  for (std::size_t r = 0; r < side; ++r)
    for (std::size_t c = 0; c < side; ++c) {
      const std::size_t seen = r * side + c;
      // 3: upside down; 6: turned to the right when looked at, so stored turned to the left.
      const std::size_t at = orientation == 3   ? (side - 1 - r) * side + (side - 1 - c)
                             : orientation == 6 ? (side - 1 - c) * side + r
                                                : seen;
      picture.pixels[at] = pixels[seen];
    }
  std::string png(core::textOf(core::encodePng(picture)));
  if (orientation == 1) return png;
  const std::string exif = core::testing::exifOf(orientation), name = "eXIf";
  const std::string length = core::testing::number(exif.size(), 4),
                    sum = core::testing::number(core::testing::crcOf(name + exif), 4);
  return png.insert(
      33, std::string(length.rbegin(), length.rend()) + name + exif + std::string(sum.rbegin(), sum.rend()));
}

TEST(Data, PicturesAreTurnedAsTheirTagSays) {
  const Folder folder;
  const Digits digits;
  for (std::size_t i = 0; i < count; ++i)
    folder.write("set/" + std::to_string(digits.label(i)) + "/" + std::to_string(i) + ".png",
                 storedDigit(digits, i,
                             i % 3 == 0   ? 1
                             : i % 3 == 1 ? 3
                                          : 6));
  const std::string preprocess = folder.write("pre.json", std::string(R"({"scale": 0.00392156862745098})"));
  const auto json = evaluated(folder / "set", "--preprocess " + preprocess);
  EXPECT_EQ(json["top1"], plainTop1(folder, digits));
  EXPECT_EQ(json["preprocess"]["channels"], "gray") << "of the model's input";
  EXPECT_THAT(idsOf(json), ::testing::ElementsAre("guessed-preprocess"));
}

TEST(Data, TablesWithHeaders) {
  const Folder folder;
  const Digits digits;
  std::string metadata = "file_name,label\n", excel =
                                                  "\xef\xbb\xbf"
                                                  "id;label;file name;split\r\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = std::to_string(i) + ".png", label = std::to_string(digits.label(i));
    folder.write("img/" + name, storedDigit(digits, i, 1));
    metadata += "img/" + name + ", " + label + "\n";
    excel += std::to_string(i) + ";" + label + ";img\\" + name + ";test\r\n";
  }
  const double top1 = plainTop1(folder, digits);
  EXPECT_EQ(evaluated(folder.write("metadata.csv", metadata))["top1"], top1);
  const auto other = evaluated(folder.write("excel.csv", excel));
  EXPECT_EQ(other["top1"], top1);
  EXPECT_THAT(idsOf(other), ::testing::ElementsAre("other-columns"));
}

TEST(Data, LabelsNumberedOtherwiseAreQuestioned) {
  const Folder folder;
  const Digits digits;
  core::TensorBuilder shifted(core::DType::Int64, {count});
  for (std::size_t i = 0; i < count; ++i) shifted.as<std::int64_t>()[i] = (digits.label(i) + 1) % 10;
  const auto json =
      evaluated(npzFile(folder, "shifted.npz", {{"x", digits.x}, {"y", std::move(shifted).build()}}));
  EXPECT_THAT(idsOf(json), ::testing::ElementsAre("permuted-classes"));
  core::TensorBuilder one(core::DType::Int64, {count});
  std::ranges::fill(one.as<std::int64_t>(), 4);
  EXPECT_THAT(idsOf(evaluated(npzFile(folder, "one.npz", {{"x", digits.x}, {"y", std::move(one).build()}}))),
              ::testing::ElementsAre("one-class"));
}

TEST(Data, AConfigurationBesideTheModelIsRead) {
  const Folder folder;
  const Digits digits;
  std::filesystem::copy_file(lenet, folder / "model.onnx");
  folder.write("preprocessor_config.json",
               std::string(R"({"do_rescale": true, "rescale_factor": 0.00392156862745098, "do_pad": true})"));
  const std::string data = npzFile(folder, "d.npz", {{"x", digits.x}, {"y", digits.y}});
  const Finished done = lapidary("evaluate " + (folder / "model.onnx") + " --data " + data + " --json");
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(done.json()["preprocess_origin"], "beside_model");
  EXPECT_EQ(done.json()["top1"], plainTop1(folder, digits));
  EXPECT_THAT(idsOf(done.json()), ::testing::ElementsAre("preprocess-keys-ignored", "guessed-preprocess"));
}

}  // namespace
}  // namespace lapidary
