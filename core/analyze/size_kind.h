// Which file's bytes a search or a scan counts.
#pragma once

#include <optional>
#include <string_view>

namespace lapidary::core {

enum class SizeKind {
  Onnx,    ///< exact bytes of the ONNX file
  Zipped,  ///< forecast of that file in a zip
};

/// "onnx", "zip".
std::string_view name(SizeKind kind);
std::optional<SizeKind> sizeKindNamed(std::string_view word);
/// What the ending of a file to be written asks for; nothing for other endings.
std::optional<SizeKind> sizeKindOfPath(std::string_view path);

}  // namespace lapidary::core
