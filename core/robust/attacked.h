// SPDX-License-Identifier: GPL-3.0-or-later
// Moves inputs as an attack does.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "core/robust/attack.h"
#include "core/robust/input_box.h"
#include "core/robust/loss_gradient.h"

namespace lapidary::core {

/// Samples of one batch; `ids` tell their random numbers apart.
struct AttackedBatch {
  std::span<const Tensor> inputs;  ///< in graph order
  std::span<const std::int64_t> labels;
  std::span<const std::size_t> ids;
};

/// Gives what the box's input becomes, Float32 in its shape: within the strength and within the box. Of Pgd's
/// steps every sample keeps the one with the greatest loss. Untargeted: away from the label. `gradient` may
/// be null for noise. Throws Cancelled.
Tensor attacked(const Attack& attack, const InputBox& box, const LossGradient* gradient,
                const AttackedBatch& batch, const std::stop_token& stop);

}  // namespace lapidary::core
