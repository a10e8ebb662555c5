// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files: a JSON header and raw tensors, mapped and never copied (format of
// huggingface/safetensors, version 0.4).
#pragma once

#include "core/io/common/format.h"
#include "core/io/common/stored_arrays.h"

namespace lapidary::core {

bool matchesSafetensors(std::span<const std::byte> bytes);
/// A model without nodes. Throws Error(InvalidInput) for damage.
Model readSafetensors(const ReadSource& source, const Progress& progress);
/// What is in the file, before it is a model.
FileArrays safetensorsArrays(const Bytes& file, const Progress& progress);

/// Tensors by rising name. Integer weights as stored_arrays.h tells, noted in __metadata__ as
/// `encoding.<name>`: {"axis":0,"bits":4}. A further name of a tensor stands there as `<name>`: that of the
/// tensor, as PyTorch's writer of models has it, or, where it sees the elements otherwise, as `tied.<name>`:
/// {"of":"emb.weight","shape":[64,8],"strides":[1,64]}. Tensors of types that the format lacks are bytes, and
/// noted as `element_type.<name>`: {"shape":[2],"type":"complex128"}.
void writeSafetensors(const Model& model, const Append& append, const Progress& progress);
std::uint64_t sizeOfSafetensors(const Model& model);

}  // namespace lapidary::core
