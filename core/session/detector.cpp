// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/detector.h"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "core/ops/op.h"
#include "core/robust/attack_batches.h"
#include "core/robust/detector_run.h"
#include "core/session/robustness.h"
#include "core/support/parallel.h"

namespace lapidary::core {

DetectorReport measureDetector(const Session& session, const Recipe& recipe, RobustnessRequest request,
                               double falseAlarms, const Progress& progress,
                               const std::function<void(const DetectorReport&)>& onTrial) {
  const Dataset& data = requireAttackable(session);
  request.workers = std::max(1u, session.workers());
  return detectorFor(session.cutModel(recipe, {progress.stop, {}}), data, request, falseAlarms, progress,
                     onTrial);
}

std::vector<JudgedSample> detectTampered(const Session& session, const Recipe& recipe,
                                         const InputDetector& detector, const Progress& progress) {
  const Dataset& data = requireAttackable(session);
  const Model model = session.cutModel(recipe, {progress.stop, {}});
  const DetectorRun run(model, data, detector);
  std::vector<std::size_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), std::size_t{0});
  const Model* models[]{&model};
  const auto feeds = attackFeeds(samples, models);
  std::vector<JudgedSample> judged(samples.size());
  std::atomic<std::size_t> done = 0;
  parallelFor(feeds.size(), std::max(1u, session.workers()), [&](std::size_t i, unsigned) {
    useOneThreadPerWorker();
    const auto answers = run.of(data.inputs(feeds[i].fed), feeds[i].samples.size(), progress.stop);
    for (std::size_t k = 0; k < feeds[i].samples.size(); ++k) {
      constexpr auto both = static_cast<std::size_t>(DetectorScore::Both);
      judged[feeds[i].samples[k]] = {answers.top1[k], answers.scores[k],
                                     answers.scores[k][both] > detector.thresholds[both]};
    }
    progress.step(++done, feeds.size());
  });
  return judged;
}

}  // namespace lapidary::core
