// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors: damaged files and their exact messages, round trips, and large files that are mapped.
#include "core/io/safetensors/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/core/io/onnx/onnx_builder.h"
#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;

std::string lengthOf(std::uint64_t length) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(length >> (8 * i));
  return text;
}

std::string file(const std::string& json, std::size_t dataBytes) {
  return lengthOf(json.size()) + json + std::string(dataBytes, '\0');
}

std::string refusalOfText(const std::string& content) {
  return messageOf([&] { readModel(ReadSource{bytesOf(content), "m.safetensors", ""}); });
}

struct Damage {
  std::string content;
  std::string message;
};

TEST(SafetensorsDamage, EachGivesItsMessage) {
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::vector<Damage> rows{
      {"abc", "the file has 3 bytes, at least 8 expected for the header's length"},
      {lengthOf(std::uint64_t{1} << 60) + "{}",
       "the header is said to take 1152921504606846976 bytes, 2 are left in the file"},
      {lengthOf(~std::uint64_t{0}) + "{}",
       "the header is said to take 18446744073709551615 bytes, 2 are left in the file"},
      {lengthOf(100) + good, "the header is said to take 100 bytes, 54 are left in the file"},
      {file("{\"a\":", 0), "the header is not JSON"},
      {file("{\"a\xff\":1}", 0), "the header is not JSON"},
      {file("[1,2]", 0), "the header is no JSON object"},
      {file(good, 7), "tensor 'a': its data end at byte 8, the file holds 7"},
      {file(R"({"a":5})", 8), "tensor 'a': is no JSON object"},
      {file(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", 8), "tensor 'a': has no dtype"},
      {file(R"({"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,4]}})", 8),
       "tensor 'a': its data take 4 bytes, 2 expected for F8_E4M3 2"},
      {file(R"({"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,4]}})", 8),
       "tensor 'a': its data take 4 bytes, 3 expected for F6_E2M3 4"},
      {file(R"({"a":{"dtype":"int8; x","shape":[4],"data_offsets":[0,4]}})", 8),
       "tensor 'a': its dtype is no word of capital letters and digits"},
      {file(R"({"__metadata__":{"element_type.a":"{}"},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
            4),
       "__metadata__ 'element_type.a' is not of the form {\"shape\":[2],\"type\":\"complex128\"}"},
      {file(R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", 8),
       "tensor 'a': its shape is not a list of whole numbers"},
      {file(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8),
       "tensor 'a': its shape is not a list of whole numbers"},
      {file(R"({"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}})", 8),
       "tensor 'a': its shape is not a list of whole numbers"},
      {file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8),
       "tensor 'a': its data_offsets are not two rising whole numbers"},
      {file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8),
       "tensor 'a': its data_offsets are not two rising whole numbers"},
      {file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 8),
       "tensor 'a': its data take 4 bytes, 8 expected for F32 2"},
      {file(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})", 8),
       "tensor 'a': shape 4611686018427387904x4 holds more elements than can be counted"},
      {file(
           R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
           12),
       "the data of 'a' and 'b' overlap"},
      {file(
           R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
           16),
       "'a' stands in the header twice"},
      {file(R"({"a":[[[[[[[[]]]]]]]]})", 0), "the header's JSON is nested too deep"},
      {file(R"({"__metadata__":{"k":1}})", 0), "__metadata__ 'k' is not text"},
      {file(R"({"__metadata__":[]})", 0), "__metadata__ is no JSON object"},
      {file(R"({"__metadata__":{"encoding.a":"x"}})", 0),
       "__metadata__ 'encoding.a' is not of the form {\"axis\":0,\"bits\":8}"},
      {file(R"({"__metadata__":{"encoding.a":"{\"axis\":0,\"bits\":77}"}})", 0),
       "__metadata__ 'encoding.a' has bits or an axis out of range"},
      {file(R"({"__metadata__":{"encoding.a":"{\"axis\":0,\"bits\":8}"}})", 0),
       "tensor 'a': is noted as integers, but 'a' is missing"},
      {file(
           R"({"__metadata__":{"encoding.a":"{\"axis\":0,\"bits\":8}"},"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}})",
           2),
       "tensor 'a': is noted as integers, but 'a.scale' is missing"},
      {file(
           R"({"__metadata__":{"encoding.a":"{\"axis\":0,\"bits\":8}"},"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"a.scale":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
           12),
       "tensor 'a': scales of shape 2 do not fit a quantized tensor of shape 4"},
      {file(
           R"({"__metadata__":{"encoding.a":"{\"axis\":0,\"bits\":8}"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
           8),
       "tensor 'a': is noted as integers, but is float32"},
  };
  for (const Damage& row : rows) EXPECT_EQ(refusalOfText(row.content), "m.safetensors: " + row.message);
  EXPECT_EQ(refusalOfText(file(good, 8)), "no error");
}

