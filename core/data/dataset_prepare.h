// SPDX-License-Identifier: GPL-3.0-or-later
// How one sample of a source becomes the model's inputs.
#pragma once

#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace lapidary::core {

/// Whether samples are arrays rather than files of pictures or sounds.
bool holdsArrays(const DataSource& data);

/// The arrays of sample i in the order of the inputs: by name, or the only one for the only input.
/// Throws Error(InvalidInput) naming the input that nothing feeds.
std::vector<Tensor> arraysForInputs(const DataSource& data, std::size_t i, std::span<const InputSpec> specs);

/// An array to an input without its batch axis. Pictures of 8 bits go through the whole preprocess;
/// whole numbers pass to inputs of whole numbers; other numbers get scale, mean and std.
Tensor prepareArray(const Tensor& array, const Preprocess& preprocess, const InputSpec& spec);

/// Every input of sample i, without the batch axis.
std::vector<Tensor> prepareSample(const DataSource& data, std::size_t i, const Preprocess& preprocess,
                                  std::span<const InputSpec> specs);

/// Throws Error(InvalidInput) if samples cannot feed the model; opens no picture file.
void checkFeeds(const DataSource& data, const Preprocess& preprocess, std::span<const InputSpec> specs);

}  // namespace lapidary::core
