// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a .npy array (versions 1 to 3), by a small strict parser of the one dictionary it may hold.
// By hand: xtensor's reader copies the numbers, which are viewed in place here.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/model/tensor.h"

namespace lapidary::core {

struct NpyHeader {
  DType dtype = DType::Float32;
  bool bigEndian = false;
  bool fortranOrder = false;
  Shape shape;
  std::size_t dataOffset = 0;  ///< of the first element, from the start of the file
  std::string descr;           ///< the type in NumPy's words: "<f4"
  std::size_t elementBytes = 0;
  bool known = true;     ///< whether `dtype` is that type
  bool objects = false;  ///< pickled
  bool records = false;  ///< of named fields
};

/// Throws Error(InvalidInput) for damage and pickled arrays, Error(Unsupported) for dtypes that are
/// no plain numbers. Format: numpy.lib.format in NumPy's documentation.
NpyHeader parseNpyHeader(std::span<const std::byte> bytes);

/// Likewise, and takes all types of a size that is known, and objects and records, whose `elementBytes` are
/// 0.
NpyHeader parseAnyNpyHeader(std::span<const std::byte> bytes);

/// Whether it may stand as a type in NumPy's words, of a size that is known.
bool isNumpyDescr(std::string_view descr);

/// Magic, version 1.0 and dictionary, padded so that the data start on 64 bytes.
std::string npyHeader(DType dtype, const Shape& shape);
/// Likewise of a type in NumPy's words.
std::string npyHeader(const std::string& descr, const Shape& shape);

}  // namespace lapidary::core
