// SPDX-License-Identifier: GPL-3.0-or-later
// How protobuf marks what follows a field's number (protobuf.dev, "Encoding").
#pragma once

#include <cstdint>

namespace lapidary::core {

inline constexpr std::uint32_t varintType = 0, eightBytesType = 1, delimitedType = 2, fourBytesType = 5;

}  // namespace lapidary::core
