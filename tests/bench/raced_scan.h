// SPDX-License-Identifier: GPL-3.0-or-later
// The sensitivity scan that measures each cell only as sharply as is needed, against the full one.
#pragma once

#include <vector>

#include "core/analyze/trials/sensitivity.h"
#include "core/session/session.h"

namespace lapidary::bench {

/// The result of a scan of every cell on all samples.
struct FullScan {
  std::vector<core::CutSetting> settings;
  std::vector<double> drops;  ///< shares, layer by layer
  double seconds = 0;         ///< of ours, with the session and the uncut model
  double rivalSeconds = 0;    ///< of exporting every cell and running ONNX Runtime on all samples
};

/// Races the same cells in sessions of their own: to a width, and to a decision against a threshold. Prints
/// samples a cell, widths and how often the outcome is that of the full scan.
void measureRacedScans(const core::Model& model, const std::shared_ptr<const core::Dataset>& data,
                       const FullScan& full);

}  // namespace lapidary::bench
