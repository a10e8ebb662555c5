// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files: reading with libonnx's protobuf classes, writing field by field.
#pragma once

#include <cstdint>

#include "core/io/common/format.h"

namespace lapidary::core {

bool matchesOnnx(std::span<const std::byte> bytes);

/// Opset 1 to 21 are understood; newer ones give a warning. External data are read from the source's
/// folder only. Throws Error(InvalidInput) for damage and Error(Unsupported) for element types that
/// no tensor here can hold.
Model readOnnx(const ReadSource& source, const Progress& progress);

/// Integer encodings become initialisers with DequantizeLinear; where these need a newer opset the
/// graph is rewritten for it. Throws Error(Unsupported) where that, or a file of 2 GB, is impossible.
void writeOnnx(const Model& model, const Append& append, const Progress& progress);
std::uint64_t sizeOfOnnx(const Model& model);

}  // namespace lapidary::core
