// SPDX-License-Identifier: GPL-3.0-or-later
// The task of a student: the teacher's input and output.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

struct StudentTask {
  std::string input, output;  ///< names, as the teacher's
  DType dtype = DType::Float32;
  Shape sample;                 ///< of the input, without the batch axis
  std::int64_t classes = 0;     ///< at least 2
  bool probabilities = false;   ///< the output goes through a softmax
  std::int64_t vocabulary = 0;  ///< the input holds tokens below this; 0: numbers
  std::vector<Tensor> example;  ///< all inputs of the teacher for one sample

  bool tokens() const { return vocabulary > 0; }
};

}  // namespace lapidary::core
