// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that were damaged, wasted or tampered with are found, and clean models are not accused.
#include "core/audit/weights/weight_audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <random>

#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "tests/core/audit/listed_findings.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core {
namespace {

const std::string demoModels = LAPIDARY_SOURCE_DIR "/resources/demo/", assetModels = LAPIDARY_ASSETS_DIR "/";

bool has(const std::vector<Finding>& findings, const std::string& id, const std::string& place = "") {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.id == id && finding.place.find(place) != std::string::npos;
  });
}

std::vector<float> normals(std::size_t count, unsigned seed, double spread = 0.05) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(normal(random));
  return values;
}

/// A chain of products of 32 x 32 weights with a Relu behind each.
struct Chain {
  explicit Chain(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) weights.push_back(normals(32 * 32, static_cast<unsigned>(i + 1)));
  }
  Model model() const {
    testing::ModelBuilder builder;
    builder.input("x");
    builder.graph.values[0].dtype = DType::Float32;
    builder.graph.values[0].shape = std::vector<Dimension>{{std::nullopt, "N"}, {32, ""}};
    std::string last = "x";
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::string n = std::to_string(i);
      builder.constant("w" + n, Tensor::from<float>({32, 32}, std::span<const float>(weights[i])));
      builder.node("MatMul", {last, "w" + n}, {"y" + n}, "m" + n);
      builder.node("Relu", {"y" + n}, {"r" + n});
      last = "r" + n;
    }
    builder.output(last);
    return builder.model();
  }
  std::vector<std::vector<float>> weights;
};

