// SPDX-License-Identifier: GPL-3.0-or-later
// How far a sample lies from the classes of the training data in the space of a network's last features.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// Gives the value that the last Conv, Gemm or MatMul of the graph reads. Throws Error(Unsupported) where
/// there is none.
ValueId lastFeatures(const Model& model);

/// A row a sample: the value as it is, or, where it has spatial positions, the means over them (channels
/// first in rank 4, last in rank 3).
struct FeatureRows {
  std::size_t width = 0;
  std::vector<float> values;
  std::size_t count() const { return width == 0 ? 0 : values.size() / width; }
  std::span<const float> row(std::size_t i) const { return std::span(values).subspan(i * width, width); }
};
FeatureRows featureRows(const Tensor& value, std::size_t samples);

/// Gaussians of one covariance around the means of the classes (Lee et al. 2018). Of the covariance the
/// greatest directions are kept, at most 64; in all others it is one variance (probabilistic principal
/// components; Tipping, Bishop 1999), so that a few hundred samples are enough.
struct ClassGaussians {
  std::size_t width = 0;
  std::vector<std::vector<float>> means;       ///< of classes that had samples
  std::vector<std::vector<float>> directions;  ///< of length 1
  std::vector<double> variances;               ///< along them
  double otherVariance = 1;                    ///< in every other direction

  /// The Mahalanobis distance to the nearest mean.
  double distance(std::span<const float> features) const;
};

/// Throws Error(Usage) for fewer than 16 rows, or rows that are not finite.
ClassGaussians fitGaussians(const FeatureRows& rows, std::span<const std::int64_t> classes);

}  // namespace lapidary::core
