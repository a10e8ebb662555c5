// Inputs moved a little so that a model fails on them, and noise of the same strength to compare with.
#pragma once

#include <optional>
#include <string_view>

#include "core/robust/input_box.h"
#include "core/robust/loss_gradient.h"

namespace lapidary::core {

enum class AttackMethod {
  Fgsm,           ///< one step along the sign of the gradient (Goodfellow, Shlens, Szegedy 2015)
  Pgd,            ///< many small steps from a random start, projected (Madry et al. 2018)
  UniformNoise,   ///< in [-strength, strength]; in l2 in a random direction
  GaussianNoise,  ///< of that standard deviation; in l2 of strength / sqrt(elements)
};

/// What the strength bounds: the largest change, or the root of the sum of squares of all changes.
enum class AttackNorm { LInf, L2 };

std::string_view name(AttackMethod method);
std::optional<AttackMethod> attackMethodNamed(std::string_view word);
std::string_view name(AttackNorm norm);

struct Attack {
  AttackMethod method = AttackMethod::Pgd;
  AttackNorm norm = AttackNorm::LInf;
  double strength = 0;     ///< in the box's unit
  std::size_t steps = 10;  ///< Pgd: each of 2.5 strength / steps
  std::uint64_t seed = 1;  ///< every sample draws numbers of its own: seed and sample decide
};

/// Samples of one batch; `ids` tell their random numbers apart.
struct AttackedBatch {
  std::span<const Tensor> inputs;  ///< in graph order
  std::span<const std::int64_t> labels;
  std::span<const std::size_t> ids;
};

/// What the box's input becomes, Float32 in its shape: within the strength and within the box. Of Pgd's steps
/// every sample keeps the one with the greatest loss. Untargeted: away from the label. `gradient` may be null
/// for noise. Throws Cancelled.
Tensor attacked(const Attack& attack, const InputBox& box, const LossGradient* gradient,
                const AttackedBatch& batch, const std::stop_token& stop);

}  // namespace lapidary::core
