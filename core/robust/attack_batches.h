// SPDX-License-Identifier: GPL-3.0-or-later
// Samples in the batches in which they are attacked: the same ones for any number of workers.
#pragma once

#include "core/data/dataset.h"
#include "core/robust/attack.h"
#include "core/robust/attacked.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Some samples of the dataset's order, and what feeds them.
struct AttackFeed {
  std::vector<std::size_t> samples;  ///< in the dataset's numbering
  std::vector<std::size_t> fed;      ///< those, the last one repeated where the models insist on a number
};

/// These samples in feeds of a size that all `models` take.
std::vector<AttackFeed> attackFeeds(std::span<const std::size_t> samples,
                                    std::span<const Model* const> models);

/// The first samples of the order, at most `count`.
std::span<const std::size_t> firstSamples(const Dataset& data, std::size_t count);

/// The inputs with another tensor in the box's place, in the dtype of what stood there.
std::vector<Tensor> withInput(std::span<const Tensor> inputs, const InputBox& box, const Tensor& values);

/// The classes that a model gives; of the feed's own samples. Throws Cancelled.
std::vector<std::int64_t> answersTo(const Runnable& model, std::span<const Tensor> inputs,
                                    const AttackFeed& feed, const std::stop_token& stop);

}  // namespace lapidary::core
