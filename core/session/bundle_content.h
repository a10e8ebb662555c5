// SPDX-License-Identifier: GPL-3.0-or-later
// The content of a bundle: report, heatmaps, manifest and figures of trust, all of the model as read back.
#pragma once

#include <string>

#include "core/report/bundle.h"
#include "core/session/bundle.h"
#include "core/session/read_back.h"

namespace lapidary::core {

/// Refuses what cannot be given before anything is measured. Throws Error(Usage) for extras of another file
/// than a bundle and for samples of data that are no pictures, Error(Unsupported) where the model cannot be
/// attacked or gives no heatmaps.
void requireExtras(const Session& session, const BundleExtras& extras, const std::string& path);

/// `modelFile` is what `reopened` was read from. Throws Error(Unsupported) where samples are asked for and
/// the model turns out to give no heatmaps.
BundleContent bundleContent(const ShownCut& shown, const Bytes& modelFile, const ReopenedModel& reopened,
                            const BundleExtras& extras, const Progress& progress);

}  // namespace lapidary::core
