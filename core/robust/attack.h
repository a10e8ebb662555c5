// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs moved a little so that a model fails on them, and noise of the same strength to compare with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lapidary::core {

enum class AttackMethod {
  Fgsm,           ///< one step along the sign of the gradient (Goodfellow, Shlens, Szegedy 2015)
  Pgd,            ///< many small steps from a random start, projected (Madry et al. 2018)
  UniformNoise,   ///< in [-strength, strength]; in l2 in a random direction
  GaussianNoise,  ///< of that standard deviation; in l2 of strength / sqrt(elements)
};

/// The norm that the strength bounds: the largest change, or the root of the sum of squares of all changes.
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

}  // namespace lapidary::core
