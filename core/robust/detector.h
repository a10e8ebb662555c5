// SPDX-License-Identifier: GPL-3.0-or-later
// Tells inputs that were tampered with from clean ones, with a share of false alarms that was chosen
// beforehand.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"
#include "core/robust/feature_space.h"
#include "core/robust/squeeze.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The score of an input; above its threshold the input is suspicious.
enum class DetectorScore {
  Squeezing,  ///< how far the answer moves when detail is taken away
  Distance,   ///< of the last features from the classes of clean samples
  Both,       ///< the greater of the two, each over its own threshold
};
inline constexpr std::array detectorScores{DetectorScore::Squeezing, DetectorScore::Distance,
                                           DetectorScore::Both};
std::string_view name(DetectorScore score);

/// By DetectorScore.
using DetectorScores = std::array<double, detectorScores.size()>;

/// Belongs to one model. A value: it goes to a file and back.
struct InputDetector {
  std::string model;                             ///< modelName of what it was fitted to
  double falseAlarms = 0.05;                     ///< share of clean samples that the thresholds were set to
  std::size_t fittedOn = 0, thresholdsFrom = 0;  ///< samples
  std::vector<float> low, high;                  ///< of the input by channel: what Depth counts between
  std::vector<Squeezer> squeezers;               ///< none: clean answers depend on detail
  std::string features;                          ///< name of the value
  ClassGaussians gaussians;
  DetectorScores thresholds{};
};

/// Tells models apart whose answers differ: a hash of graph and weights.
std::string modelName(const Model& model);

std::string toJson(const InputDetector& detector);
/// Throws Error(InvalidInput) naming what is wrong.
InputDetector detectorFromJson(const std::string& text);

struct DetectorFit {
  double falseAlarms = 0.05;  ///< in (0, 0.5]
  unsigned workers = 1;       ///< the result is the same for any number of them
};

/// Fits to the first half of `samples`, sets the thresholds on the other. Depth and Median are the coarsest
/// of 1 to 5 bits and of 3 x 3 and 2 x 2 that leave nine tenths of the clean answers as they are. Throws
/// Error(Usage) for fewer than 40 samples, Error(Unsupported) as inputBox and lastFeatures do.
InputDetector fitDetector(const Model& model, const Dataset& data, std::span<const std::size_t> samples,
                          const DetectorFit& fit, const Progress& progress);

}  // namespace lapidary::core
