// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/reliability.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/analyze/statistics.h"

namespace lapidary::core {
namespace {

constexpr std::size_t binCount = 15;
constexpr std::size_t resamples = 400;
constexpr std::uint64_t seed = 20170806;

std::size_t binOf(double probability) {
  const double bin = std::ceil(probability * static_cast<double>(binCount)) - 1;
  return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(binCount - 1)));
}

/// The sums that a bin's share of the error is made of.
struct BinSum {
  std::size_t samples = 0, right = 0;
  double probability = 0;

  void add(const RatedAnswer& answer) {
    ++samples;
    right += answer.right;
    probability += answer.probability;
  }
  /// |accuracy - confidence| times samples.
  double gap() const { return std::abs(static_cast<double>(right) - probability); }
};

using BinSums = std::vector<BinSum>;

double errorOf(const BinSums& bins) {
  double gap = 0;
  std::size_t samples = 0;
  for (const BinSum& bin : bins) gap += bin.gap(), samples += bin.samples;
  return samples == 0 ? 0 : gap / static_cast<double>(samples);
}

BinSums equalWidthBins(std::span<const RatedAnswer> answers) {
  BinSums bins(binCount);
  for (const RatedAnswer& answer : answers) bins[binOf(answer.probability)].add(answer);
  return bins;
}

Interval mirrored(double found, std::vector<double> resampled) {
  std::ranges::sort(resampled);
  const auto at = [&](double share) {
    return resampled[static_cast<std::size_t>(
        std::llround(share * static_cast<double>(resampled.size() - 1)))];
  };
  const double low = 2 * found - at(0.975), high = 2 * found - at(0.025);
  return {std::clamp(std::min(low, found), 0.0, 1.0), std::clamp(std::max(high, found), 0.0, 1.0)};
}

Interval bootstrapped(std::span<const RatedAnswer> answers, double found) {
  std::vector<std::uint8_t> binOfEach(answers.size());
  std::ranges::transform(answers, binOfEach.begin(), [](const RatedAnswer& a) {
    return static_cast<std::uint8_t>(binOf(a.probability));
  });
  std::mt19937_64 random(seed);
  std::vector<double> errors(resamples);
  for (double& error : errors) {
    BinSums bins(binCount);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const std::size_t drawn = random() % answers.size();
      bins[binOfEach[drawn]].add(answers[drawn]);
    }
    error = errorOf(bins);
  }
  return mirrored(found, std::move(errors));
}

ReliabilityBin shownBin(const BinSum& sum, std::size_t index) {
  const auto width = static_cast<double>(binCount);
  ReliabilityBin bin{static_cast<double>(index) / width, static_cast<double>(index + 1) / width, sum.samples,
                     sum.right};
  bin.interval = wilsonInterval(sum.right, sum.samples);
  if (sum.samples == 0) return bin;
  bin.confidence = sum.probability / static_cast<double>(sum.samples);
  bin.accuracy = static_cast<double>(sum.right) / static_cast<double>(sum.samples);
  return bin;
}

}  // namespace

double calibrationError(std::span<const RatedAnswer> answers) { return errorOf(equalWidthBins(answers)); }

double adaptiveCalibrationError(std::span<const RatedAnswer> answers) {
  std::vector<RatedAnswer> sorted(answers.begin(), answers.end());
  std::ranges::stable_sort(sorted, {}, &RatedAnswer::probability);
  BinSums bins(binCount);
  for (std::size_t i = 0; i < sorted.size(); ++i) bins[i * binCount / sorted.size()].add(sorted[i]);
  return errorOf(bins);
}

Reliability reliabilityOf(std::span<const RatedAnswer> answers) {
  Reliability found;
  found.samples = answers.size();
  const BinSums bins = equalWidthBins(answers);
  for (std::size_t i = 0; i < bins.size(); ++i) found.bins.push_back(shownBin(bins[i], i));
  if (answers.empty()) return found;
  found.ece = errorOf(bins);
  found.eceInterval = bootstrapped(answers, found.ece);
  found.adaptiveEce = adaptiveCalibrationError(answers);
  BinSum all;
  for (const RatedAnswer& answer : answers) all.add(answer);
  found.confidence = all.probability / static_cast<double>(all.samples);
  found.accuracy = static_cast<double>(all.right) / static_cast<double>(all.samples);
  return found;
}

}  // namespace lapidary::core
