// SPDX-License-Identifier: GPL-3.0-or-later
// MatMulInteger and QLinearMatMul: exact 32-bit sums of products of 8-bit codes.
#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/matrix/matrix.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// One value a row of A comes as [M]; broadcasting wants [M, 1].
Tensor byRow(const Tensor& tensor, std::size_t rank) {
  if (!tensor.defined() || tensor.rank() != 1 || tensor.size() == 1) return tensor;
  if (rank < 2)
    invalid("a vector has one row, but " + std::to_string(tensor.size()) +
            " scales or zero points were given");
  return tensor.reshaped({tensor.size(), 1});
}

/// The Int32 product of the codes of inputs a and b without their zero points.
Tensor codeProduct(const OpCall& call, std::size_t a, std::size_t aZero, std::size_t b, std::size_t bZero) {
  const Tensor left = centered(call.input(a), byRow(inputOr(call, aZero), call.input(a).rank()), "A");
  const Tensor right = centered(call.input(b), inputOr(call, bZero), "B");
  const BatchedProduct p = batchedProduct(left.shape(), right.shape());
  TensorBuilder sums(DType::Int32, p.output);
  for (std::size_t i = 0; i < p.batches(); ++i)
    integerProduct(p.m, p.n, p.k, left.as<float>().data() + p.a[i], right.as<float>().data() + p.b[i],
                   sums.as<std::int32_t>().data() + static_cast<std::int64_t>(i) * p.m * p.n);
  return std::move(sums).build();
}

Tensor scalarWhereOne(const Tensor& tensor) { return tensor.size() == 1 ? tensor.reshaped({}) : tensor; }

/// Repeats one value, or one a row or column, to the output.
Tensor spread(const Tensor& tensor, const Shape& output, const char* what) {
  const Shape shapes[] = {tensor.shape(), output};
  if (broadcastShape(shapes) != output)
    invalid(std::string(what) + " has shape " + toText(tensor.shape()) + ", which does not broadcast to " +
            toText(output));
  return expandTo(tensor, output);
}

}  // namespace

std::vector<Activation> matMulIntegerForward(const OpCall& call) {
  return oneOutput(codeProduct(call, 0, 2, 1, 3));
}

std::vector<Activation> qLinearMatMulForward(const OpCall& call) {
  const std::size_t rank = call.input(0).rank();
  const Tensor sums = codeProduct(call, 0, 2, 3, 5);
  const Tensor left = scalarWhereOne(byRow(floatInput(call, 1), rank));
  const Tensor right = scalarWhereOne(floatInput(call, 4));
  const Tensor out = scalarWhereOne(byRow(floatInput(call, 6), rank));
  const Tensor factor = broadcastMap(broadcastMap(left, right, [](float a, float b) { return a * b; }), out,
                                     [](float a, float b) { return a / b; });
  const Tensor factors = spread(factor, sums.shape(), "the product of the scales");
  const DType type = call.input(7).dtype();
  const CodeRange range = codeRange(type);
  const Tensor zeros = spread(scalarWhereOne(byRow(convert(call.input(7), DType::Int32), rank)), sums.shape(),
                              "the zero point of Y");
  TensorBuilder codes(DType::Int32, sums.shape());
  for (std::size_t i = 0; i < codes.as<std::int32_t>().size(); ++i)
    codes.as<std::int32_t>()[i] =
        codeOf(static_cast<double>(static_cast<float>(sums.as<std::int32_t>()[i]) * factors.as<float>()[i]),
               zeros.as<std::int32_t>()[i], range);
  return oneOutput(convert(std::move(codes).build(), type));
}

}  // namespace lapidary::core
