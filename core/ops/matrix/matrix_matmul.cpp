// SPDX-License-Identifier: GPL-3.0-or-later
// MatMul with numpy's rules: one-dimensional operands, batches, and batches that broadcast.
#include <algorithm>
#include <type_traits>

#include "core/ops/axes.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/epilogue.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/kernels/int8_codes.h"
#include "core/ops/kernels/int8_matrix.h"
#include "core/ops/matrix/matrix.h"

namespace lapidary::core {
namespace {

/// Rows whose results stay in the last-level cache between the product and what is fused behind it. Each
/// product packs the right matrix anew, which pieces of fewer rows would not repay.
std::int64_t rowsAtOnce(std::int64_t n, bool fuses) {
  if (!fuses) return std::int64_t{1} << 40;
  return std::max<std::int64_t>(512, (std::int64_t{512} << 10) / std::max<std::int64_t>(n, 1));
}

/// Offset of batch `index` of a broadcast shape in an operand with its own batch dimensions.
std::int64_t batchOffset(std::int64_t index, const Shape& batch, const Shape& own, std::int64_t matrix) {
  std::int64_t offset = 0;
  std::int64_t stride = matrix;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::int64_t size = batch[batch.size() - 1 - i];
    const std::int64_t position = index % size;
    index /= size;
    if (i >= own.size()) continue;
    const std::int64_t ownSize = own[own.size() - 1 - i];
    if (ownSize != 1) offset += position * stride;
    stride *= ownSize;
  }
  return offset;
}

Shape broadcastBatch(const Shape& a, const Shape& b) {
  Shape result(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      invalid("batches of " + toText(a) + " and " + toText(b) + " do not broadcast");
    result[result.size() - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

template <class T>
void multiplyPlain(const BatchedProduct& p, const T* a, const T* b, T* c) {
  // Unsigned arithmetic wraps where signed arithmetic would be undefined.
  using Sum =
      typename std::conditional_t<std::is_integral_v<T>, std::make_unsigned<T>, std::type_identity<T>>::type;
  for (std::size_t batch = 0; batch < p.batches(); ++batch)
    for (std::int64_t i = 0; i < p.m; ++i, c += p.n) {
      std::fill_n(c, p.n, T{});
      for (std::int64_t l = 0; l < p.k; ++l) {
        const Sum left = static_cast<Sum>(a[p.a[batch] + i * p.k + l]);
        const T* right = b + p.b[batch] + l * p.n;
        for (std::int64_t j = 0; j < p.n; ++j)
          c[j] = static_cast<T>(static_cast<Sum>(c[j]) + left * static_cast<Sum>(right[j]));
      }
    }
}

Tensor floatProduct(const BatchedProduct& p, const Tensor& a, const Tensor& b, const Fusion* fusion) {
  const Epilogue epilogue(fusion, p.output);
  TensorBuilder builder(DType::Float32, p.output);
  float* c = builder.as<float>().data();
  const std::int64_t step = rowsAtOnce(p.n, !epilogue.empty());
  for (std::size_t batch = 0; batch < p.batches(); ++batch)
    for (std::int64_t row = 0; row < p.m; row += step) {
      const std::int64_t rows = std::min(step, p.m - row);
      const std::int64_t firstRow = static_cast<std::int64_t>(batch) * p.m + row;
      multiply({.m = rows,
                .n = p.n,
                .k = p.k,
                .a = a.as<float>().data() + p.a[batch] + row * p.k,
                .lda = p.k,
                .b = b.as<float>().data() + p.b[batch],
                .ldb = p.n,
                .c = c + firstRow * p.n,
                .ldc = p.n});
      // Without a column dimension (a 1-D right operand) the epilogue's channel is the row.
      if (!p.output.empty() && p.output.back() == p.n) epilogue.apply(c + firstRow * p.n, firstRow, rows);
    }
  return std::move(builder).build();
}

}  // namespace

BatchedProduct batchedProduct(const Shape& a, const Shape& b) {
  if (a.empty() || b.empty()) invalid("a scalar cannot be multiplied as a matrix");
  const Shape rows = a.size() == 1 ? Shape{1, a[0]} : a;
  const Shape columns = b.size() == 1 ? Shape{b[0], 1} : b;
  BatchedProduct p;
  p.m = rows[rows.size() - 2];
  p.k = rows.back();
  p.n = columns.back();
  if (p.k != columns[columns.size() - 2])
    invalid("shapes " + toText(a) + " and " + toText(b) + " do not multiply: " + std::to_string(p.k) +
            " columns against " + std::to_string(columns[columns.size() - 2]) + " rows");
  const Shape batchA(rows.begin(), rows.end() - 2);
  const Shape batchB(columns.begin(), columns.end() - 2);
  const Shape batch = broadcastBatch(batchA, batchB);
  p.output = batch;
  if (a.size() > 1) p.output.push_back(p.m);
  if (b.size() > 1) p.output.push_back(p.n);
  checkedShape(p.output);
  if (elementCount(batchB) == 1) {  // then the batch is a's own
    p.m *= elementCount(batchA);
    p.a = p.b = {0};
    return p;
  }
  for (std::int64_t i = 0; i < elementCount(batch); ++i) {
    p.a.push_back(batchOffset(i, batch, batchA, p.m * p.k));
    p.b.push_back(batchOffset(i, batch, batchB, p.k * p.n));
  }
  return p;
}

Tensor plainProduct(const BatchedProduct& product, const Tensor& a, const Tensor& b) {
  TensorBuilder builder(a.dtype(), product.output);
  const auto run = [&]<class T>(T) {
    multiplyPlain(product, a.as<T>().data(), b.as<T>().data(), builder.as<T>().data());
  };
  switch (a.dtype()) {
    case DType::Float64:
      run(double{});
      break;
    case DType::Int32:
      run(std::int32_t{});
      break;
    case DType::UInt32:
      run(std::uint32_t{});
      break;
    case DType::Int64:
      run(std::int64_t{});
      break;
    case DType::UInt64:
      run(std::uint64_t{});
      break;
    default:
      unsupported("matrices of " + std::string(name(a.dtype())) + " cannot be multiplied");
  }
  return std::move(builder).build();
}

namespace {

/// In integers, where a constant matrix is the right one.
std::optional<Activation> integerMatMul(const OpCall& call) {
  if (!call.has(0) || !call.has(1) || call.inputs[1].shape.size() != 2 || call.inputs[0].shape.size() < 2)
    return std::nullopt;
  const BatchedProduct product = batchedProduct(call.inputs[0].shape, call.inputs[1].shape);
  return runInt8Product(call, {product.output, product.m, product.k, product.n, false});
}

}  // namespace

std::vector<Activation> matMulForward(const OpCall& call) {
  if (holdsCodes(call)) {
    if (auto result = integerMatMul(call)) return {std::move(*result)};
    return withoutCodes(call, matMulForward);
  }
  const Tensor a = call.input(0);
  const Tensor b = call.input(1);
  if (a.dtype() != b.dtype())
    invalid("a matrix of " + std::string(name(a.dtype())) + " times one of " + std::string(name(b.dtype())));
  const BatchedProduct product = batchedProduct(a.shape(), b.shape());
  if (a.dtype() == DType::Float32 && (call.fusion == nullptr || b.rank() > 1))
    return {floatProduct(product, a, b, call.fusion)};
  const bool throughFloat = isFloating(a.dtype()) && a.dtype() != DType::Float64;
  const Tensor result =
      throughFloat ? floatProduct(product, toFloat32(a), toFloat32(b), nullptr) : plainProduct(product, a, b);
  return {convert(fused(result, call.fusion), a.dtype())};
}

std::vector<Tensor> matMulBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients(call.inputs.size());
  const Tensor& dy = call.outputGradients[0];
  if (!dy.defined()) return gradients;
  const Tensor a = floatOf(call.inputs[0], "A");
  const Tensor b = floatOf(call.inputs[1], "B");
  const BatchedProduct p = batchedProduct(a.shape(), b.shape());
  const float* g = dy.as<float>().data();
  // Operands that broadcast collect the sum over their batches: beta 1 over zeros.
  if (call.wanted[0]) {
    TensorBuilder da = zeros(a.shape());
    for (std::size_t i = 0; i < p.batches(); ++i)
      multiply({.transB = true,
                .m = p.m,
                .n = p.k,
                .k = p.n,
                .a = g + static_cast<std::int64_t>(i) * p.m * p.n,
                .lda = p.n,
                .b = b.as<float>().data() + p.b[i],
                .ldb = p.n,
                .beta = 1,
                .c = da.as<float>().data() + p.a[i],
                .ldc = p.k});
    gradients[0] = std::move(da).build();
  }
  if (call.wanted[1]) {
    TensorBuilder db = zeros(b.shape());
    for (std::size_t i = 0; i < p.batches(); ++i)
      multiply({.transA = true,
                .m = p.k,
                .n = p.n,
                .k = p.m,
                .a = a.as<float>().data() + p.a[i],
                .lda = p.k,
                .b = g + static_cast<std::int64_t>(i) * p.m * p.n,
                .ldb = p.n,
                .beta = 1,
                .c = db.as<float>().data() + p.b[i],
                .ldc = p.n});
    gradients[1] = std::move(db).build();
  }
  return gradients;
}

Cost matMulCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  const double depth = inputs.empty() || inputs[0].empty() ? 0 : static_cast<double>(inputs[0].back());
  return costPerOutput(2 * depth, inputs, outputs);
}

}  // namespace lapidary::core
