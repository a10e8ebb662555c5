// SPDX-License-Identifier: GPL-3.0-or-later
// The sensitivity of layers: every layer under every setting, measured only as sharply as is needed.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/analyze/size_kind.h"
#include "core/analyze/trials/trial.h"
#include "core/compress/recipe/cut_setting.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// When a cell is sharp enough. Every look at an interval is one at 95 %: of many looks a few more than one
/// in twenty err.
struct RacePolicy {
  /// Half of the interval's width that is wanted, as a share of the samples (0.005: half a point).
  double halfWidth = 0.005;
  /// Or this share of the drop itself, where that is more: a layer that costs 40 points need not be known to
  /// half a point.
  double relative = 0.25;
  /// Given: a cell is sharp only, and as soon as, its interval lies on one side of this drop.
  std::optional<double> threshold = std::nullopt;
  bool everything = false;  ///< all cells on all samples
  std::size_t step = 100;   ///< samples between two looks at first; later half as many as were seen
};

/// Whether more samples are worth it no longer. A signal-to-noise ratio (kind Noise) is taken from the first
/// look: every output of every sample counts in it.
bool sharpEnough(const Trial& trial, QualityKind kind, const RacePolicy& policy);

struct SensitivityRequest {
  std::vector<CutSetting> settings = scanSettings();
  std::vector<LayerId> layers;       ///< empty: all
  bool reverse = false;              ///< a cell is: this setting on all layers but this one
  SizeKind size = SizeKind::Zipped;  ///< what `bytesSaved` counts
  RacePolicy race;
};

struct SensitivityCell {
  std::size_t row = 0, column = 0;  ///< into layers and settings
  Trial trial;
  std::optional<Drop> drop;
  std::int64_t bytesSaved = 0;        ///< of the file, against the original; below 0: it grew
  std::optional<double> weightSnrDb;  ///< of the layer; nothing where it did not change, or in reverse
  bool sharp = false;                 ///< nothing more will be measured
  std::string failure;                ///< why the cell cannot be measured; empty where it can
};

struct SensitivityMatrix {
  QualityKind kind = QualityKind::Accuracy;
  bool reverse = false;
  std::size_t total = 0;  ///< samples there are
  std::vector<LayerId> layers;
  std::vector<CutSetting> settings;
  std::vector<SensitivityCell> cells;      ///< row by row
  std::vector<SensitivityCell> allLayers;  ///< in reverse: each setting on all layers, to compare with

  const SensitivityCell& cell(std::size_t row, std::size_t column) const {
    return cells[row * settings.size() + column];
  }
  /// Samples seen by all cells together, against those that a full scan would see; 0 without cells.
  double sampleShare() const;
};

/// The functions that the race calls; filled by a session, or by a test.
struct SensitivityMeter {
  QualityKind kind = QualityKind::Accuracy;
  std::size_t total = 0;
  /// Extends the cell's trial to so many samples.
  std::function<void(SensitivityCell& cell, std::size_t samples)> extend;
};

/// Cells that save much and hurt little come first: bytes saved over what is lost. Used for the order of
/// work and for lists.
std::vector<std::size_t> promisingFirst(const std::vector<SensitivityCell>& cells);

/// Numbers of samples at which cells are looked at, the last of them `total`.
std::vector<std::size_t> looksOf(const RacePolicy& policy, std::size_t total);

/// All cells on the first samples, then in rounds one more look for each cell that is not sharp yet.
/// `onCell` hears of each cell as it changes. Throws Cancelled; what is measured stays in the cells.
void race(std::vector<SensitivityCell>& cells, const SensitivityMeter& meter, const RacePolicy& policy,
          const Progress& progress, const std::function<void(const SensitivityCell&)>& onCell);

}  // namespace lapidary::core
