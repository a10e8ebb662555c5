// SPDX-License-Identifier: GPL-3.0-or-later
// Drift, reliability and classes as JSON, the same words in manifests, journals, session files and on the
// command line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/analyze/changes/class_changes.h"
#include "core/analyze/reliability.h"
#include "core/analyze/saliency_drift.h"

namespace lapidary::core {

/// {"method", "samples", "top_share", "rank": {"mean", "low", "high"}, "ssim": ..., "top": ...}, on one line.
std::string toJson(const SaliencyDrift& drift);
/// Throws Error(InvalidInput) for anything else.
SaliencyDrift driftFromJson(const std::string& json);

/// {"ece", "ece_low", "ece_high", "ece_adaptive", "confidence", "accuracy", "samples", "bins": [{"low",
/// "high", "samples", "right", "confidence", "accuracy", "accuracy_low", "accuracy_high"}, ...]}, empty bins
/// among them.
std::string toJson(const Reliability& reliability);

/// [{"class", "name", "samples", "top1_before", ..._low, ..._high, "top1_after", ..., "change", ..., "lost",
/// "gained"}, ...] in the order given; names as far as there are any.
std::string toJson(std::span<const ClassChange> classes, const std::vector<std::string>& names);

}  // namespace lapidary::core
