// SPDX-License-Identifier: GPL-3.0-or-later
// Element types that nothing here computes with, and what the formats without a graph call them.
#pragma once

#include <string>
#include <string_view>

#include "core/model/model.h"

namespace lapidary::core {

struct KeptType {
  std::string_view name;         ///< as PyTorch has it: "complex64"
  unsigned bits;                 ///< of an element
  std::string_view safetensors;  ///< empty where the format has none
  std::string_view numpy;        ///< kind and bytes, without the order; empty likewise
};

/// Null for types that no row names.
const KeptType* keptTypeNamed(std::string_view name);
const KeptType* keptTypeOfSafetensors(std::string_view word);
const KeptType* keptTypeOfNumpy(std::string_view code);

/// The tensor as bytes for formats that lack its type: a last axis for the bytes of an element, where these
/// are whole.
Shape shapeAsBytes(const KeptTensor& tensor);

}  // namespace lapidary::core
