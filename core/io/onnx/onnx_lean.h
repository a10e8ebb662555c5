// SPDX-License-Identifier: GPL-3.0-or-later
// An ONNX file without the large values of its initialisers, so that protobuf need not hold them a second
// time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lapidary::core {

struct LeanOnnx {
  std::string message;  ///< the model, less what `values` holds
  /// By initialiser of the main graph in file order: a view of its raw_data; empty where that was small and
  /// is still in the message.
  std::vector<std::span<const std::byte>> values;
};

/// Nothing where the wire format does not hold down to the initialisers; protobuf then says what is wrong.
std::optional<LeanOnnx> leanOnnx(std::span<const std::byte> bytes);

}  // namespace lapidary::core
