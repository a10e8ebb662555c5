// SPDX-License-Identifier: GPL-3.0-or-later
// The pickle and the raw storages of a file of PyTorch, in both of its forms.
#pragma once

#include <map>
#include <string>

#include "core/files/bytes.h"
#include "core/io/torch/pickle_trace.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct TorchFile {
  PickleTrace pickle;
  std::map<std::string, Bytes> storages;  ///< by key; of the zip form views of the file
};

/// Both throw Error(InvalidInput) for damage, Error(Unsupported) for big-endian files.
TorchFile torchZip(const Bytes& file, const Progress& progress);
TorchFile torchLegacy(const Bytes& file, const Progress& progress);

}  // namespace lapidary::core
