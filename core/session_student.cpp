#include "core/session_student.h"

#include <algorithm>
#include <numeric>

#include "core/analyze/accuracy.h"
#include "core/analyze/latency.h"
#include "core/analyze/statistics.h"
#include "core/io/format.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t comparedMaps = 16;

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
  SaliencyMap map(std::size_t sample, std::int64_t targetClass, const Progress& progress) const {
    const std::size_t one[]{sample};
    return saliency(model, executor, data.inputs(one), SaliencyMethod::Gradient, targetClass, progress);
  }
  Runnable runnable() const { return {model, executor}; }
};

/// Maps of two sizes cannot be ranked against each other: they are left out.
void compareMaps(const Side& teacher, const Side& student, unsigned workers, StudentComparison& found,
                 const Progress& progress) {
  const std::size_t count = std::min(comparedMaps, teacher.data.size());
  std::vector<double> kept(count, 0);
  std::vector<char> comparable(count, 0);
  const Progress stopOnly{progress.stop, {}};
  try {
    parallelFor(count, workers, [&](std::size_t i, unsigned) {
      const std::size_t sample = teacher.data.order()[i];
      const SaliencyMap theirs = teacher.map(sample, -1, stopOnly),
                        mine = student.map(sample, theirs.targetClass, stopOnly);
      if (theirs.width != mine.width || theirs.height != mine.height) return;
      comparable[i] = 1;
      kept[i] = rankCorrelation(theirs, mine);
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return;
  }
  found.saliencySamples = static_cast<std::size_t>(std::ranges::count(comparable, char{1}));
  if (found.saliencySamples == 0) return;
  found.saliencyKept =
      std::accumulate(kept.begin(), kept.end(), 0.0) / static_cast<double>(found.saliencySamples);
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
  compareMaps(theirs, mine, workers, found, progress);
  return found;
}

}  // namespace lapidary::core