TEST(Safetensors, EveryPrefixAndFlippedByteIsAnErrorOrAModel) {
  const std::string whole = file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NE(refusalOfText(whole.substr(0, i)), "");
    for (const int flip : {1, 0x80, 0xff}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      EXPECT_NE(refusalOfText(changed), "");
    }
  }
}

Model weightsOnly(std::vector<std::pair<std::string, Tensor>> tensors) {
  auto graph = std::make_shared<Graph>();
  for (auto& [name, tensor] : tensors) {
    graph->initializers.emplace(ValueId{static_cast<std::uint32_t>(graph->values.size())}, tensor);
    graph->values.push_back({name, std::nullopt, std::nullopt, {}});
  }
  Model model;
  model.graph = graph;
  model.weights = graph->initializers;
  model.layers = findLayers(*graph);
  return model;
}

TEST(Safetensors, RoundTripsEveryType) {
  const Tensor floats = Tensor::from<float>({2, 3}, {1, -2, 3.5f, 0, 1e-30f, -0.0f});
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const DType type :
       {DType::Float32, DType::Float64, DType::Float16, DType::BFloat16, DType::Int8, DType::UInt8,
        DType::Int16, DType::UInt16, DType::Int32, DType::UInt32, DType::Int64, DType::UInt64, DType::Bool})
    tensors.emplace_back(std::string(name(type)), convert(floats, type));
  tensors.emplace_back("nothing", Tensor::from<float>({0, 3}, {}));
  tensors.emplace_back("one", Tensor::scalar(2.0f));
  const Model model = weightsOnly(tensors);
  for (const std::string ending : {".safetensors", ".npz"}) {
    const Model back = reread(model, ending);
    for (const auto& [name, tensor] : tensors) {
      const ValueId id = back.graph->findValue(name);
      ASSERT_TRUE(id.valid()) << name << ending;
      const Tensor& found = back.weights.at(id);
      const bool lacking = ending == ".npz" && tensor.dtype() == DType::BFloat16;
      const Tensor wanted = lacking ? toFloat32(tensor) : tensor;
      EXPECT_EQ(found.dtype(), wanted.dtype());
      EXPECT_EQ(found.shape(), wanted.shape());
      EXPECT_TRUE(std::ranges::equal(found.bytes(), wanted.bytes())) << name << ending;
    }
    EXPECT_EQ(formatForPath("m" + ending)->sizeOf(model), written(model, ending).size());
  }
}

