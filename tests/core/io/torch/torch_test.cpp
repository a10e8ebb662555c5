// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/io/common/format.h"
#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

const fs::path clean = fs::path(LAPIDARY_SOURCE_DIR) / "tests/data/audit/clean";
const fs::path bad = fs::path(LAPIDARY_SOURCE_DIR) / "tests/data/audit/bad";

std::map<std::string, Tensor> tensorsOf(const Model& model) {
  std::map<std::string, Tensor> tensors;
  for (const auto& [id, tensor] : *&model.weights) tensors[model.graph->value(id).name] = tensor;
  return tensors;
}

void flatten(const nlohmann::json& json, std::vector<double>& values) {
  if (json.is_array())
    for (const auto& inner : json) flatten(inner, values);
  else
    values.push_back(json.get<double>());
}

std::vector<float> floats(const Tensor& tensor) {
  const Tensor converted = toFloat32(tensor);
  return {converted.as<float>().begin(), converted.as<float>().end()};
}

std::string refusalOfFile(const fs::path& path) {
  return testing::messageOf([&] { readModel(path.string()); });
}

TEST(Torch, BothFormsGiveWhatPyTorchSaved) {
  std::ifstream file(clean / "state.json");
  const auto truth = nlohmann::json::parse(file)["state"];
  for (const char* name : {"state.pt", "state_legacy.pt"}) {
    const Model model = readModel((clean / name).string());
    const auto tensors = tensorsOf(model);
    EXPECT_EQ(model.source.format, "PyTorch");
    ASSERT_EQ(tensors.size(), truth.size()) << name;
    for (const auto& [key, value] : truth.items()) {
      std::vector<double> expected;
      flatten(value, expected);
      ASSERT_TRUE(tensors.contains(key)) << key;
      EXPECT_THAT(
          floats(tensors.at(key)),
          ::testing::Pointwise(::testing::FloatEq(), std::vector<float>(expected.begin(), expected.end())))
          << name << ' ' << key;
    }
  }
}

TEST(Torch, EveryElementTypeAndView) {
  const auto tensors = tensorsOf(readModel((clean / "kinds.pt").string()));
  EXPECT_EQ(tensors.at("half").dtype(), DType::Float16);
  EXPECT_EQ(tensors.at("brain").dtype(), DType::BFloat16);
  EXPECT_EQ(tensors.at("long").dtype(), DType::Int64);
  EXPECT_EQ(tensors.at("yes").dtype(), DType::Bool);
  EXPECT_EQ(tensors.at("turned").shape(), (Shape{3, 2}));
  EXPECT_THAT(floats(tensors.at("turned")), ::testing::ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(floats(tensors.at("part")), ::testing::ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(tensors.at("scalar").shape(), Shape{});
  EXPECT_THAT(floats(tensors.at("scalar")), ::testing::ElementsAre(2.5));
}

TEST(Torch, ACheckpointOpensWithoutItsOptimizer) {
  const Model model = readModel((clean / "checkpoint.pth").string());
  EXPECT_TRUE(tensorsOf(model).contains("model.0.weight"));
  for (const auto& [name, tensor] : tensorsOf(model)) EXPECT_FALSE(name.starts_with("optimizer")) << name;
  const auto told = [](const Warning& warning) {
    return warning.kind == WarningKind::TrainingState && warning.detail == "optimizer";
  };
  EXPECT_TRUE(std::ranges::any_of(model.warnings, told));
}

TEST(Torch, AWholeModuleIsLookedThroughAndNotBuilt) {
  const auto tensors = tensorsOf(readModel((bad / "whole_module.pt").string()));
  EXPECT_THAT(tensors, ::testing::Contains(::testing::Key("0.weight")));
  EXPECT_THAT(tensors, ::testing::Contains(::testing::Key("1.running_mean")));
}

TEST(Torch, WhatWouldRunCodeIsRefusedByName) {
  EXPECT_THAT(refusalOfFile(bad / "torch.pt"),
              ::testing::HasSubstr("it looks up os.system at byte 2 of its pickle"));
  EXPECT_THAT(refusalOfFile(bad / "crc.pt"), ::testing::HasSubstr("wrong checksum"));
  EXPECT_THAT(refusalOfFile(bad / "two_members.pt"), ::testing::HasSubstr("is in the archive twice"));
  EXPECT_THAT(refusalOfFile(bad / "local_name.pt"),
              ::testing::HasSubstr("has another name in its own header"));
  for (const char* name : {"torch.pt", "crc.pt", "encrypted_flag.pt", "encrypted_flags.pt", "local_name.pt",
                           "method.pt", "two_members.pt", "pickle_before_zip.pt", "legacy.tar.pt"})
    EXPECT_NE(refusalOfFile(bad / name), "no error") << name;
}

/// The shared models in every dress: NumPy's, PyTorch's new and old form, TorchScript.
class TorchAssets : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  }
  /// Every array of the one is in the other, under its name behind `prefix`, to the bit.
  static void expectSame(const fs::path& known, const fs::path& torch, const std::string& prefix) {
    const auto expected = tensorsOf(readModel((assets / known).string()));
    const auto found = tensorsOf(readModel((assets / torch).string()));
    ASSERT_GT(expected.size(), 10u);
    for (const auto& [name, tensor] : expected) {
      ASSERT_TRUE(found.contains(prefix + name)) << name;
      EXPECT_EQ(floats(found.at(prefix + name)), floats(tensor)) << name;
    }
  }
  static inline const fs::path assets = LAPIDARY_ASSETS_DIR;
};

TEST_F(TorchAssets, TheZipFormHoldsTheWeightsOfTheNpz) {
  expectSame("resnet/resnet20_cifar10.npz", "resnet/resnet20_cifar10_state_dict.pt", "");
}

TEST_F(TorchAssets, TheOldFormHoldsThemToo) {
  expectSame("resnet/resnet20_cifar10.npz", "resnet/resnet20-12fca82f.th", "state_dict.module.");
}

/// The sums are PyTorch's, of torch.jit.load(...).state_dict().
TEST_F(TorchAssets, TorchScriptIsReadWithoutRunningIt) {
  const auto found = tensorsOf(readModel((assets / "silero/silero_vad.jit").string()));
  EXPECT_GE(found.size(), 30u);
  const auto sumOf = [&](const char* name) {
    const std::vector<float> values = floats(found.at(name));
    return std::accumulate(values.begin(), values.end(), 0.0);
  };
  EXPECT_EQ(found.at("_model.encoder.1.reparam_conv.weight").shape(), (Shape{64, 128, 3}));
  EXPECT_NEAR(sumOf("_model.encoder.1.reparam_conv.weight"), -132.73449864769646, 1e-9);
  EXPECT_NEAR(sumOf("_model_8k.decoder.rnn.weight_ih"), 542.2232820520769, 1e-9);
}

TEST(Torch, DamageIsToldOf) {
  for (const char* name : {"state.pt", "state_legacy.pt"}) {
    std::ifstream in(clean / name, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::size_t i = 0; i < 64; ++i) {
      const std::size_t size = i * whole.size() / 64;
      const auto bytes = std::make_shared<std::string>(whole.substr(0, size));
      EXPECT_THROW(readModel(ReadSource{{bytes, std::as_bytes(std::span(*bytes))}, "cut.pt", ""}), Error)
          << name << ' ' << size;
    }
  }
}

}  // namespace
}  // namespace lapidary::core
