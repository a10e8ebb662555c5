// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_mixer.h"

#include <algorithm>
#include <new>

namespace lapidary::core {
namespace {

constexpr std::int32_t reach = 3072;  ///< logits are in 256ths, from -12 to 12
constexpr std::uint32_t mostCounted = 1023;
constexpr std::int32_t firstWeight = 19660;  ///< 0.3
constexpr std::int32_t largestWeight = 1 << 20;
constexpr std::uint32_t inverted = 1u << 31;  ///< of a slot as it is kept: zeros mean one half

/// 65536 / (1 + exp(-x)) for x = -12, -11.5, ..., 12.
constexpr std::array<std::int32_t, 49> logistic{
    0,     1,     1,     2,     3,     5,     8,     13,    22,    36,    60,    98,    162,
    267,   439,   720,   1179,  1921,  3108,  4971,  7812,  11955, 17625, 24743, 32768, 40793,
    47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476,
    65500, 65514, 65523, 65528, 65531, 65533, 65534, 65535, 65535, 65536};

/// Between two of them a straight line.
std::uint32_t squash(std::int32_t logit) {
  const std::int32_t x = std::clamp(logit, -reach, reach - 1) + reach;
  const auto i = static_cast<std::size_t>(x >> 7);
  const std::int32_t w = x & 127;
  const std::int32_t value = (logistic[i] * (128 - w) + logistic[i + 1] * w + 64) >> 7;
  return static_cast<std::uint32_t>(std::clamp(value, 1, 65535));
}

struct Tables {
  std::array<std::int16_t, 4096> stretch{};           ///< by the upper 12 bits of a chance
  std::array<std::int32_t, mostCounted + 1> share{};  ///< of the way to the new bit, in 65536ths

  Tables() {
    std::int32_t logit = -reach;
    for (std::uint32_t i = 0; i < stretch.size(); ++i) {
      while (logit < reach - 1 && squash(logit) < 16 * i + 8) ++logit;
      stretch[i] = static_cast<std::int16_t>(logit);
    }
    for (std::size_t n = 0; n < share.size(); ++n) share[n] = static_cast<std::int32_t>(131072 / (2 * n + 3));
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

}  // namespace

BitMixer::BitMixer(std::size_t nodes, const Contexts& limits) : m_nodes(nodes), m_weights(nodes) {
  for (std::size_t i = 0; i < contexts; ++i) {
    m_slots[i].reset(static_cast<std::uint32_t*>(std::calloc(nodes * limits[i], sizeof(std::uint32_t))));
    if (!m_slots[i]) throw std::bad_alloc();
  }
  for (auto& weights : m_weights) weights.fill(firstWeight);
}

std::uint32_t BitMixer::chance(std::size_t node, const Contexts& at) {
  const Tables& known = tables();
  m_node = node;
  std::int64_t logit = 0;
  for (std::size_t i = 0; i < contexts; ++i) {
    m_slot[i] = &m_slots[i][at[i] * m_nodes + node];
    m_stretched[i] = known.stretch[(*m_slot[i] ^ inverted) >> 20];
    logit += std::int64_t{m_weights[node][i]} * m_stretched[i];
  }
  logit = std::clamp<std::int64_t>(logit >> 16, -reach, reach - 1);
  return m_chance = squash(static_cast<std::int32_t>(logit));
}

void BitMixer::learn(bool bit) {
  const Tables& known = tables();
  const std::int64_t error = (bit ? 65535 : 0) - static_cast<std::int64_t>(m_chance);
  for (std::size_t i = 0; i < contexts; ++i) {
    std::int32_t& weight = m_weights[m_node][i];
    const auto step = static_cast<std::int32_t>((error * m_stretched[i] * 6) >> 18);
    weight = std::clamp(weight + step, -largestWeight, largestWeight);
    const std::uint32_t count = *m_slot[i] & mostCounted;
    const std::int64_t seen = (*m_slot[i] ^ inverted) >> 10, target = bit ? (1 << 22) - 1 : 0;
    const std::int64_t moved = seen + (((target - seen) * known.share[count]) >> 16);
    *m_slot[i] = (static_cast<std::uint32_t>(moved << 10) | std::min(count + 1, mostCounted)) ^ inverted;
  }
}

}  // namespace lapidary::core
