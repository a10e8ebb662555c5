// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the report that say what the cut did to the model's reasons, classes and confidence.
#pragma once

#include <string>

#include "core/report/bundle.h"

namespace lapidary::core {

/// Writes what is left of the saliency: a table of the measures, and each against size over the recipes that
/// were visited. Empty where no maps were compared.
std::string driftBody(const BundleContent& content);
/// Empty where it was not asked for.
std::string robustnessBody(const BundleContent& content);
std::string detectorBody(const BundleContent& content);
/// Reliability diagram of original and cut, and their calibration errors. Empty without labels.
std::string reliabilityBody(const BundleContent& content);
/// Accuracy of every class before and after. Empty where nothing was compared.
std::string classesBody(const BundleContent& content);

}  // namespace lapidary::core
