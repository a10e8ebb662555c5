// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints as people have them: tied weights, element types of every kind, and what a training leaves in
// them.
#include <gmock/gmock.h>

#include "core/io/common/format.h"
#include "tests/core/io/torch/torch_builder.h"
#include "tests/support/messages.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using torch::dictionary;
using torch::View;
using namespace std::string_literals;
using Storages = std::vector<std::pair<std::string, std::string>>;

Model opened(const torch::Code& root, const Storages& storages) {
  return readModel(ReadSource{bytesOf(torch::checkpoint(root, storages)), "m.pt", ""});
}

std::string writtenAs(const Model& model, const std::string& ending) {
  std::string text;
  formatForPath("m" + ending)
      ->write(model, [&](std::span<const std::byte> bytes) { text += textOf(bytes); }, {});
  EXPECT_EQ(formatForPath("m" + ending)->sizeOf(model), text.size()) << ending;
  return text;
}

Model rewritten(const Model& model, const std::string& ending) {
  return readModel(ReadSource{bytesOf(writtenAs(model, ending)), "m" + ending, ""});
}

std::string detailOf(const Model& model, WarningKind kind) {
  for (const Warning& warning : model.warnings)
    if (warning.kind == kind) return warning.detail;
  return "";
}

std::vector<std::string> namesIn(const Model& model) {
  std::vector<std::string> names;
  for (const auto& [id, tensor] : model.weights) names.push_back(model.graph->value(id).name);
  return names;
}

std::vector<float> valuesIn(const Model& model, const std::string& name) {
  const Tensor floats = toFloat32(model.weights.at(model.graph->findValue(name)));
  return {floats.as<float>().begin(), floats.as<float>().end()};
}

const std::string six = torch::bytesOf({1, 2, 3, 4, 5, 6});

TEST(TorchTies, OneStorageUnderTwoNamesIsOneWeight) {
  const Model model = opened(dictionary({{"emb.weight", torch::tensor("0", {6, {3, 2}})},
                                         {"head.weight", torch::tensor("0", {6, {3, 2}})},
                                         {"head.bias", torch::tensor("1", {3, {3}})}}),
                             {{"0", six}, {"1", torch::bytesOf({7, 8, 9})}});
  EXPECT_EQ(model.parameters(), 9);
  EXPECT_THAT(namesIn(model), ElementsAre("emb.weight", "head.bias"));
  EXPECT_THAT(model.layers[0].furtherNames, ElementsAre("head.weight"));
  EXPECT_EQ(detailOf(model, WarningKind::TiedWeights), "head.weight = emb.weight");
  for (const std::string ending : {".safetensors", ".npz"}) {
    const Model back = rewritten(model, ending);
    EXPECT_EQ(back.parameters(), 9) << ending;
    ASSERT_EQ(back.layers.size(), 2u) << ending;
    EXPECT_THAT(back.layers[0].furtherNames, ElementsAre("head.weight")) << ending;
    EXPECT_EQ(writtenAs(back, ending), writtenAs(model, ending));
  }
  EXPECT_THAT(writtenAs(model, ".safetensors"), ::testing::HasSubstr(R"("head.weight":"emb.weight")"));
}

TEST(TorchTies, ATransposedViewIsTheSameWeightToo) {
  for (const bool transposedFirst : {false, true}) {
    const auto straight = torch::tensor("0", {6, {3, 2}}), turned = torch::tensor("0", {6, {2, 3}, {1, 2}});
    const Model model = opened(transposedFirst ? dictionary({{"b", turned}, {"a", straight}})
                                               : dictionary({{"a", straight}, {"b", turned}}),
                               {{"0", six}});
    if (transposedFirst) {  // told, and kept apart
      EXPECT_EQ(detailOf(model, WarningKind::SharedStorage), "b and a");
      continue;
    }
    EXPECT_EQ(model.parameters(), 6);
    EXPECT_EQ(detailOf(model, WarningKind::TiedWeights), "b = a (rearranged)");
    const Model back = rewritten(model, ".safetensors");
    ASSERT_EQ(back.source.ties.size(), 1u);
    EXPECT_EQ(back.source.ties[0].shape, (Shape{2, 3}));
    EXPECT_THAT(back.source.ties[0].strides, ElementsAre(1, 2));
  }
}

