// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/int8_matrix.h"

#include <array>

#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/int8_conv.h"
#include "core/ops/prepared.h"

namespace lapidary::core {
namespace {

/// [columns, depth, 1], as a convolution of width 1 has it.
WeightCodes asKernels(const WeightCodes& codes, const Int8Product& p) {
  const Shape shape{p.columns, p.depth, 1};
  if (p.columnsFirst) return {codes.codes.reshaped(shape), codes.scale, 0};
  TensorBuilder builder(DType::Int8, shape);
  const auto from = codes.codes.as<std::int8_t>();
  std::size_t next = 0;
  for (std::int64_t column = 0; column < p.columns; ++column)
    for (std::int64_t row = 0; row < p.depth; ++row)
      builder.as<std::int8_t>()[next++] = from[static_cast<std::size_t>(row * p.columns + column)];
  return {std::move(builder).build(), codes.scale, 0};
}

std::shared_ptr<const WeightCodes> kernels(const OpCall& call, const Int8Product& p) {
  const WeightCodes& codes = *call.inputs[1].codes;
  const Key key = hashWords(
      std::array<std::uint64_t, 4>{0x496e7440, codes.codes.id(), codes.scale.id(), p.columnsFirst ? 1u : 0u});
  return remembered<WeightCodes>(call.prepared, key, [&](std::size_t& bytes) {
    bytes = codes.codes.bytes().size();
    return asKernels(codes, p);
  });
}

bool suits(const OpCall& call, const Int8Product& p) {
  if (codesLayout(call.inputs[0]) == nullptr || call.inputs[1].codes == nullptr) return false;
  if (p.rows == 0 || p.depth == 0 || p.columns == 0) return false;
  const WeightCodes& codes = *call.inputs[1].codes;
  if (codes.codes.rank() != 2) return false;
  if (codes.scale.size() != 1 && codes.axis != (p.columnsFirst ? 0 : 1)) return false;
  if (!call.has(2)) return true;
  return call.inputs[2].dtype == DType::Float32 && !call.inputs[2].layout &&
         call.inputs[2].tensor.size() == p.columns;
}

/// Rows of a row-major matrix lie like the positions of a picture of one line whose channels are last.
ConvShape asConvolution(const Int8Product& p) {
  ConvShape shape;
  shape.batch = shape.group = 1;
  shape.inChannels = p.depth;
  shape.outChannels = p.columns;
  shape.window = {{p.rows}, {1}, {1}, {1}, {0}, {0}, {p.rows}};
  return shape;
}

dnnl::memory::desc lineDesc(std::int64_t channels, std::int64_t positions, dnnl::memory::data_type type) {
  return {{1, channels, positions}, type, dnnl::memory::format_tag::nwc};
}

/// The codes of a matrix in row-major order, seen as such a picture.
Activation asLine(const Activation& matrix, std::int64_t channels, std::int64_t positions) {
  const CodesLayout& layout = *codesLayout(matrix);
  const Activation plain = codesIn(matrix, plainDesc(matrix.shape, DType::UInt8));
  Activation line;
  line.shape = {1, channels, positions};
  line.layout = std::make_shared<CodesLayout>(lineDesc(channels, positions, dnnl::memory::data_type::u8),
                                              layout.scale, layout.zero);
  line.blockedBytes = heldBytes(plain);
  return line;
}

Activation residualLine(const Activation& residual, const Int8Product& p) {
  if (codesLayout(residual) != nullptr) return asLine(residual, p.columns, p.rows);
  const Tensor plain = toFloat32(toPlain(residual));
  Activation line;
  line.shape = {1, p.columns, p.rows};
  line.layout = std::make_shared<DnnlLayout>(lineDesc(p.columns, p.rows, dnnl::memory::data_type::f32));
  line.blockedBytes = Bytes{plain.owner(), plain.bytes()};
  return line;
}

}  // namespace

std::optional<Activation> runInt8Product(const OpCall& call, const Int8Product& p) {
  if (!suits(call, p)) return std::nullopt;
  Fusion fusion;
  if (call.fusion != nullptr) fusion = *call.fusion;
  if (fusion.residual.defined()) {
    if (fusion.residual.shape != p.output) return std::nullopt;
    fusion.residual = residualLine(fusion.residual, p);
  }
  std::vector<Activation> inputs{asLine(call.inputs[0], p.depth, p.rows), call.inputs[1]};
  inputs[1].codes = kernels(call, p);
  if (call.has(2)) inputs.push_back(call.inputs[2]);
  const auto line =
      runInt8Conv({call.node, call.opset, inputs, &fusion, call.prepared, call.subgraphs}, asConvolution(p));
  if (!line) return std::nullopt;
  return Activation(Tensor(line->dtype, p.output, heldBytes(*line)));
}

}  // namespace lapidary::core
