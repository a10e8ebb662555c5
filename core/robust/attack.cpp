// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/attack.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lapidary::core {
namespace {

constexpr std::array<std::pair<AttackMethod, std::string_view>, 4> words{
    {{AttackMethod::Fgsm, "fgsm"},
     {AttackMethod::Pgd, "pgd"},
     {AttackMethod::UniformNoise, "noise"},
     {AttackMethod::GaussianNoise, "gaussian"}}};

}  // namespace

std::string_view name(AttackMethod method) {
  return std::ranges::find(words, method, &std::pair<AttackMethod, std::string_view>::first)->second;
}

std::optional<AttackMethod> attackMethodNamed(std::string_view word) {
  const auto it = std::ranges::find(words, word, &std::pair<AttackMethod, std::string_view>::second);
  return it == words.end() ? std::nullopt : std::optional(it->first);
}

std::string_view name(AttackNorm norm) { return norm == AttackNorm::LInf ? "linf" : "l2"; }

}  // namespace lapidary::core
