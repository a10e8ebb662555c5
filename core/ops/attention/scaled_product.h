// SPDX-License-Identifier: GPL-3.0-or-later
// Scaled dot product attention over heads, which all operators of attention come to.
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// The keys [first, end) that a query may look at.
struct KeyRange {
  std::int64_t first = 0, end = 0;
};

/// softmax(cap(scale q k^T) + mask) v, where cap(s) = softcap tanh(s / softcap). Tensors are Float32.
struct ScaledProduct {
  Tensor q;           ///< [batch, heads, queries, size]
  Tensor k, v;        ///< [batch, groups, keys, size]; consecutive heads share one of the groups
  float scale = 1;    ///< of the scores
  float softcap = 0;  ///< 0: none
  Tensor mask;        ///< what is added: [batch or 1, heads or 1, queries, keys]; undefined where nothing is
  std::vector<KeyRange> visible;  ///< by batch and query; empty: every query sees all keys
  std::vector<float> sinks;       ///< by head, the score of a key that has no value; empty: none
};

/// A step of the computation whose scores can be given, [batch, heads, queries, keys]. Keys that are not seen
/// have the score minus infinity from `Masked` on.
enum class AttentionStep { None, Scores, Capped, Masked, Shares };

struct Attended {
  Tensor y;     ///< [batch, heads, queries, size of v]; zeros for a query that sees no key
  Tensor step;  ///< undefined where none was asked for
};

/// Throws Error(InvalidInput) where the shapes do not fit each other.
Attended attend(const ScaledProduct& product, AttentionStep step = AttentionStep::None);

struct AttentionGradients {
  Tensor q, k, v;
  Tensor mask;  ///< in the mask's shape; undefined where there is none
};
/// Given the gradient of y. Sinks have none.
AttentionGradients attendBackward(const ScaledProduct& product, const Tensor& dy);

}  // namespace lapidary::core
