#include "core/analyze/data_split.h"

#include <algorithm>
#include <map>

#include "core/analyze/sample_subset.h"

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

}  // namespace

/// Walks the stratified order and gives each class's samples to the report as often as its share has grown by
/// a whole one.
DataSplit splitData(const Dataset& data, const Model& model, double holdout) {
  if (!(holdout > 0 && holdout < 1))
    throw Error(ErrorKind::Usage, "the share held out has to lie between 0 and 1");
  std::map<std::int64_t, double> due;
  std::vector<std::size_t> choosing, reporting;
  for (const std::size_t sample : data.order()) {
    double& owed = due[data.labelled() ? data.source().label(sample) : 0];
    owed += holdout;
    const bool report = owed >= 1 - 1e-9;
    if (report) owed -= 1;
    (report ? reporting : choosing).push_back(sample);
  }
  if (choosing.empty() || reporting.empty())
    throw Error(ErrorKind::Usage, "there are too few samples to hold some of them out");
  return {subset(data, model, std::move(choosing)), subset(data, model, std::move(reporting))};
}

}  // namespace lapidary::core
