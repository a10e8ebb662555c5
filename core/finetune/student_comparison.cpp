// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/student_comparison.h"

#include <algorithm>

#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/accuracy.h"
#include "core/analyze/speed/latency.h"
#include "core/explain/drift.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

/// A model, what runs it, and its samples.
struct Side {
  const Model& model;
  const Dataset& data;
  Executor executor{model, {}};

  Predictions predictions(unsigned workers, const Progress& progress) const {
    Predictions found;
    Predictor(model, executor, data, workers, {}).extend(model, data.size(), found, progress);
    return found;
  }
  ExplainedModel explained() const { return {model, executor, data}; }
  Runnable runnable() const { return {model, executor}; }
};

/// Of gradients. Maps of two sizes cannot be ranked against each other: they are left out.
std::optional<SaliencyDrift> driftOf(const Side& teacher, const Side& student, unsigned workers,
                                     const Progress& progress) {
  constexpr auto method = SaliencyMethod::Gradient;
  const DriftOptions options;
  const auto samples = driftSamples(teacher.data, options.samples);
  try {
    const auto before = saliencyMaps(teacher.explained(), samples, method, {}, workers, progress);
    std::vector<std::int64_t> targets;
    for (const SaliencyMap& map : before) targets.push_back(map.targetClass);
    const SaliencyDrift drift = driftBetween(
        before, saliencyMaps(student.explained(), samples, method, targets, workers, progress), options);
    return drift.samples > 0 ? std::optional(drift) : std::nullopt;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return std::nullopt;
  }
}

}  // namespace

StudentComparison compareStudent(const Session& teacher, const Model& student, const Dataset& data,
                                 const Progress& progress) {
  if (teacher.data() == nullptr)
    throw Error(ErrorKind::Usage, "two models are compared on samples: open data");
  const Side theirs{teacher.model(), *teacher.data()}, mine{student, data};
  const unsigned workers = std::max(1u, teacher.workers());
  const Predictions before = theirs.predictions(workers, progress),
                    after = mine.predictions(workers, progress);
  StudentComparison found;
  found.quality = qualityOf(*teacher.data(), before, after);
  found.teacherInterval = qualityOf(*teacher.data(), before, before).top1Interval;
  found.answers = comparisonOf(*teacher.data(), before, after);
  const Format& onnx = *formatForPath("model.onnx");
  found.teacherBytes = onnx.sizeOf(teacher.model());
  found.studentBytes = onnx.sizeOf(student);
  found.teacherParameters = teacher.model().parameters();
  found.studentParameters = student.parameters();
  const std::size_t one[]{0};
  found.latency = measureLatency(theirs.runnable(), theirs.data.inputs(one), mine.runnable(),
                                 mine.data.inputs(one), 1, progress);
  found.drift = driftOf(theirs, mine, workers, progress);
  return found;
}

}  // namespace lapidary::core
