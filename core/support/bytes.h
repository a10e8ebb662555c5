// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that are shared and never change.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace lapidary::core {

/// A run of immutable bytes that keeps whatever owns them alive.
struct Bytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> view;
};

/// The same bytes as characters; valid as long as they are.
inline std::string_view textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace lapidary::core
