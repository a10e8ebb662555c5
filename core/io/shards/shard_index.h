// SPDX-License-Identifier: GPL-3.0-or-later
// The index of a model whose weights lie in several files: "weight_map" names the file of every tensor. It
// opens as one model of all of them.
#pragma once

#include "core/io/common/format.h"

namespace lapidary::core {

bool matchesShardIndex(std::span<const std::byte> bytes);
/// A model without nodes, of shards in safetensors' or PyTorch's form. Throws Error(InvalidInput) for damage,
/// for shards that are missing, which it names, and for paths that lead out of the index' folder.
Model readShardIndex(const ReadSource& source, const Progress& progress);

}  // namespace lapidary::core
