// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of PyTorch, .pt and .pth (serialization.py of PyTorch): the zip form since 1.6 and the one before
// it, read without Python and without running anything of them.
#pragma once

#include "core/io/common/format.h"
#include "core/io/common/stored_arrays.h"

namespace lapidary::core {

bool matchesTorch(std::span<const std::byte> bytes);
/// A model without nodes. Throws Error(InvalidInput) for damage and for pickles that would run code,
/// Error(Unsupported) for files of big-endian machines and of versions before 0.1.10 (tar).
Model readTorch(const ReadSource& source, const Progress& progress);

/// What is in the file, before it is a model.
FileArrays torchFileArrays(const Bytes& bytes, const Progress& progress);

/// The bytes that the old form starts with: a pickle of its magic number.
bool isLegacyTorch(std::span<const std::byte> bytes);

}  // namespace lapidary::core
