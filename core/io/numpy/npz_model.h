// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy files as models: the arrays of an .npz, or the one of an .npy, are the weights.
#pragma once

#include "core/io/common/format.h"

namespace lapidary::core {

bool matchesNpz(std::span<const std::byte> bytes);
bool matchesNpy(std::span<const std::byte> bytes);
/// Models without nodes. Throws Error(InvalidInput).
Model readNpzModel(const ReadSource& source, const Progress& progress);
Model readNpyModel(const ReadSource& source, const Progress& progress);

/// Integer weights as stored_arrays.h tells, noted in `<name>.encoding`: int64 [bits, axis, whether the
/// offset counts everywhere]. A further name of an array stands as `<name>.tied_to`: the first one as UTF-8.
void writeNpzModel(const Model& model, const Append& append, const Progress& progress);
std::uint64_t sizeOfNpzModel(const Model& model);

}  // namespace lapidary::core
