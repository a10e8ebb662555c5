// SPDX-License-Identifier: GPL-3.0-or-later
// Names of files that hold a part of a model: "model-00001-of-00003.safetensors".
#pragma once

#include <optional>
#include <string>

namespace lapidary::core {

struct ShardName {
  int number = 0, total = 0;
  std::string index;  ///< the name of the file that lists all: "model.safetensors.index.json"
};

/// Nothing for other names, and where the one part is all.
std::optional<ShardName> shardNameOf(const std::string& path);

}  // namespace lapidary::core
