// SPDX-License-Identifier: GPL-3.0-or-later
// Low rank: weights as products of two thin matrices, by the truncated singular value decomposition.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// Singular values and vectors of a weight seen as a matrix of outputs x inputs, [channels, the rest]:
/// computed once, truncated as often as wanted. From the eigenvectors of the smaller Gram matrix in double:
/// singular values below 1e-8 of the greatest are noise, and the product at full rank is the weight to float
/// accuracy whatever they are.
class Decomposition {
 public:
  /// `weight` is Float32, row-major [outputs, inputs]; min(outputs, inputs)^3 operations.
  Decomposition(std::span<const float> weight, std::int64_t outputs, std::int64_t inputs);

  std::int64_t outputs() const { return m_outputs; }
  std::int64_t inputs() const { return m_inputs; }
  std::int64_t fullRank() const { return static_cast<std::int64_t>(m_values.size()); }
  const std::vector<double>& singularValues() const { return m_values; }  ///< descending
  /// The rank that the edit asks for, from 1 to fullRank().
  std::int64_t rankFor(const LowRank& edit) const;
  std::size_t bytes() const { return (m_first.size() + m_second.size()) * sizeof(float); }

  /// The factors of that rank, weight = second * first: first [rank, inputs], second [outputs, rank]. The
  /// singular values are shared out evenly, so that channels of both have like ranges.
  std::vector<float> first(std::int64_t rank) const;
  std::vector<float> second(std::int64_t rank) const;

 private:
  std::int64_t m_outputs, m_inputs;
  std::vector<double> m_values;
  std::vector<float> m_first;   ///< [fullRank, inputs]
  std::vector<float> m_second;  ///< [outputs, fullRank]
};

/// The most that a rank may be so that two factors hold fewer weights than the matrix.
std::int64_t greatestSavingRank(std::int64_t outputs, std::int64_t inputs);

/// Why the layer cannot be split into two; empty where it can. Conv without groups, Gemm and MatMul by a
/// matrix, whose weight no other node reads.
std::string obstacleToLowRank(const Model& model, const Layer& layer);
/// The layer's weight [outputs, inputs], row-major, decomposed.
std::shared_ptr<const Decomposition> decompose(const Model& model, const Layer& layer);

struct LowRankSplit {
  LayerId layer;
  std::shared_ptr<const Decomposition> decomposition;
  std::int64_t rank = 1;
};

/// The model with two nodes in place of each of these layers. The first keeps the layer's id, name, index and
/// input; it makes `rank` channels, a convolution with the window, strides and padding of the layer. The
/// second makes the layer's channels of them, a convolution by 1x1, has its bias and its output, and is a
/// layer of its own behind all others: Layer::partOf. (The scheme of Zhang et al. 2016, "Accelerating very
/// deep convolutional networks", there for k x k filters; not the separation into k x 1 and 1 x k of
/// Jaderberg et al. 2014, whose matrix has not outputs for rows.)
Model withLowRank(const Model& model, const std::vector<LowRankSplit>& splits);

/// The product of the two factors in the shape of the layer they came from.
Tensor productOf(const Tensor& first, const Tensor& second, const Layer& layer);

}  // namespace lapidary::core
