// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that come as codes, pruned and written back in them: ONNX Runtime answers as we do, at every level
// of its optimiser.
#include "tests/support/coded_weights.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/analyze/sizes/footprint.h"
#include "core/io/common/format.h"
#include "tests/interop/judge.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::tests {
namespace {

using namespace core;

/// MatMulNBits, with zero points or without.
Model nbitsModel(std::int64_t bits, bool zeros) {
  constexpr std::int64_t rows = 5, depth = 64, block = 32, blocks = depth / block;
  core::testing::GraphBuilder b(21);
  const ValueId x = b.input("x", {3, depth});
  std::vector<ValueId> inputs{
      x, b.weight("codes", drawnCodes({rows, blocks, block * bits / 8}, DType::UInt8, 1)),
      b.weight("scales", core::testing::randomTensor({rows * blocks}, 2, 0.1f))};
  if (zeros) inputs.push_back(b.weight("zeros", drawnCodes({rows * blocks * bits / 8}, DType::UInt8, 3)));
  b.output(b.node("MatMulNBits", inputs,
                  {{"N", Attribute(rows)},
                   {"K", Attribute(depth)},
                   {"bits", Attribute(bits)},
                   {"block_size", Attribute(block)}},
                  "com.microsoft"));
  Model model = b.model();
  model.source.opsets.push_back({"com.microsoft", 1});
  model.source.irVersion = 10;
  return model;
}

struct Case {
  std::string name;
  Model model;
  Tensor input;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const CodedWeight& form : codedWeights()) {
    // ONNX Runtime 1.2x has no kernel for these on a CPU.
    const bool wide = form.codes == DType::Int16 || form.codes == DType::UInt16;
    if (!wide) all.push_back({form.name, CodedModel(form).model(), CodedModel(form).input()});
  }
  const Tensor x = core::testing::randomTensor({3, 64}, 9);
  for (const std::int64_t bits : {4, 8})
    for (const bool zeros : {true, false})
      all.push_back({"nbits_" + std::to_string(bits) + (zeros ? "_zeros" : ""), nbitsModel(bits, zeros), x});
  return all;
}

TEST(CodedWeightsInterop, PrunedInTheirCodesAnswerAsHere) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  std::vector<Tensor> ours;
  for (const Case& each : cases()) {
    const std::string path = folder.path() + "/" + each.name + ".onnx";
    writeModel(each.model, path);
    const Cutter cutter(readModel(path));
    const Recipe recipe =
        uniformRecipe(cutter.original(), {0.5, true, {Scheme::Affine, 8, Granularity::Channel, 0}});
    const Model cut = cutter.apply(recipe);
    const Footprint shown = FootprintMeter(cutter).measure(recipe);
    writeModel(cut, path);
    EXPECT_EQ(shown.fileAfter, std::filesystem::file_size(path)) << each.name;
    EXPECT_EQ(shown.fileAfter, shown.fileBefore) << each.name;
    const Tensor answer = Executor(cut, {}).run(cut, std::vector<Tensor>{each.input}).outputs.at(0);
    for (const char* level : {"disabled", "basic", "extended", "all"}) {
      jobs.push_back({.modelPath = path, .inputs = {{"x", each.input}}, .level = level});
      ours.push_back(answer);
    }
  }
  const auto judged = judge(jobs, folder.path());
  ASSERT_EQ(judged.size(), jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << jobs[i].modelPath;
    double largest = 1e-30;
    for (const float value : ours[i].as<float>())
      largest = std::max(largest, std::abs(static_cast<double>(value)));
    EXPECT_LE(core::testing::largestDifference(judged[i].outputs.at(0), ours[i]), 1e-4 * largest)
        << jobs[i].modelPath << ' ' << jobs[i].level;
  }
}

}  // namespace
}  // namespace lapidary::tests