/// Values, metadata and bytes of what nothing computes with.
TEST(Safetensors, TypesThatCannotBeCutCloseNothing) {
  const std::string text = file(
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]},)"
      R"("a_scale":{"dtype":"F8_E8M0","shape":[2,1],"data_offsets":[4,6]},)"
      R"("b":{"dtype":"F32","shape":[2],"data_offsets":[6,14]},"c":{"dtype":"C64","shape":[1],"data_offsets":[14,22]},)"
      R"("d":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[22,25]},"e":{"dtype":"I2","shape":[9],"data_offsets":[25,28]},)"
      R"("f":{"dtype":"F4","shape":[4],"data_offsets":[28,30]}})",
      30);
  std::string filled = text;
  for (std::size_t i = 0; i < 30; ++i) filled[text.size() - 30 + i] = static_cast<char>(i * 7 + 1);
  const Model model = readModel(ReadSource{bytesOf(filled), "m.safetensors", ""});
  const auto told = [&](WarningKind kind) {
    const auto found = std::ranges::find(model.warnings, kind, &Warning::kind);
    return found == model.warnings.end() ? "" : found->detail;
  };
  EXPECT_EQ(told(WarningKind::KeptTensors), "c (complex64 1), d (float6_e3m2fn 4), e (I2 9)");
  EXPECT_EQ(told(WarningKind::ScalesBeside), "a (a_scale)");
  ASSERT_EQ(model.layers.size(), 4u);
  EXPECT_EQ(model.layers[0].spared, Spared::No);
  EXPECT_EQ(model.layers[1].spared, Spared::Scale);
  const Model back = readModel(ReadSource{bytesOf(written(model, ".safetensors")), "m.safetensors", ""});
  EXPECT_EQ(back.source.metadata, model.source.metadata);
  ASSERT_EQ(back.source.kept.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(back.source.kept[i].type, model.source.kept[i].type);
    EXPECT_EQ(back.source.kept[i].shape, model.source.kept[i].shape);
    EXPECT_EQ(stringOf(back.source.kept[i].bytes.view), stringOf(model.source.kept[i].bytes.view));
  }
  for (const Layer& layer : model.layers)
    EXPECT_TRUE(std::ranges::equal(back.weights.at(back.graph->findValue(layer.name)).bytes(),
                                   model.weights.at(layer.weight).bytes()))
        << layer.name;
  EXPECT_EQ(written(back, ".safetensors"), written(model, ".safetensors"));
  EXPECT_EQ(formatForPath("m.npz")->sizeOf(model), written(model, ".npz").size());
}

TEST(Safetensors, FurtherNamesInTheMetadataAreTies) {
  const std::string text = file(
      R"({"__metadata__":{"format":"pt","head":"emb","note":"x"},"emb":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})",
      8);
  const Model model = readModel(ReadSource{bytesOf(text), "m.safetensors", ""});
  EXPECT_THAT(model.layers.at(0).furtherNames, ::testing::ElementsAre("head"));
  EXPECT_EQ(model.source.metadata.size(), 2u);
  EXPECT_THAT(written(model, ".safetensors"),
              ::testing::HasSubstr(R"("__metadata__":{"format":"pt","head":"emb","note":"x"})"));
}

