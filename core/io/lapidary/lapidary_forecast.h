// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a model in a file, in a zip and in a .lapidary file, without writing any of them.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/io/lapidary/lapidary_layout.h"

namespace lapidary::core {

/// Bytes of a zip whose one member is the model's file, by deflating the file piece by piece. Exact.
std::uint64_t zippedBytes(const Model& model, const Progress& progress);

/// Of one tensor of the file, or of the whole file.
struct StoredBytes {
  std::uint64_t file = 0, zipped = 0;
  std::uint64_t plain = 0, packed = 0;  ///< in a .lapidary file, of Packing::Plain and Smallest

  StoredBytes& operator+=(const StoredBytes& other);
};

struct NamedBytes {
  std::string name;  ///< as the file has it: "conv1.weight_scale"
  StoredBytes bytes;
};

struct SizeForecast {
  StoredBytes total;                ///< of whole files
  std::vector<NamedBytes> tensors;  ///< without headers; a tensor that is too small to be packed by itself
                                    ///< counts its share of what it is packed with
};

/// Really packs every tensor, and remembers what it took by the tensor's id. Thread-safe.
class SizeForecaster {
 public:
  /// All but the hash in the manifest is exact for .lapidary files; of a zip
  /// this gives what its tensors take alone; the whole is zippedBytes. On up to `workers` threads.
  SizeForecast forecast(const Model& model, unsigned workers, const Progress& progress) const;

 private:
  struct Known {
    PackedTensor packed, plain;
    std::uint64_t deflated = 0;
  };

  Known known(const FilePart& part, const Progress& progress) const;

  mutable std::mutex m_mutex;
  mutable std::map<std::pair<TensorId, DType>, Known> m_known;
};

}  // namespace lapidary::core
