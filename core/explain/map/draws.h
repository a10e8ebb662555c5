// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that are the same with every library and for every order of work.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace lapidary::core {

/// One stream for each number of an item, so that items can be made in any order.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t item) : m_random(mixed(seed * 0x9e3779b97f4a7c15u + item)) {}

  /// In (0, 1).
  double unit() { return (static_cast<double>(m_random() >> 11) + 0.5) * 0x1p-53; }
  /// Below `count`, which is above 0.
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(unit() * static_cast<double>(count));
  }
  /// Box and Muller's transform.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  /// Neighbouring seeds must not give related streams (Steele, Lea and Flood 2014).
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }
  std::mt19937_64 m_random;
};

}  // namespace lapidary::core
