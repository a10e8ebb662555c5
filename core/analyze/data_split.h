// Divides data into samples to choose on and samples to report on.
#pragma once

#include <memory>

#include "core/analyze/dataset.h"

namespace lapidary::core {

struct DataSplit {
  std::shared_ptr<const Dataset> choosing, reporting;
};

/// `holdout`, in (0, 1), is the share of every class that is left for the report; with the same data the
/// same samples always. Throws Error(Usage) where one of the two parts would be empty.
DataSplit splitData(const Dataset& data, const Model& model, double holdout);

}  // namespace lapidary::core
