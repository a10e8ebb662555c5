// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files: a JSON header and raw tensors, mapped and never copied (format of
// huggingface/safetensors, version 0.4).
#pragma once

#include "core/io/common/format.h"

namespace lapidary::core {

bool matchesSafetensors(std::span<const std::byte> bytes);
/// A model without nodes. Throws Error(InvalidInput) for damage, Error(Unsupported) for 8-bit floats.
Model readSafetensors(const ReadSource& source, const Progress& progress);

/// Tensors by rising name. Integer weights as stored_arrays.h tells, noted in __metadata__ as
/// `encoding.<name>`: {"axis":0,"bits":4}.
void writeSafetensors(const Model& model, const Append& append, const Progress& progress);
std::uint64_t sizeOfSafetensors(const Model& model);

}  // namespace lapidary::core