TEST(Safetensors, TrainingStateOfAnyNameIsLeftOut) {
  std::string json = "{";
  std::size_t at = 0;
  for (const char* name :
       {"model.fc.weight", "o.fc.weight.exp_avg", "o.fc.weight.exp_avg_sq", "o.fc.weight.step",
        "opt.mu.fc.weight", "opt.nu.fc.weight", "ema.fc.weight", "other.mu.x"}) {
    json += std::string(at > 0 ? "," : "") + '"' + name +
            R"(":{"dtype":"F32","shape":[1,2],"data_offsets":[)" + std::to_string(at) + ',' +
            std::to_string(at + 8) + "]}";
    at += 8;
  }
  const Model model = readModel(ReadSource{bytesOf(file(json + "}", at)), "m.safetensors", ""});
  ASSERT_EQ(model.layers.size(), 2u);
  EXPECT_EQ(model.layers[1].name, "other.mu.x");
  const auto found = std::ranges::find(model.warnings, WarningKind::TrainingState, &Warning::kind);
  ASSERT_NE(found, model.warnings.end());
  EXPECT_EQ(found->detail, "o, opt");
}

WeightEncoding encodingOf(DType type, bool perChannel, bool offset) {
  WeightEncoding encoding;
  encoding.bits = 5;
  encoding.codes = convert(Tensor::from<std::int64_t>({2, 3}, {1, 2, 3, 4, 5, 31}), type);
  encoding.axis = perChannel ? 0 : -1;
  encoding.scale = perChannel ? Tensor::from<float>({2}, {0.5f, 0.25f}) : Tensor::scalar(0.5f);
  encoding.zeroPoint =
      convert(perChannel ? Tensor::from<std::int64_t>({2}, {1, 4}) : Tensor::scalar<std::int64_t>(2), type);
  if (offset)
    encoding.offset = perChannel ? Tensor::from<float>({2}, {0.125f, 1.0f}) : Tensor::scalar(0.125f);
  return encoding;
}

TEST(Safetensors, IntegerWeightsComeBackWithTheirEncoding) {
  const Model original = weightsOnly({{"a.weight", Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6})}});
  for (const std::string ending : {".safetensors", ".npz"})
    for (const DType type : {DType::Int8, DType::UInt8, DType::Int16, DType::UInt16})
      for (const bool perChannel : {false, true})
        for (const int offset : {0, 1, 2}) {
          WeightEncoding encoding = encodingOf(type, perChannel, offset > 0);
          encoding.offsetEverywhere = offset == 2;
          Model cut = original;
          cut.encodings[ValueId{0}] = std::make_shared<const WeightEncoding>(encoding);
          const std::string text = written(cut, ending);
          EXPECT_EQ(formatForPath("m" + ending)->sizeOf(cut), text.size());
          const Model back = readModel(ReadSource{bytesOf(text), "m" + ending, ""});
          ASSERT_EQ(back.layers.size(), 1u);
          EXPECT_EQ(back.layers[0].name, "a.weight");
          const auto& found = *back.encodings.at(back.layers[0].weight);
          EXPECT_EQ(found.bits, 5u);
          EXPECT_EQ(found.axis, encoding.axis);
          EXPECT_EQ(found.offsetEverywhere, encoding.offsetEverywhere);
          EXPECT_EQ(found.codes.dtype(), type);
          const float zero0 = perChannel ? 1.0f : 2.0f;
          const float shift = offset == 0 ? 0.0f : 0.125f;
          const float first = (1.0f - zero0) * 0.5f + (zero0 == 1.0f && offset == 1 ? 0.0f : shift);
          EXPECT_EQ(layerWeight(back, back.layers[0]).as<float>()[0], first);
          const float last =
              perChannel ? (31.0f - 4) * 0.25f + (offset ? 1.0f : 0.0f) : (31.0f - 2) * 0.5f + shift;
          EXPECT_EQ(layerWeight(back, back.layers[0]).as<float>()[5], last);
        }
}

TEST(Safetensors, CodebooksAndBlocksComeBack) {
  const Model original = weightsOnly({{"a", Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6})}});
  WeightEncoding encoding;
  encoding.bits = 2;
  encoding.codes = Tensor::from<std::uint8_t>({2, 3}, {0, 1, 2, 2, 1, 0});
  encoding.codebook = Tensor::from<float>({3}, {-1, 0.5f, 2});
  encoding.axis = 0;
  encoding.blockSize = 2;
  encoding.scale = Tensor::from<float>({2, 2}, {1, 10, 100, 1000});
  encoding.inputScale = Tensor::from<float>({3}, {1, 2, 4});
  for (const std::string ending : {".safetensors", ".npz"}) {
    Model cut = original;
    cut.encodings[ValueId{0}] = std::make_shared<const WeightEncoding>(encoding);
    const std::string text = written(cut, ending);
    EXPECT_EQ(formatForPath("m" + ending)->sizeOf(cut), text.size());
    const Model back = readModel(ReadSource{bytesOf(text), "m" + ending, ""});
    ASSERT_EQ(back.layers.size(), 1u);
    EXPECT_THAT(layerWeight(back, back.layers[0]).as<float>(),
                ::testing::ElementsAre(-1, 1, 80, 200, 100, -4000));
    EXPECT_EQ(back.encodings.at(back.layers[0].weight)->blockSize, 2);
    for (const auto& spoil : std::vector<std::function<void(WeightEncoding&)>>{
             [](WeightEncoding& e) {
               e.codes = Tensor::from<std::uint8_t>({2, 3}, {0, 1, 2, 3, 1, 0});
             },
             [](WeightEncoding& e) {
               e.scale = Tensor::from<float>({2}, {1, 2});
             },
             [](WeightEncoding& e) {
               e.codebook = Tensor::from<float>({1, 3}, {1, 2, 3});
             },
             [](WeightEncoding& e) {
               e.inputScale = Tensor::from<float>({2}, {1, 2});
             },
             [](WeightEncoding& e) { e.axis = -1; }}) {
      WeightEncoding bad = encoding;
      spoil(bad);
      cut.encodings[ValueId{0}] = std::make_shared<const WeightEncoding>(bad);
      EXPECT_THROW(readModel(ReadSource{bytesOf(written(cut, ending)), "m" + ending, ""}), Error);
    }
  }
}

