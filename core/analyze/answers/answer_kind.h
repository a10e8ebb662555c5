// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what a model answers are scores of classes, and whether the labels are among them.
#pragma once

#include <optional>
#include <span>

#include "core/data/dataset.h"

namespace lapidary::core {

/// Decided by one batch of `samples` samples. Not scores of classes: one number a sample (a sigmoid, a
/// regression), maps (segmentation, boxes, feature maps), outputs of the size of an input (an
/// autoencoder), and sequences ([N,T,C]), except of tokens with labels for about as many classes.
/// [N,C] counts as scores: features of a sample cannot be told from them.
/// `chosen` is Model::scoresOutput: the output to look at, else the first floating one.
bool givesClassScores(std::span<const Tensor> inputs, std::span<const Tensor> outputs,
                      std::optional<std::size_t> chosen, std::size_t samples, const DataSource& data);

/// Throws Error(InvalidInput) naming the label and the number of classes where sample i has a label that
/// is no class of the model.
void requireClass(const DataSource& data, std::size_t i, std::size_t classes);
void requireClasses(const DataSource& data, std::size_t classes);

}  // namespace lapidary::core
