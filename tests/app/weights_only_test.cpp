// SPDX-License-Identifier: GPL-3.0-or-later
// Files of weights alone on the command line: what is cut of them, and what is said of the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "command.h"
#include "core/io/common/format.h"

namespace lapidary {
namespace {

using core::Tensor;
using test::Finished;
using test::Folder;
using test::lapidary;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

/// A layer with its bias, and a batch normalization.
std::string weightsIn(const Folder& folder) {
  auto graph = std::make_shared<core::Graph>();
  const auto add = [&](const std::string& name, const core::Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(core::elementCount(shape)));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i + 1) / 100;
    graph->initializers.emplace(core::ValueId{static_cast<std::uint32_t>(graph->values.size())},
                                Tensor::from<float>(shape, values));
    graph->values.push_back({name, std::nullopt, std::nullopt, {}});
  };
  add("fc.weight", {16, 16});
  add("fc.bias", {16});
  add("bn.weight", {16});
  add("bn.running_var", {16});
  add("bn.num_batches_tracked", {});
  core::Model model;
  model.weights = graph->initializers;
  model.graph = graph;
  const std::string path = folder / "m.safetensors";
  core::writeModel(model, path);
  return path;
}

std::vector<std::string> cutIn(const Json& json) {
  std::vector<std::string> names;
  for (const auto& [name, edit] : json["recipe"]["layers"].items()) names.push_back(name);
  return names;
}

TEST(WeightsOnly, NormsAndBiasesStayUnlessTheyAreIncluded) {
  const Folder folder;
  const std::string model = weightsIn(folder), command = "compress " + model + " --dry-run --json --bits 4 ";
  const Finished plain = lapidary(command);
  ASSERT_EQ(plain.status, 0) << plain.err;
  const Json json = plain.json();
  EXPECT_THAT(cutIn(json), ElementsAre("fc.weight"));
  std::map<std::string, std::string> kept;
  for (const Json& layer : json["layers"])
    if (layer.contains("kept")) kept[layer["name"]] = layer["kept"];
  EXPECT_EQ(kept, (std::map<std::string, std::string>{
                      {"bn.running_var", "statistic"}, {"bn.weight", "norm"}, {"fc.bias", "bias"}}));
  EXPECT_THAT(plain.err,
              HasSubstr("left as they are (3 of 4 layers): bn.running_var, bn.weight, fc.bias; name those "
                        "to cut with --include PATTERN"));
  EXPECT_THAT(cutIn(lapidary(command + "--include '*.bias'").json()), ElementsAre("fc.bias", "fc.weight"));
  EXPECT_THAT(cutIn(lapidary(command + "--include 'bn.*' --include fc.bias").json()),
              ElementsAre("bn.running_var", "bn.weight", "fc.bias", "fc.weight"));
  const Finished none = lapidary(command + "--include 'conv*'");
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, HasSubstr("--include 'conv*' names no layer"));
  EXPECT_THAT(lapidary(command + "--include fc.weight").err,
              HasSubstr("names layers that are cut without it"));
}

TEST(WeightsOnly, ARecipeStillCutsWhatItNames) {
  const Folder folder;
  const std::string model = weightsIn(folder);
  std::ofstream(folder / "r.json") << R"({"format":"lapidary-recipe","version":1,"layers":{"fc.bias":
      {"quantize":{"scheme":"symmetric","bits":4}}}})";
  const Finished cut = lapidary("compress " + model + " --dry-run --json --recipe " + (folder / "r.json"));
  ASSERT_EQ(cut.status, 0) << cut.err;
  EXPECT_THAT(cutIn(cut.json()), ElementsAre("fc.bias"));
}

TEST(WeightsOnly, InspectNamesWhatIsKeptByDefault) {
  const Folder folder;
  const Json json = lapidary("inspect --json " + weightsIn(folder)).json();
  std::map<std::string, std::string> kept;
  for (const Json& layer : json["layers"])
    if (layer.contains("kept_by_default")) kept[layer["name"]] = layer["kept_by_default"];
  EXPECT_EQ(kept.size(), 3u);
  ASSERT_EQ(json["kept"].size(), 1u);
  EXPECT_EQ(json["kept"][0],
            Json::parse(R"({"name":"bn.num_batches_tracked","type":"float32","shape":[],"bytes":4})"));
}

/// They are named, and what cannot be done with them is a fault of the input.
TEST(WeightsOnly, WeightsThatAreNotFiniteAreNamed) {
  const Folder folder;
  auto graph = std::make_shared<core::Graph>();
  std::vector<float> values(64, 0.5f);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  values[9] = std::numeric_limits<float>::infinity();
  graph->initializers.emplace(core::ValueId{0}, Tensor::from<float>({8, 8}, values));
  graph->values.push_back({"fc.weight", std::nullopt, std::nullopt, {}});
  core::Model model;
  model.weights = graph->initializers;
  model.graph = graph;
  core::writeModel(model, folder / "m.safetensors");
  const Finished shown = lapidary("inspect " + (folder / "m.safetensors"));
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.err, HasSubstr("infinite or not a number"));
  EXPECT_THAT(shown.err, HasSubstr("fc.weight ×2"));
  const Finished cut =
      lapidary("compress " + (folder / "m.safetensors") + " --bits 4 -o " + (folder / "x.safetensors"));
  EXPECT_EQ(cut.status, 3) << cut.err;
  EXPECT_THAT(cut.err, HasSubstr("layer 'fc.weight': 2 weights are infinite or not a number"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.safetensors"));
}

}  // namespace
}  // namespace lapidary
