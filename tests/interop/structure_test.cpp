// SPDX-License-Identifier: GPL-3.0-or-later
// Models without channels and heads, and with thin factors: as small as they say, and as ONNX Runtime runs
// them.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/compress/masked_model.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using core::Tensor;

struct Network {
  std::string name, file;
  core::Shape input;
  std::size_t cuttable;  ///< layers, at least
  bool tokens = false;
  double tolerance = 1e-4;
  double share = 0.3;  ///< of channels and heads
};

void PrintTo(const Network& network, std::ostream* out) { *out << network.name; }

const Network networks[] = {
    {"resnet20", assets + "/resnet/resnet20_cifar10.onnx", {1000, 3, 32, 32}, 19},
    {"resnet20_norms", assets + "/resnet/resnet20_cifar10_nofold_bn.onnx", {200, 3, 32, 32}, 19},
    {"resnet20_int8", assets + "/resnet/resnet20_cifar10_w8_dq.onnx", {200, 3, 32, 32}, 19},
    {"transformer", assets + "/sms/sms_bert.onnx", {1000, 64}, 4, true},
    {"spoken_digits", assets + "/digits-audio/fsdd_cnn.onnx", {1000, 1, 40, 62}, 3},
    {"squeezenet", assets + "/squeezenet/SqueezeNet_fp16.onnx", {1, 3, 224, 224}, 25, false, 5e-3},
    {"finder", ocr + "ch_PP-OCRv4_det_infer.onnx", {1, 3, 160, 224}, 40, false, 1e-4, 0.1},
    {"reader", ocr + "ch_PP-OCRv4_rec_infer.onnx", {2, 3, 48, 160}, 20, false, 3e-4, 0.1},
    {"turner", ocr + "ch_ppocr_mobile_v2.0_cls_infer.onnx", {3, 3, 48, 192}, 30, false, 1e-4, 0.1},
};

Tensor inputFor(const Network& network, core::DType type) {
  std::uint32_t state = 12345;
  const auto next = [&] { return (state = state * 1664525u + 1013904223u) >> 8; };
  core::TensorBuilder builder(core::DType::Float32, network.input);
  const float scale = network.name == "squeezenet" ? 60.0f : 2.0f;
  std::size_t k = 0;
  for (float& value : builder.as<float>()) {
    const auto random = static_cast<float>(next() % 4096);
    value = network.tokens ? (k % 64 == 0                 ? 2.0f
                              : k % 64 > 40 + k / 64 % 20 ? 0.0f
                                                          : std::fmod(random, 2048.0f))
                           : scale * (random / 2048.0f - 1.0f);
    ++k;
  }
  return core::convert(std::move(builder).build(), type);
}

std::vector<std::int64_t> answers(const Tensor& scores) {
  const auto values = scores.as<float>();
  const std::size_t classes = static_cast<std::size_t>(scores.shape().back()), rows = values.size() / classes;
  std::vector<std::int64_t> best;
  for (std::size_t r = 0; r < rows; ++r) {
    const auto row = values.subspan(r * classes, classes);
    best.push_back(std::ranges::max_element(row) - row.begin());
  }
  return best;
}

double layerParameters(const core::Model& model) {
  double parameters = 0;
  for (const core::Layer& layer : model.layers) parameters += static_cast<double>(layer.parameters());
  return parameters;
}

class Structure : public ::testing::TestWithParam<Network> {
 protected:
  void SetUp() override {
    if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
    if (!fs::exists(GetParam().file)) GTEST_SKIP() << "skipped: no " << GetParam().file;
  }
};

TEST_P(Structure, IsSmallerAndRunsAsInOnnxRuntime) {
  const Network& network = GetParam();
  const core::Cutter cutter(core::readModel(network.file));
  const core::Model& model = cutter.original();
  core::Recipe removal, coded, ranks;
  std::vector<core::ChannelCut> cuts;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const core::ChannelGroup group = cutter.channelGroup(core::LayerId{i});
    const std::string& name = model.layers[i].name;
    const auto mode = group.heads ? core::PruneMode::Heads : core::PruneMode::Channels;
    const core::Prune prune{group.removable > 0 ? mode : core::PruneMode::None, network.share};
    removal.set(name, {prune, {}, {}, {}});
    coded.set(name, {prune, {core::Scheme::Symmetric, 8}, {}, {}});
    if (group.removable > 0) cuts.push_back({core::LayerId{i}, network.share});
    const std::string& op = model.layers[i].opType;
    if (op == "Conv" || op == "Gemm" || op == "MatMul")
      ranks.set(name, {{}, {}, {}, {core::LowRankMode::Energy, 0.8}});
  }
  EXPECT_GE(removal.edits.size(), network.cuttable);
  const core::Value& declared = model.graph->value(model.graph->inputs.at(0));
  const std::vector<Tensor> inputs{inputFor(network, declared.dtype.value())};

  const core::ChannelGroups groups(model);
  const auto gone = core::leastUnits(groups, cuts, core::test::magnitudes(model));
  EXPECT_LT(core::test::differenceFromMasked(groups, gone, inputs), std::max(network.tolerance / 4, 1e-5));

  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<Tensor> mine;
  std::vector<std::string> names;
  const double whole = layerParameters(model);
  for (const auto& [name, recipe] :
       {std::pair{"channels", removal}, {"channels_int8", coded}, {"low_rank", ranks}}) {
    const core::Model cut = cutter.apply(recipe);
    const std::string path = folder.path() + "/" + name + ".onnx";
    core::writeModel(cut, path);
    EXPECT_LT(layerParameters(cut), whole) << name;
    EXPECT_LT(fs::file_size(path), fs::file_size(network.file) * (network.name == "resnet20_int8" ? 4 : 1))
        << name;
    jobs.push_back({path, {{declared.name, inputs[0]}}});
    mine.push_back(core::toFloat32(core::Executor(cut, {}).run(cut, inputs).outputs.at(0)));
    names.push_back(name);
    std::printf("  %s, %s: %.3f of the parameters\n", network.name.c_str(), name,
                layerParameters(cut) / whole);
  }
  const auto judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < judged.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << names[i];
    ASSERT_EQ(judged[i].outputs.at(0).shape(), mine[i].shape()) << names[i];
    EXPECT_LE(core::test::relativeDifference(judged[i].outputs[0], mine[i], 1e-3), network.tolerance)
        << names[i];
    if (network.name == "finder") continue;  // pixels, no classes
    const auto a = answers(mine[i]), b = answers(judged[i].outputs[0]);
    std::size_t same = 0;
    for (std::size_t k = 0; k < a.size(); ++k) same += a[k] == b[k];
    EXPECT_GE(static_cast<double>(same), 0.999 * static_cast<double>(a.size())) << names[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, Structure, ::testing::ValuesIn(networks),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::tests
