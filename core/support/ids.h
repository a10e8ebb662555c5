// SPDX-License-Identifier: GPL-3.0-or-later
// Small typed indices, so that a node is never mistaken for a value, and the 128-bit keys of caches.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace lapidary::core {

/// An index into one particular table; each Tag makes a type of its own.
template <class Tag>
struct Id {
  static constexpr std::uint32_t none = 0xffffffffu;
  std::uint32_t index = none;

  constexpr bool valid() const { return index != none; }
  auto operator<=>(const Id&) const = default;
};

using NodeId = Id<struct NodeTag>;
using ValueId = Id<struct ValueTag>;
using LayerId = Id<struct LayerTag>;

/// Unique in the process for every distinct tensor; equal ids mean the same immutable bytes.
using TensorId = std::uint64_t;

/// A 128-bit key under which a computed value is remembered.
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Key&) const = default;
};

/// Mixes words into a key; order matters. Not cryptographic: it only has to avoid accidents.
Key hashWords(std::span<const std::uint64_t> words);

}  // namespace lapidary::core

template <class Tag>
struct std::hash<lapidary::core::Id<Tag>> {
  std::size_t operator()(lapidary::core::Id<Tag> id) const noexcept { return id.index; }
};

template <>
struct std::hash<lapidary::core::Key> {
  std::size_t operator()(const lapidary::core::Key& key) const noexcept { return key.low; }
};
