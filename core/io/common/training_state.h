// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the weights in a checkpoint from what is kept for training alone, by how their names and shapes go
// together: moments of optimizers, states of random generators, averaged copies of the weights.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// What is known of a tensor before it is read. Parts of the name stand between dots or slashes.
struct TensorName {
  std::string name;
  Shape shape;
  bool integer = false;
};

struct TrainingParts {
  std::vector<bool> leftOut;          ///< by tensor
  std::vector<std::string> training;  ///< the shortest names under which nothing but training state stands
  std::vector<std::string> averaged;  ///< likewise, of averaged copies of weights that are there too
};

TrainingParts trainingParts(std::span<const TensorName> tensors);

/// The shortest beginnings of names under which `chosen` tensors stand and no others.
std::vector<std::string> wholeParts(std::span<const TensorName> tensors, const std::vector<bool>& chosen,
                                    const std::vector<bool>& others);

}  // namespace lapidary::core
