// SPDX-License-Identifier: GPL-3.0-or-later
// The integers in which a file already holds a weight, kept where an edit asks for no fewer bits.
#pragma once

#include "core/compress/recipe/quantize_edit.h"
#include "core/model/model.h"

namespace lapidary::core {

struct StoredEncoding {
  std::shared_ptr<const WeightEncoding> encoding;  ///< never null
  Tensor indices;  ///< Int32: where in WeightEncoding::inFile the code of every weight stands; undefined: in
                   ///< order
};

/// The codes of a weight that a DequantizeLinear makes of constants, in whatever layout and blocks, or that a
/// file without a graph holds as integers. Nothing for any other, and where the codes do not stand for
/// `weight` to the last bit.
std::optional<StoredEncoding> storedEncoding(const Model& model, const Layer& layer, const Tensor& weight);

/// The same with the code of zero for every weight that is zero in `values`: all others keep code and scale,
/// hence their value to the last bit. Null where no code is zero.
std::shared_ptr<const WeightEncoding> withZeros(const StoredEncoding& stored, const Tensor& values);

/// Whether the codes hold all that the edit could keep: nothing was asked for, or even steps of no fewer
/// bits.
bool satisfies(const WeightEncoding& encoding, const Quantize& quantize);

}  // namespace lapidary::core
