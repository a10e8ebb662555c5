// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of an evaluation, measured from outside: weights, the budget, and 200 MB.
#include <gtest/gtest.h>

#include "command.h"
#include "large_model.h"
#include "peak_memory.h"

namespace lapidary {
namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;
constexpr std::size_t slack = 200 * megabyte;

#ifdef __SANITIZE_ADDRESS__
constexpr bool measurable = false;
#elif defined(__SANITIZE_THREAD__)
constexpr bool measurable = false;
#else
constexpr bool measurable = true;
#endif

TEST(Memory, ALargeModelStaysWithinWeightsAndBudget) {
  if (!measurable) GTEST_SKIP() << "a sanitizer needs memory of its own";
  constexpr int layers = 5;
  constexpr std::size_t budget = 32;
  const test::Folder folder;
  const std::string model = folder / "large.onnx", data = folder / "large.npz";
  ASSERT_TRUE(test::writeLargeFilesApart(layers, 40, model, data));
  const std::size_t peak =
      test::peakOf(LAPIDARY_CLI, {"evaluate", model, "--data", data, "--memory", std::to_string(budget)});
  const std::size_t weights = layers * test::largeLayerBytes;
  EXPECT_LE(peak, weights + budget * megabyte + slack) << "weights " << weights;
  EXPECT_GE(peak, weights) << "the weights were read";
}

TEST(Memory, ABudgetHoldsForManySmallSamples) {
  if (!measurable) GTEST_SKIP() << "a sanitizer needs memory of its own";
  const std::string assets = LAPIDARY_ASSETS_DIR, model = assets + "/resnet/resnet20_cifar10.onnx";
  if (!std::filesystem::exists(model)) GTEST_SKIP() << "skipped: no ../shared";
  const auto peak = [&](const std::string& budget) {
    return test::peakOf(LAPIDARY_CLI, {"evaluate", model, "--data", assets + "/cifar10/test-1000",
                                       "--threads", "2", "--memory", budget});
  };
  const std::size_t small = peak("32");
  EXPECT_LE(small, 2 * megabyte + 32 * megabyte + slack);
  EXPECT_GT(peak("512"), small + 64 * megabyte) << "the budget is not used";
}

TEST(Memory, ACutFromFileToFileHoldsATensorAtATime) {
  if (!measurable) GTEST_SKIP() << "a sanitizer needs memory of its own";
  constexpr int tensors = 8;  // 512 MB: what is held must not depend on how many there are
  const test::Folder folder;
  const std::string model = folder / "large.safetensors";
  ASSERT_TRUE(test::writeLargeWeightsApart(tensors, model));
  for (const std::string ending : {"safetensors", "lapidary"}) {
    const std::string out = folder / ("small." + ending);
    const std::size_t peak =
        test::peakOf(LAPIDARY_CLI, {"compress", model, "--sparsity", "0.9", "--bits", "4", "-o", out});
    EXPECT_LT(peak, 300 * megabyte) << ending;
    EXPECT_LT(std::filesystem::file_size(out), tensors * test::largeLayerBytes / 3) << ending;
  }
}

}  // namespace
}  // namespace lapidary
