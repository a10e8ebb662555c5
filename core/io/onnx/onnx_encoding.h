// SPDX-License-Identifier: GPL-3.0-or-later
// Integer weights in an ONNX graph: initialisers for codes and scales, and the nodes that make floats of
// them.
#pragma once

#include <vector>

#include "core/io/onnx/graph_editor.h"
#include "core/io/onnx/onnx_content.h"

namespace lapidary::core {

/// The type of an initialiser that holds the codes, the narrowest that there is.
DType storedCodes(const WeightEncoding& encoding);

/// The opset that has what the encoding is written with.
std::int64_t opsetFor(const WeightEncoding& encoding);

/// Bytes of the initialisers that hold the encoding in an ONNX file.
std::uint64_t onnxBytes(const WeightEncoding& encoding);

/// Codes that are numbers go through DequantizeLinear, codes of a codebook through Cast, Gather and, where
/// the scale is not 1, Mul. With a scale for every block of inputs the codes are written as the matrix that
/// WeightEncoding speaks of, with block_size where there is a DequantizeLinear and scales repeated by a
/// Gather elsewhere, and a Reshape follows. An offset is y + offset * |sign(y)|, so that the zero point stays
/// an exact zero, or y + offset; scales of inputs are a Mul; half precision is a Cast.
class EncodingWriter {
 public:
  explicit EncodingWriter(OnnxContent& content) : m_content(content), m_editor(content.graph) {}

  /// `type` is that of the weight in the file.
  void add(ValueId weight, const WeightEncoding& encoding, DType type);

  /// Puts the nodes that compute weights before all others, and says how many there are.
  std::size_t finish();

 private:
  struct Integers {
    ValueId codes, scale, zero;
  };

  ValueId constant(const std::string& name, const Tensor& tensor, DType stored);
  Node& node(const std::string& op, std::vector<ValueId> inputs, ValueId output);
  ValueId computed(const std::string& op, std::vector<ValueId> inputs, const std::string& name);
  ValueId dequantized(const WeightEncoding& encoding, const Integers& in, const std::string& name);
  ValueId numbers(const std::string& name, const WeightEncoding& encoding);
  ValueId entries(const std::string& name, const WeightEncoding& encoding);
  ValueId withOffset(const std::string& name, const WeightEncoding& encoding, Integers in, ValueId plain);
  ValueId spread(const std::string& name, const WeightEncoding& encoding, const Tensor& perGroup);
  ValueId reshaped(const std::string& name, const WeightEncoding& encoding, ValueId matrix);

  OnnxContent& m_content;
  GraphEditor m_editor;
  std::vector<Node> m_nodes;
};

}  // namespace lapidary::core