TEST(TorchTies, ViewsThatAreApartAreWeightsOfTheirOwn) {
  const Model model = opened(
      dictionary({{"a", torch::tensor("0", {6, {2, 2}})}, {"b", torch::tensor("0", {6, {2, 1}, {1, 1}, 4})}}),
      {{"0", six}});
  EXPECT_EQ(model.parameters(), 6);
  EXPECT_EQ(detailOf(model, WarningKind::TiedWeights) + detailOf(model, WarningKind::SharedStorage), "");
  const Model part =
      opened(dictionary({{"a", torch::tensor("0", {6, {3, 2}})}, {"b", torch::tensor("0", {6, {2, 2}})}}),
             {{"0", six}});
  EXPECT_EQ(detailOf(part, WarningKind::SharedStorage), "a and b");
  const Model columns = opened(dictionary({{"a", torch::tensor("0", {6, {3, 1}, {2, 1}})},
                                           {"b", torch::tensor("0", {6, {3, 1}, {2, 1}, 1})}}),
                               {{"0", six}});
  EXPECT_EQ(detailOf(columns, WarningKind::SharedStorage), "");
}

TEST(TorchTypes, SmallFloatsAreTheValuesThatTheyStandFor) {
  const Model model =
      opened(dictionary({{"a.weight", torch::tensorOf("float8_e4m3fn", 1, "0", {4, {2, 2}})},
                         {"a.weight_scale_inv", torch::tensor("1", {1, {1, 1}})},
                         {"b.weight", torch::tensorOf("float8_e5m2", 1, "0", {4, {2, 2}})},
                         {"c.weight", torch::tensorOf("float4_e2m1fn_x2", 1, "2", {2, {2, 1}})}}),
             {{"0", "\x7e\xfe\x38\x01"}, {"1", torch::bytesOf({0.5f})}, {"2", "\x72\x9f"}});
  EXPECT_THAT(valuesIn(model, "a.weight"), ElementsAre(448, -448, 1, 0x1p-9f));
  EXPECT_EQ(detailOf(model, WarningKind::ScalesBeside), "a.weight (a.weight_scale_inv)");
  EXPECT_THAT(valuesIn(model, "c.weight"), ElementsAre(1, 6, -6, -0.5f));
  EXPECT_EQ(model.layers[3].shape, (Shape{2, 2}));
  const Model back = rewritten(model, ".safetensors");
  for (const std::string name : {"a.weight", "b.weight", "c.weight"}) {
    const Tensor &before = model.weights.at(model.graph->findValue(name)),
                 &after = back.weights.at(back.graph->findValue(name));
    EXPECT_EQ(before.dtype(), after.dtype());
    EXPECT_TRUE(std::ranges::equal(before.bytes(), after.bytes())) << name;
  }
  EXPECT_EQ(valuesIn(rewritten(model, ".npz"), "a.weight"), valuesIn(model, "a.weight"));
}

TEST(TorchTypes, ComplexNumbersAreCarriedAlong) {
  const std::string sixteen = torch::bytesOf({1, 2, 3, 4});
  const Model model = opened(dictionary({{"w", torch::tensor("0", {4, {2, 2}})},
                                         {"filter", torch::tensor("0", {2, {2}}, "ComplexFloatStorage")},
                                         {"wide", torch::tensorOf("complex128", 16, "0", {1, {1}})},
                                         {"yet.to.come", torch::tensorOf("bfloat16", 2, "0", {8, {8}})},
                                         {"bits", torch::tensorOf("uint4", 1, "0", {16, {16}})}}),
                             {{"0", sixteen}});
  EXPECT_THAT(
      detailOf(model, WarningKind::KeptTensors),
      ::testing::AllOf(::testing::HasSubstr("filter (complex64 2)"),
                       ::testing::HasSubstr("wide (complex128 1)"), ::testing::HasSubstr("bits (uint4 16)")));
  for (const std::string ending : {".safetensors", ".npz"}) {
    const Model back = rewritten(model, ending);
    for (const KeptTensor& kept : back.source.kept)
      EXPECT_EQ(textOf(kept.bytes.view), sixteen) << ending << ' ' << kept.name;
  }
  EXPECT_EQ(writtenAs(rewritten(model, ".safetensors"), ".safetensors"), writtenAs(model, ".safetensors"));
  EXPECT_EQ(rewritten(model, ".safetensors").source.kept.size(), 3u);
}

