// SPDX-License-Identifier: GPL-3.0-or-later
// Labels as arrays hold them: class indices of any type of number, one-hot rows, or words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/io/numpy/npz.h"

namespace lapidary::core {

struct ArrayLabels {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> names;  ///< by class, sorted, where labels are words
};

/// One whole number, or one row with a single 1 among zeros, for each sample; axes of length 1 do not count.
/// Throws Error(InvalidInput) with the first sample whose label is neither.
std::vector<std::int64_t> readLabels(const Tensor& tensor, std::int64_t samples);

/// Words of NumPy's fixed-width texts.
ArrayLabels readWords(const OtherArray& array, std::int64_t samples);

/// Whether an array may hold the labels of so many samples, by its form.
bool mayHoldLabels(const Shape& shape, std::int64_t samples);

}  // namespace lapidary::core
