// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors that a pickle of PyTorch describes, rebuilt from raw storages by the few calls that tensors
// need; classes of other programs are looked through and never built.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/files/bytes.h"
#include "core/io/common/stored_arrays.h"
#include "core/io/torch/pickle_trace.h"

namespace lapidary::core {

/// The raw bytes of the storage with this key; `bytes` is what its record declares. Throws
/// Error(InvalidInput) where there is none, or fewer bytes.
using StorageOf = std::function<Bytes(const std::string& key, std::uint64_t bytes)>;

/// The tensors, named by their path, keys joined by dots: "state_dict.conv1.weight". A storage that several
/// names see alike is one tensor with further names. What is kept for training alone is left out where its
/// structure tells: "state" beside "param_groups", and the like; training_state.h tells the rest.
///
/// Throws Error(InvalidInput) for a pickle that is damaged, or looks up or calls what may run code: the
/// message names the byte. `_parameters`, `_buffers` and `_modules` of a whole module are left out of the
/// names.
FileArrays torchTensors(const PickleTrace& pickle, const StorageOf& storageOf);

/// Throws Error(InvalidInput) where loading would look up or call anything but what builds tensors and plain
/// values, or make objects of unknown classes otherwise than by filling their fields.
void requireHarmless(const PickleTrace& pickle);

}  // namespace lapidary::core