TEST(Safetensors, MisalignedTensorsAreCopiedOthersAreViews) {
  std::string json =
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})";
  json.resize((json.size() + 7) / 8 * 8, ' ');
  const Bytes bytes = bytesOf(file(json, 5));
  const Model model = readModel(ReadSource{bytes, "m.safetensors", ""});
  const auto inside = [&](const Tensor& t) {
    return t.bytes().data() >= bytes.view.data() && t.bytes().data() < bytes.view.data() + bytes.view.size();
  };
  EXPECT_TRUE(inside(model.weights.at(model.graph->findValue("a"))));
  EXPECT_FALSE(inside(model.weights.at(model.graph->findValue("b"))));
}

TEST(Safetensors, LayerTableOf500MegabytesIsThereAtOnce) {
  const fs::path path =
      fs::path(::testing::TempDir()) / ("large_" + std::to_string(::getpid()) + ".safetensors");
  std::string json = "{";
  constexpr std::size_t each = 1'250'000 * 4, count = 100;
  for (std::size_t i = 0; i < count; ++i)
    json += (i ? ",\"" : "\"") + std::string("layers.") + std::to_string(i) +
            R"(.weight":{"dtype":"F32","shape":[1250,1000],"data_offsets":[)" + std::to_string(i * each) +
            "," + std::to_string((i + 1) * each) + "]}";
  json += "}";
  json.resize((json.size() + 7) / 8 * 8, ' ');  // as the format's own writer aligns the data
  std::ofstream(path) << lengthOf(json.size()) << json;
  fs::resize_file(path, 8 + json.size() + count * each);
  const auto start = std::chrono::steady_clock::now();
  const Model model = readModel(path.string());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fs::remove(path);
  EXPECT_EQ(model.layers.size(), count);
  EXPECT_EQ(model.layers[10].name, "layers.10.weight");
  EXPECT_EQ(model.parameters(), 125'000'000);
  EXPECT_LT(seconds, 5.0);
  RecordProperty("seconds", std::to_string(seconds));
}

TEST(Safetensors, ReadsTheVoiceActivityModel) {
  const fs::path path = fs::path(LAPIDARY_ASSETS_DIR) / "silero/silero_vad_16k.safetensors";
  if (!fs::exists(path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(path.string());
  EXPECT_EQ(model.parameters(), 309'633);
  EXPECT_FALSE(model.runnable());
  const Model back = reread(model, ".safetensors");
  for (const Layer& layer : model.layers) {
    const LayerId same = back.findLayer(layer.name);
    ASSERT_TRUE(same.valid());
    EXPECT_TRUE(
        std::ranges::equal(layerWeight(back, back.layer(same)).bytes(), layerWeight(model, layer).bytes()));
  }
}

}  // namespace
}  // namespace lapidary::core::testing