TEST(TorchTypes, QuantizedTensorsAreCodesWithTheirScales) {
  using namespace torch;
  const Code perTensor = tuple({global("torch", "per_tensor_affine"), real(0.5), number(1)});
  const Code perChannel =
      tuple({global("torch", "per_channel_affine"), tensor("1", {2, {2}}, "DoubleStorage"),
             tensor("2", {2, {2}}, "LongStorage"), number(0)});
  const double scales[] = {0.5, 2};
  const std::int64_t zeros[] = {0, 1};
  const Model model =
      opened(dictionary({{"a.weight", quantized("QInt8Storage", "0", {4, {2, 2}}, perTensor)},
                         {"b.weight", quantized("QInt8Storage", "0", {4, {2, 2}}, perChannel)},
                         {"b.bias", quantized("QInt32Storage", "0", {1, {1}}, perTensor)}}),
             {{"0", "\x01\x03\xff\x00"s},
              {"1", std::string(reinterpret_cast<const char*>(scales), sizeof scales)},
              {"2", std::string(reinterpret_cast<const char*>(zeros), sizeof zeros)}});
  EXPECT_THAT(valuesIn(model, "a.weight"), ElementsAre(0, 1, -1, -0.5f));
  EXPECT_THAT(valuesIn(model, "b.weight"), ElementsAre(0.5f, 1.5f, -4, -2));
  EXPECT_EQ(model.encodings.size(), 2u);
  EXPECT_EQ(rewritten(model, ".safetensors").encodings.size(), 2u);
}

torch::Code layer(const std::string& key) { return torch::tensor(key, {6, {3, 2}}); }

TEST(TrainingState, IsToldByItsStructure) {
  using namespace torch;
  const Code moments = dictionary({{"step", number(3)}, {"exp_avg", layer("1")}, {"exp_avg_sq", layer("1")}});
  const Code optimizer =
      dictionary({{"state", "}(" + number(0) + moments + "u"}, {"param_groups", list({dictionary({})})}});
  const Storages storages{{"0", six}, {"1", six}, {"2", std::string(16, '\1')}};
  const Model model =
      opened(dictionary({{"net", dictionary({{"fc.weight", layer("0")}})},
                         {"last_optimizer_state", optimizer},
                         {"opts", list({optimizer, optimizer})},
                         {"sched", dictionary({{"last_epoch", number(1)}, {"base_lrs", list({})}})},
                         {"amp", dictionary({{"growth_factor", real(2)}, {"backoff_factor", real(0.5)}})},
                         {"python_rng", tuple({text("MT19937"), number(1), number(2)})},
                         {"cuda_rng_state", torch::tensor("2", {16, {16}}, "ByteStorage")},
                         {"per_parameter", dictionary({{"fc.weight", moments}})}}),
             storages);
  EXPECT_THAT(namesIn(model), ElementsAre("net.fc.weight"));
  EXPECT_EQ(detailOf(model, WarningKind::TrainingState),
            "last_optimizer_state, opts, sched, amp, python_rng, cuda_rng_state and 1 more");
  EXPECT_EQ(
      messageOf([&] { opened(optimizer, storages); }),
      "m.pt: it holds what is kept for training alone (all of it) and no weights: open the file of the same "
      "checkpoint that holds the model");
}

TEST(TrainingState, AveragedCopiesStandBackBehindTheWeights) {
  using namespace torch;
  const Storages storages{{"0", six}, {"1", six}};
  const auto net = [](const std::string& key) {
    return dictionary({{"a.weight", layer(key)}, {"b.weight", layer(key == "0" ? "0" : "1")}});
  };
  for (const char* name : {"ema", "model_ema", "state_dict_ema", "ema_model", "swa", "averaged_model"}) {
    const Model model = opened(dictionary({{"model", dictionary({{"a.weight", layer("0")}})},
                                           {name, dictionary({{"a.weight", layer("1")}})}}),
                               storages);
    EXPECT_THAT(namesIn(model), ElementsAre("model.a.weight")) << name;
    EXPECT_EQ(detailOf(model, WarningKind::AveragedCopy), name);
    const Model alone = opened(dictionary({{name, net("1")}}), storages);
    EXPECT_EQ(detailOf(alone, WarningKind::AveragedCopy), "") << name;
  }
  const Model flat =
      opened(dictionary({{"model.in.0.weight", layer("0")}, {"model_ema.in0weight", layer("1")}}), storages);
  EXPECT_THAT(namesIn(flat), ElementsAre("model.in.0.weight"));
  const Model listed =
      opened(dictionary({{"model", dictionary({{"w", layer("0")}})},
                         {"ema", dictionary({{"decay", real(0.9)}, {"shadow_params", list({layer("1")})}})}}),
             storages);
  EXPECT_THAT(namesIn(listed), ElementsAre("model.w"));
}

TEST(Checkpoint, SafetensorsOfItSayThatTheyArePyTorchs) {
  const Model model = opened(dictionary({{"w", layer("0")}}), {{"0", six}});
  EXPECT_THAT(writtenAs(model, ".safetensors"), ::testing::HasSubstr(R"("__metadata__":{"format":"pt"})"));
}

}  // namespace
}  // namespace lapidary::core::testing
