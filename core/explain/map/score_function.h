// SPDX-License-Identifier: GPL-3.0-or-later
// A class's score as a function of the explained value, for methods that move through its space.
#pragma once

#include "core/explain/map/saliency_map.h"
#include "core/explain/map/saliency_task.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {

/// The explained value is the first floating input, or the embedding of the tokens: another one is put in the
/// place of what the embedding gives, while the other inputs stay.
class ScoreFunction {
 public:
  explicit ScoreFunction(const SaliencyTask& task);

  /// Of the sample: Float32, a batch of one.
  const Tensor& point() const { return m_point; }
  const Tensor& gradient() const { return m_gradient; }
  double score() const { return m_score; }
  const MapGeometry& geometry() const { return m_geometry; }

  struct Gradients {
    std::vector<double> scores;  ///< by row
    Tensor gradients;            ///< like the points
  };
  /// `points`: Float32, any number of rows of the shape of `point`.
  Gradients at(const Tensor& points) const;

  /// Maps of values of the shape of `point`.
  SaliencyMap largest(std::span<const float> values) const;  ///< magnitude over the channels
  SaliencyMap sum(std::span<const float> values) const;      ///< over the channels

 private:
  SaliencyMap mapOf(std::vector<float> values) const;

  const SaliencyTask& m_task;
  Explained m_explained;
  Tensor m_point, m_gradient;
  MapGeometry m_geometry;
  std::int64_t m_target = 0;
  double m_score = 0, m_probability = 0;
};

}  // namespace lapidary::core
