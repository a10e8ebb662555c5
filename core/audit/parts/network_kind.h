// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of TensorFlow, Caffe and Core ML, which are messages of protobuf without a mark: they are told by
// the fields that they have.
#pragma once

#include <cstddef>
#include <span>

namespace lapidary::core {

/// A graph (frozen, or a MetaGraphDef), or a file of a SavedModel.
bool isTensorflowGraph(std::span<const std::byte> bytes);
bool isSavedModel(std::span<const std::byte> bytes);
bool isCaffeModel(std::span<const std::byte> bytes);
bool isCoreMl(std::span<const std::byte> bytes);

}  // namespace lapidary::core