TEST(WeightAudit, ACleanChainHasNoFinding) {
  const auto findings = auditWeights(Chain(6).model(), {});
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(WeightAudit, WhatOptimisersRememberIsNoWeight) {
  std::map<std::string, Tensor> arrays;
  for (const char* name : {"model.w", "opt.state.0.exp_avg"})
    arrays.emplace(name, Tensor::from<float>({4, 64}, std::vector<float>(256, 0.5f)));
  const auto file = std::make_shared<std::vector<std::byte>>();
  writeNpz(arrays,
           [&](std::span<const std::byte> bytes) { file->insert(file->end(), bytes.begin(), bytes.end()); });
  const auto findings = auditWeights(readModel({{file, *file}, "state.npz", ""}), {});
  EXPECT_TRUE(has(findings, "weight-same-channel", "model.w")) << listed(findings);
  EXPECT_FALSE(has(findings, "weight-same-channel", "exp_avg")) << listed(findings);
}

TEST(WeightAudit, WhatIsNotFiniteIsNamedWithItsPlace) {
  Chain chain(2);
  chain.weights[1][77] = std::numeric_limits<float>::infinity();
  chain.weights[1][78] = std::numeric_limits<float>::quiet_NaN();
  const auto findings = auditWeights(chain.model(), {});
  EXPECT_TRUE(has(findings, "weight-not-finite", "'w1', element 77")) << listed(findings);
}

/// A graph with one constant beside a product, which is added.
std::vector<Finding> withConstant(const Tensor& constant) {
  testing::ModelBuilder builder;
  builder.input("x");
  builder.graph.values[0].dtype = DType::Float32;
  builder.graph.values[0].shape = std::vector<Dimension>{{std::nullopt, "N"}, {32, ""}};
  builder.constant("w", Tensor::from<float>({32, 32}, std::span<const float>(normals(32 * 32, 1))));
  builder.constant("mask", constant);
  builder.node("MatMul", {"x", "w"}, {"y"}, "m");
  builder.node("Relu", {"y"}, {"r"});
  builder.node("Add", {"r", "mask"}, {"z"});
  builder.output("z");
  return auditWeights(builder.model(), {});
}

/// The anchors of a detector: few values in a long table, whose low bits happen to be letters.
TEST(WeightAudit, ATableOfFewValuesIsNoText) {
  std::vector<float> anchors;
  for (std::size_t i = 0; i < 4420; ++i) {
    anchors.push_back((static_cast<float>(i / 3 % 80) + 0.5f) / 80.0f);
    anchors.push_back((static_cast<float>(i / 240 % 60) + 0.5f) / 60.0f);
  }
  const auto findings = withConstant(Tensor::from<float>({8840}, anchors));
  EXPECT_FALSE(has(findings, "weight-hidden-text")) << listed(findings);
}

/// Zeros among weights that differ in all bits.
TEST(WeightAudit, SomeZerosMakeNoBitsUneven) {
  std::vector<float> weights = normals(8192, 3);
  for (std::size_t i = 0; i < weights.size(); i += 64) weights[i] = 0;
  const auto findings = withConstant(Tensor::from<float>({8192}, weights));
  EXPECT_FALSE(has(findings, "weight-uneven-bits")) << listed(findings);
}

std::vector<float> asHalf(std::vector<float> values) {
  for (float& value : values) value = halfToFloat(floatToHalf(value));
  return values;
}

/// Codes in blocks: an offset and a step of each, of as many bits as file formats spend on them.
std::vector<float> dequantizedBlocks(std::size_t block, int levels, bool halfSteps, bool offset) {
  const std::vector<float> weights = normals(16384, 5);
  std::vector<float> steps = normals(16384 / block, 6, 0.002), least = normals(16384 / block, 7, 0.05);
  if (halfSteps) steps = asHalf(steps), least = asHalf(least);
  std::vector<float> values(weights.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto code = std::nearbyint(std::clamp(weights[i] / 0.2f, -0.5f, 0.5f) * static_cast<float>(levels));
    values[i] = steps[i / block] * code + (offset ? least[i / block] : 0.0f);
    // Most of them end in zeros, as where most blocks are of fewer bits.
    if (i / 512 % 4 != 0)
      values[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(values[i]) & 0xFFFF0000u);
  }
  return values;
}

TEST(WeightAudit, DequantizedWeightsHideNothing) {
  for (const std::size_t block : {16u, 32u, 256u})
    for (const int levels : {3, 15, 31, 63, 255})
      for (const bool half : {true, false})
        for (const bool offset : {true, false}) {
          const auto findings =
              withConstant(Tensor::from<float>({16384}, dequantizedBlocks(block, levels, half, offset)));
          for (const char* rule : {"weight-random-bits", "weight-uneven-bits"})
            EXPECT_FALSE(has(findings, rule))
                << block << ' ' << levels << ' ' << half << offset << listed(findings);
        }
}

/// The same, with something put into the lowest byte of 400 of them.
TEST(WeightAudit, WhatIsPutIntoDequantizedWeightsIsFound) {
  for (const bool offset : {true, false}) {
    std::vector<float> values = dequantizedBlocks(32, 15, true, offset);
    std::mt19937 random(3);
    for (std::size_t i = 600; i < 1000; ++i)
      values[i] = std::bit_cast<float>((std::bit_cast<std::uint32_t>(values[i]) & 0xFFFFFF00u) |
                                       static_cast<std::uint32_t>(random() & 0xFF));
    EXPECT_TRUE(has(withConstant(Tensor::from<float>({16384}, values)), "weight-random-bits", "element 6"));
  }
}

/// Every array and every model without a graph of the shared set, outputs of networks among them.
TEST(WeightAudit, RealArraysHideNothing) {
  namespace fs = std::filesystem;
  if (!fs::exists(assetModels)) GTEST_SKIP() << "the shared models are not there";
  for (const auto& entry : fs::recursive_directory_iterator(assetModels)) {
    const std::string ending = entry.path().extension().string();
    if (ending != ".npy" && ending != ".npz" && ending != ".safetensors") continue;
    if (entry.file_size() > 4 << 20) continue;
    std::optional<Model> model;
    try {
      model = readModel(entry.path().string());
    } catch (const Error&) {
      continue;  // arrays of pictures and labels alone
    }
    const auto findings = auditWeights(*model, {});
    for (const char* rule :
         {"weight-random-bits", "weight-uneven-bits", "weight-hidden-file", "weight-hidden-text"})
      EXPECT_FALSE(has(findings, rule)) << entry.path() << listed(findings);
  }
}

/// Scales for columns, so that no two neighbours share one.
TEST(WeightAudit, CodesTimesHalvesAreNoPayload) {
  const std::vector<float> steps = asHalf(normals(4096, 8, 0.001)), weights = normals(4 * 4096, 9, 30);
  std::vector<float> values(weights.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = steps[i % steps.size()] * std::nearbyint(std::clamp(weights[i], -127.0f, 127.0f));
  const auto findings = withConstant(Tensor::from<float>({4, 4096}, values));
  EXPECT_FALSE(has(findings, "weight-uneven-bits")) << listed(findings);
  EXPECT_FALSE(has(findings, "weight-random-bits")) << listed(findings);
}

/// Rows of an embedding that training never touched are alike but for decay and noise.
TEST(WeightAudit, CrowdsOfNearlyEqualWeightsArePlain) {
  std::vector<float> values = normals(16384, 10);
  const std::vector<float> noise = normals(16384, 11, 2e-5);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (i / 64 % 2 == 0) values[i] = values[i % 64] + noise[i];
  const auto findings = withConstant(Tensor::from<float>({256, 64}, values));
  EXPECT_FALSE(has(findings, "weight-uneven-bits")) << listed(findings);
}

/// Scores as a sigmoid by way of tanh gives them: multiples of 2^-25.
TEST(WeightAudit, NumbersWithAFixedPointArePlain) {
  std::vector<float> values = normals(16384, 12, 1e-3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float size = i / 512 % 8 == 0 ? 30.0f : 1.0f;
    values[i] = std::ldexp(std::nearbyint(std::ldexp(std::abs(values[i]) * size, 25)), -25);
  }
  const auto findings = withConstant(Tensor::from<float>({16384}, values));
  EXPECT_FALSE(has(findings, "weight-random-bits")) << listed(findings);
}

TEST(WeightAudit, InfinitiesOfMasksAndBoundsAreNoDamage) {
  const float below = -std::numeric_limits<float>::infinity();
  std::vector<float> triangle(32 * 32), sloped(32 * 32), some(32, 0.0f);
  for (std::size_t i = 0; i < triangle.size(); ++i) {
    const std::size_t row = i / 32, column = i % 32;
    triangle[i] = column > row ? below : 0.0f;
    sloped[i] = column > row ? below : -0.5f * static_cast<float>(row - column);
  }
  some[3] = below;
  for (const auto& [shape, values] : {std::pair<Shape, std::vector<float>>{{32, 32}, triangle},
                                      {{32, 32}, sloped},
                                      {{32}, some},
                                      {{1}, {below}},
                                      {{}, {-below}},
                                      {{32}, std::vector<float>(32, below)}}) {
    const auto findings = withConstant(Tensor::from<float>(shape, values));
    EXPECT_FALSE(has(findings, "weight-not-finite")) << listed(findings);
  }
}

TEST(WeightAudit, InfinitiesAmongNumbersAndNanInConstantsAreDamage) {
  std::vector<float> one = normals(32, 7), nan = one;
  one[5] = std::numeric_limits<float>::infinity();
  nan[6] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(has(withConstant(Tensor::from<float>({32}, one)), "weight-not-finite", "'mask', element 5"));
  EXPECT_TRUE(has(withConstant(Tensor::from<float>({32}, nan)), "weight-not-finite", "'mask', element 6"));
  Chain chain(2);
  std::fill(chain.weights[0].begin(), chain.weights[0].end(), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(has(auditWeights(chain.model(), {}), "weight-not-finite", "'w0'"));
}

TEST(WeightAudit, DeadUnreadAndRepeatedChannelsAreNotes) {
  Chain chain(3);
  for (std::size_t i = 0; i < 32; ++i) {
    chain.weights[0][i * 32 + 5] = 0;                             // output 5 of the first
    chain.weights[1][i * 32 + 9] = chain.weights[1][i * 32 + 4];  // output 9 repeats 4
    chain.weights[1][i * 32 + 11] = chain.weights[1][i * 32 + 2] * 1.001f + (i == 3 ? 1e-4f : 0);
    chain.weights[2][7 * 32 + i] = 0;  // nothing reads output 7 of the second
  }
  const auto findings = auditWeights(chain.model(), {});
  EXPECT_TRUE(has(findings, "weight-dead-channel", "'m0', channels 5")) << listed(findings);
  EXPECT_TRUE(has(findings, "weight-unread-channel", "'m1', channels 7")) << listed(findings);
  EXPECT_TRUE(has(findings, "weight-same-channel", "'m1'")) << listed(findings);
  EXPECT_TRUE(has(findings, "weight-near-channel", "'m1'")) << listed(findings);
  for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::Note);
}

TEST(WeightAudit, AWeightThatStandsAloneIsAnOutlier) {
  Chain chain(2);
  chain.weights[0][500] = 40;
  const auto findings = auditWeights(chain.model(), {});
  EXPECT_TRUE(has(findings, "weight-outlier", "'m0', element 500")) << listed(findings);
}

TEST(WeightAudit, AnAddedDirectionShowsInTheSpectrum) {
  Chain chain(7);
  const auto a = normals(32, 91, 1), b = normals(32, 92, 1);
  for (std::size_t i = 0; i < 32; ++i)
    for (std::size_t j = 0; j < 32; ++j) chain.weights[3][i * 32 + j] += 0.4f * a[i] * b[j];
  const auto findings = auditWeights(chain.model(), {});
  EXPECT_TRUE(has(findings, "weight-odd-spectrum", "'m3'")) << listed(findings);
  EXPECT_FALSE(has(findings, "weight-odd-spectrum", "'m2'"));
}

TEST(WeightAudit, WorkersChangeNothingAndStopsAreHeard) {
  const Model model = readModel(demoModels + "lenet300.onnx");
  EXPECT_EQ(listed(auditWeights(model, {}, 1)), listed(auditWeights(model, {}, 3)));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(auditWeights(model, {stop.get_token(), {}}), Cancelled);
}

void expectQuiet(const std::string& path) {
  const Model model = readModel(path);
  const auto findings = auditWeights(model, {}, 2);
  const bool quiet =
      std::ranges::all_of(findings, [](const Finding& f) { return f.severity == Severity::Note; });
  EXPECT_TRUE(quiet) << path << "\n" << listed(findings);
  std::printf("%s: %zu notes\n%s", path.c_str(), findings.size(), listed(findings).c_str());
}

TEST(WeightAudit, CleanModelsAreNotAccused) {
  for (const char* name : {"lenet5.onnx", "lenet300.onnx"}) expectQuiet(demoModels + name);
  if (!std::filesystem::exists(assetModels)) GTEST_SKIP() << "skipped: no ../shared";
  for (const char* name :
       {"resnet/resnet20_cifar10.onnx", "resnet/resnet20_cifar10_nofold_bn.onnx",
        "resnet/resnet20_cifar10_w8_dq.onnx", "sms/sms_bert.onnx", "digits-audio/fsdd_cnn.onnx",
        "silero/silero_vad_16k.safetensors", "squeezenet/SqueezeNet_fp16.onnx"})
    expectQuiet(assetModels + name);
}

}  // namespace
}  // namespace lapidary::core
