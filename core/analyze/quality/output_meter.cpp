// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/quality/output_meter.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/answers/batch_runner.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void addOutput(OutputPower& power, const Tensor& before, const Tensor& after, std::size_t rows) {
  const Tensor a = toFloat32(before), b = toFloat32(after);
  const bool fits = a.size() == b.size();
  auto count = static_cast<std::size_t>(a.size());
  if (rows > 0 && a.rank() > 0 && a.shape()[0] > static_cast<std::int64_t>(rows))
    count = count / static_cast<std::size_t>(a.shape()[0]) * rows;
  for (std::size_t i = 0; i < count; ++i) {
    const double y = a.as<float>()[i], other = fits ? b.as<float>()[i] : 0.0;
    if (std::isfinite(y)) power.signal += y * y;
    if (!same(y, other)) power.noise += (y - other) * (y - other);
  }
}

}  // namespace

void addPower(OutputPower& power, std::span<const Tensor> before, std::span<const Tensor> after,
              std::size_t rows) {
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i)
    if (before[i].defined() && after[i].defined() && isFloating(before[i].dtype()))
      addOutput(power, before[i], after[i], rows);
}

std::vector<OutputPower> powersOf(const ComparedModels& models, SampleRange range, unsigned workers,
                                  std::stop_token stop) {
  const auto chunks = models.runBefore.chunks(range.begin, range.end);
  std::vector<OutputPower> powers(chunks.size());
  parallelFor(chunks.size(), workers, [&](std::size_t i, unsigned) {
    const auto before = models.runBefore.outputs(models.before, chunks[i], stop);
    const auto after = models.same ? before : models.runAfter.outputs(models.after, chunks[i], stop);
    addPower(powers[i], before, after, chunks[i].end - chunks[i].begin);
  });
  return powers;
}

void addPowers(OutputDifference& difference, std::span<const OutputPower> powers, std::size_t end) {
  for (const OutputPower& power : powers)
    difference.power.signal += power.signal, difference.power.noise += power.noise;
  difference.samples = end;
}

void extendDifference(const ComparedModels& models, const Dataset& data, std::size_t samples,
                      unsigned workers, OutputDifference& difference, const Progress& progress) {
  const std::size_t end = models.runBefore.aligned(samples);
  const std::size_t perCall = std::max<std::size_t>(1, 2 * workers) * models.runBefore.chunkSize();
  while (difference.samples < end) {
    progress.check();
    const SampleRange range{difference.samples, std::min(end, difference.samples + perCall)};
    addPowers(difference, powersOf(models, range, workers, progress.stop), range.end);
    progress.step(difference.samples, data.size());
  }
}

Quality qualityOf(const Dataset& data, const OutputDifference& difference) {
  Quality quality;
  quality.kind = QualityKind::Noise;
  quality.onData = true;
  quality.samples = difference.samples;
  quality.total = data.size();
  quality.outputSnrDb = difference.power.decibel();
  return quality;
}

}  // namespace lapidary::core
