// SPDX-License-Identifier: GPL-3.0-or-later
// Exponential, sigmoid, tanh, erf and gelu over arrays, in loops that the compiler vectorises. By hand: GCC
// calls glibc's vector functions under -ffast-math alone, where not-a-number no longer goes through.
#pragma once

#include <cstddef>

namespace lapidary::core {

// Each result depends on its own element alone, never on where it stands in the array. Errors stay
// within 1e-6 of the result, or of 1 where that is more; not-a-number goes through. `from` and `to` may be
// the same.
void expArray(const float* from, float* to, std::size_t count);
void sigmoidArray(const float* from, float* to, std::size_t count);
void tanhArray(const float* from, float* to, std::size_t count);
void erfArray(const float* from, float* to, std::size_t count);
/// x/2 (1 + erf(x / sqrt 2)).
void geluArray(const float* from, float* to, std::size_t count);

}  // namespace lapidary::core
