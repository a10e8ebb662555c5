// SPDX-License-Identifier: GPL-3.0-or-later
// Text of two or four bytes a character, in which readers of JSON and YAML take their documents, too.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace lapidary::core {

/// Whether a mark of byte order or zeros beside letters tell that the bytes are such text.
bool isWideText(std::span<const std::byte> bytes);

/// As UTF-8; nothing where isWideText is false. What is no character becomes a question mark.
std::optional<std::string> fromWideText(std::span<const std::byte> bytes);

}  // namespace lapidary::core
