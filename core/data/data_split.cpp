// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_split.h"

#include <algorithm>
#include <map>

#include "core/data/sample_subset.h"

namespace lapidary::core {
namespace {

constexpr std::size_t pictureBytes = std::size_t{64} << 20;

std::shared_ptr<const Dataset> subset(const Dataset& data, const Model& model,
                                      std::vector<std::size_t> samples) {
  std::ranges::sort(samples);
  const auto source =
      std::make_shared<const SampleSubset>(data.sharedSource(), std::move(samples), pictureBytes);
  return std::make_shared<const Dataset>(source, data.preprocess(), model, data.preprocessOrigin());
}

/// Walks the stratified order and gives each class's samples to the first part as often as its share has
/// grown by a whole one.
std::pair<std::vector<std::size_t>, std::vector<std::size_t>> divided(const Dataset& data, double share) {
  std::map<std::int64_t, double> due;
  std::vector<std::size_t> first, second;
  for (const std::size_t sample : data.order()) {
    double& owed = due[data.labelled() ? data.source().label(sample) : 0];
    owed += share;
    const bool taken = owed >= 1 - 1e-9;
    if (taken) owed -= 1;
    (taken ? first : second).push_back(sample);
  }
  return {std::move(first), std::move(second)};
}

}  // namespace

LearningSplit splitForLearning(const std::shared_ptr<const Dataset>& data, const Model& model,
                               std::size_t most) {
  const auto count = static_cast<double>(data->size());
  auto [calibration, choosing] = divided(*data, std::min(0.25, static_cast<double>(most) / count));
  if (calibration.empty() || choosing.empty()) return {data, data};
  return {subset(*data, model, std::move(calibration)), subset(*data, model, std::move(choosing))};
}

DataSplit splitData(const Dataset& data, const Model& model, double holdout, std::size_t mostCalibration) {
  if (!(holdout > 0 && holdout < 1))
    throw Error(ErrorKind::Usage, "the share held out must lie between 0 and 1");
  auto [reporting, rest] = divided(data, holdout);
  if (rest.empty() || reporting.empty())
    throw Error(
        ErrorKind::Usage,
        std::to_string(data.size()) +
            " samples are too few to hold that share out of them: give more samples, or another share");
  const LearningSplit learning =
      splitForLearning(subset(data, model, std::move(rest)), model, mostCalibration);
  return {learning.calibration, learning.choosing, subset(data, model, std::move(reporting))};
}

std::shared_ptr<const Dataset> firstSamples(const Dataset& data, const Model& model, std::size_t count) {
  const auto& order = data.order();
  return subset(data, model,
                {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()))});
}

}  // namespace lapidary::core
