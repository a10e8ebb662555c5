// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to run in parallel: what is foretold lies near what is measured and knows the machine's processors.
#include "core/analyze/speed/parallel_plan.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

ParallelFigures planned(const ParallelRequest& request, const Progress& progress = {}) {
  const Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx");
  const Executor executor(model, {});
  return parallelFigures(model, executor, nullptr, request, progress);
}

/// Other programs may take half of the machine away between the two.
void expectNear(double predicted, double measured, const char* what) {
  EXPECT_GT(predicted, measured / 3) << what;
  EXPECT_LT(predicted, measured * 3) << what;
}

TEST(ParallelPlan, ForetellsWhatItMeasures) {
  ParallelRequest request;
  request.stages = 3;
  request.workers = 4;
  request.parts = 1;
  request.seconds = 0.15;
  std::vector<std::size_t> steps;
  std::size_t total = 0;
  Progress progress;
  progress.onStep = [&](std::size_t done, std::size_t all) {
    steps.push_back(done);
    total = all;
  };
  const ParallelFigures figures = planned(request, progress);
  ASSERT_EQ(figures.workers.size(), 3u) << "1, 2 and 4";
  for (const WorkerFigures& workers : figures.workers) {
    expectNear(workers.predicted, workers.measured, "workers");
    EXPECT_EQ(workers.share.size(), workers.workers);
    EXPECT_NEAR(std::accumulate(workers.share.begin(), workers.share.end(), 0.0), 1, 1e-9);
  }
  expectNear(figures.predicted, figures.measured, "pipeline");
  EXPECT_TRUE(figures.splits.empty()) << "one part is no split";
  ASSERT_EQ(figures.stages.size(), 3u);
  double share = 0;
  for (const StageFigures& stage : figures.stages) share += stage.share;
  EXPECT_NEAR(share, 1, 1e-9);
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.back(), total);
  EXPECT_TRUE(std::ranges::is_sorted(steps));
}

TEST(ParallelPlan, ExpectsNoMoreOfWorkersThanThereAreProcessors) {
  ParallelRequest request;
  request.stages = 1;
  request.workers = 8 * hardwareWorkers();
  request.parts = 1;
  request.seconds = 0.1;
  const ParallelFigures figures = planned(request);
  const double alone = figures.workers.front().predicted;
  EXPECT_LT(figures.workers.back().predicted, 3 * alone * hardwareWorkers());
}

TEST(ParallelPlan, StopsWhenAsked) {
  std::stop_source stop;
  Progress progress;
  progress.stop = stop.get_token();
  progress.onStep = [&](std::size_t, std::size_t) { stop.request_stop(); };
  EXPECT_THROW(planned({}, progress), Cancelled);
}

}  // namespace
}  // namespace lapidary::core
