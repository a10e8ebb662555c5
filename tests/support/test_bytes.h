// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes for tests that feed readers by hand.
#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/support/bytes.h"

namespace lapidary::core::testing {

/// Shared bytes with the content of a string, on an allocation of their own so that sanitizers see overruns.
inline Bytes bytesOf(std::string_view text) {
  std::shared_ptr<std::byte[]> memory(new std::byte[text.size()]);
  if (!text.empty()) std::memcpy(memory.get(), text.data(), text.size());
  return {memory, {memory.get(), text.size()}};
}

/// The bytes of a string in place; valid as long as it is.
inline std::span<const std::byte> viewOf(std::string_view text) { return std::as_bytes(std::span(text)); }

inline std::string stringOf(std::span<const std::byte> bytes) { return std::string(textOf(bytes)); }

inline std::string unhex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    text += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return text;
}

}  // namespace lapidary::core::testing
