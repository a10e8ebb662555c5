// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of file whose bytes a search or a scan counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/analyze/outcome.h"

namespace lapidary::core {

enum class SizeKind {
  Onnx,      ///< exact bytes of the ONNX file
  Zipped,    ///< forecast of that file in a zip
  Lapidary,  ///< forecast of the .lapidary container
};

/// "onnx", "zip", "lapidary".
std::string_view name(SizeKind kind);
std::optional<SizeKind> sizeKindNamed(std::string_view word);
/// Gives the kind that the ending of a file to be written asks for; nothing for other endings.
std::optional<SizeKind> sizeKindOfPath(std::string_view path);
/// Bytes of that kind; the footprint must have its forms for all but Onnx.
std::uint64_t bytesOf(const Footprint& footprint, SizeKind kind);

}  // namespace lapidary::core
