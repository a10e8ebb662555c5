// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/level_judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/io/common/format.h"
#include "core/io/onnx/runtime_rules.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using namespace core;

std::vector<Tensor> tensorsOf(const NamedInputs& inputs) {
  std::vector<Tensor> tensors;
  for (const auto& [name, tensor] : inputs) tensors.push_back(tensor);
  return tensors;
}

double distance(const Tensor& mine, const Tensor& other) {
  double largest = 1e-30, apart = mine.size() == other.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(mine.size(), other.size())); ++i) {
    const double a = mine.as<float>()[i], b = other.as<float>()[i];
    largest = std::max(largest, std::abs(a));
    apart = std::isfinite(b) ? std::max(apart, std::abs(a - b)) : INFINITY;
  }
  return apart / largest;
}

double largestOf(const Tensor& values) {
  double largest = 1e-30;
  for (const float value : values.as<float>()) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

std::string textOf(const UnprovedNodes& nodes) {
  std::string text;
  for (const UnprovedNode& node : nodes)
    text += node.name + " (" + node.opType + "): " + std::to_string(static_cast<int>(node.why)) + "\n";
  return text;
}

}  // namespace

std::vector<Level> levels() {
  std::vector<Level> all;
  for (const char* name : {"disabled", "basic", "extended", "all"})
    for (const int threads : {1, 2}) all.push_back({name, threads});
  return all;
}

/// Each level, and both numbers of threads where all is rewritten: threads only share out the work of a
/// kernel.
std::vector<Level> eachLevel() {
  return {{"disabled", 1}, {"basic", 2}, {"extended", 1}, {"all", 1}, {"all", 2}};
}

std::vector<Level> rewritingLevels() { return {{"basic", 2}, {"all", 1}, {"all", 2}}; }

void expectOurs(const std::vector<Exported>& exports, const std::vector<Level>& asked) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  for (const Exported& each : exports) {
    const std::string path = folder.path() + "/" + each.name + ".onnx";
    writeModel(each.model, path);
    EXPECT_EQ(formatForPath(path)->sizeOf(each.model), fs::file_size(path)) << each.name;
    EXPECT_EQ(textOf(unprovedNodes(readModel(path))), "") << each.name;
    for (const auto& [level, threads] : asked)
      for (const NamedInputs& inputs : each.inputs)
        jobs.push_back({.modelPath = path, .inputs = inputs, .level = level, .threads = threads});
  }
  const std::vector<Judgement> judged = judge(jobs, folder.path());
  std::size_t at = 0;
  double worst = 0;
  std::size_t flipped = 0, codes = 0;
  for (const Exported& each : exports) {
    std::vector<std::vector<Tensor>> ours;
    for (const NamedInputs& inputs : each.inputs)
      ours.push_back(Executor(each.model, {}).run(each.model, tensorsOf(inputs)).outputs);
    for (const auto& [level, threads] : asked)
      for (const auto& mine : ours) {
        const Judgement& other = judged.at(at++);
        ASSERT_EQ(other.error, "") << each.name << ", " << level;
        ASSERT_EQ(other.outputs.size(), mine.size());
        for (std::size_t k = 0; k < mine.size(); ++k) {
          if (k < each.coded.size() && each.coded[k]) {
            const CodesApart found =
                codesApart(mine[k], other.outputs[k],
                           stepOf(mine[k], each.activations.kind, each.activations.outputReach()));
            flipped += found.flipped, codes += static_cast<std::size_t>(mine[k].size());
            EXPECT_LE(found.flipped, 1 + mine[k].size() / 100)
                << each.name << ", output " << k << ", " << level << ", threads " << threads;
            EXPECT_LE(found.otherwise, 1e-4 * largestOf(mine[k]))
                << each.name << ", output " << k << ", " << level << ", threads " << threads;
            continue;
          }
          const double apart = distance(mine[k], other.outputs[k]);
          EXPECT_LE(apart, each.apart)
              << each.name << ", output " << k << ", " << level << ", threads " << threads;
          worst = std::max(worst, apart);
        }
      }
  }
  std::printf("  %zu files, %zu runs: apart by at most %.1e of the largest; %zu of %zu codes differ\n",
              exports.size(), jobs.size(), worst, flipped, codes);
}

}  // namespace lapidary::tests
