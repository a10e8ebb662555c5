// SPDX-License-Identifier: GPL-3.0-or-later
// The chance of the next bit, mixed from what several contexts have seen (logistic mixing, Mahoney 2005).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace lapidary::core {

/// All arithmetic is in whole numbers, so that every machine and language mixes the same. A bit is told by
/// its node, the index in the decision tree of a symbol; contexts are numbered from 0 below a limit each.
/// core/io/lapidary/FORMAT.md has the rules in full.
class BitMixer {
 public:
  static constexpr std::size_t contexts = 6;
  using Contexts = std::array<std::size_t, contexts>;

  /// Takes 4 bytes for each pair of node and context that is met, by pages. Throws std::bad_alloc.
  BitMixer(std::size_t nodes, const Contexts& limits);

  /// Chance of a 1 in 65536ths at a node, in the contexts given.
  std::uint32_t chance(std::size_t node, const Contexts& at);
  /// Learns the bit that stood there; belongs to the call of `chance` before.
  void learn(bool bit);

 private:
  std::size_t m_nodes;
  struct Freed {
    void operator()(std::uint32_t* slots) const { std::free(slots); }
  };
  /// 22 bits of chance, its topmost inverted, 10 of count: zeros are a slot that has seen nothing, so that
  /// the system hands out pages when they are met, and a file of many small blocks costs no more than it has.
  std::array<std::unique_ptr<std::uint32_t[], Freed>, contexts> m_slots;
  std::vector<std::array<std::int32_t, contexts>> m_weights;  ///< by node, in 65536ths
  // Of the bit in work.
  std::size_t m_node = 0;
  std::uint32_t m_chance = 0;
  std::array<std::uint32_t*, contexts> m_slot{};
  std::array<std::int32_t, contexts> m_stretched{};
};

}  // namespace lapidary::core
