// SPDX-License-Identifier: GPL-3.0-or-later
// Gemm: alpha * op(A) * op(B) + beta * C, with C broadcast to the result.
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

struct Plan {
  bool transA, transB;
  float alpha, beta;
  std::int64_t m, n, k;
};

Plan planOf(const Node& node, const Shape& a, const Shape& b) {
  if (a.size() != 2 || b.size() != 2)
    invalid("Gemm multiplies matrices, but the shapes are " + toText(a) + " and " + toText(b));
  Plan plan{node.intOr("transA", 0) != 0,
            node.intOr("transB", 0) != 0,
            node.floatOr("alpha", 1),
            node.floatOr("beta", 1),
            0,
            0,
            0};
  plan.m = a[plan.transA ? 1 : 0];
  plan.k = a[plan.transA ? 0 : 1];
  plan.n = b[plan.transB ? 0 : 1];
  if (const std::int64_t rows = b[plan.transB ? 1 : 0]; rows != plan.k)
    invalid("shapes " + toText(a) + " and " + toText(b) + " do not multiply: " + std::to_string(plan.k) +
            " columns against " + std::to_string(rows) + " rows");
  checkedShape({plan.m, plan.n});
  return plan;
}

/// How a C of one of the shapes (), (1), (N), (1,N), (M,1), (M,N) is walked: element (i, j) stands at
/// i * row + j * column.
struct Strides {
  std::int64_t row, column;
};

Strides biasStrides(const Shape& c, const Plan& plan) {
  const std::int64_t rows = c.size() < 2 ? 1 : c[c.size() - 2];
  const std::int64_t columns = c.empty() ? 1 : c.back();
  if (c.size() > 2 || (rows != 1 && rows != plan.m) || (columns != 1 && columns != plan.n))
    invalid("C has shape " + toText(c) + ", which does not broadcast to " + toText({plan.m, plan.n}));
  return {rows == 1 ? 0 : columns, columns == 1 ? 0 : 1};
}

Tensor floatGemm(const Plan& p, const Tensor& a, const Tensor& b, const Tensor& c, const Fusion* fusion) {
  const Epilogue epilogue(fusion, {p.m, p.n});
  TensorBuilder builder(DType::Float32, {p.m, p.n});
  float* out = builder.as<float>().data();
  const bool biased = c.defined() && p.beta != 0;
  if (biased) {
    const Strides s = biasStrides(c.shape(), p);
    const float* bias = c.as<float>().data();
    for (std::int64_t i = 0; i < p.m; ++i)
      for (std::int64_t j = 0; j < p.n; ++j) out[i * p.n + j] = p.beta * bias[i * s.row + j * s.column];
  }
  multiply({.transA = p.transA,
            .transB = p.transB,
            .m = p.m,
            .n = p.n,
            .k = p.k,
            .alpha = p.alpha,
            .a = a.as<float>().data(),
            .lda = a.shape()[1],
            .b = b.as<float>().data(),
            .ldb = b.shape()[1],
            .beta = biased ? 1.0f : 0.0f,
            .c = out,
            .ldc = p.n});
  epilogue.apply(out, 0, p.m);
  return std::move(builder).build();
}

/// Gemm in double or an integer type; alpha and beta are applied in that type.
template <class T>
Tensor exactGemm(const Plan& p, const Tensor& a, const Tensor& b, const Tensor& c) {
  using Sum =
      typename std::conditional_t<std::is_integral_v<T>, std::make_unsigned<T>, std::type_identity<T>>::type;
  const auto times = [](float factor, T value) {
    if (factor == 1) return static_cast<Sum>(value);
    const double scaled = static_cast<double>(factor) * static_cast<double>(value);
    return static_cast<Sum>(convert(Tensor::scalar(scaled), dtypeOf<T>()).template as<T>()[0]);
  };
  TensorBuilder builder(a.dtype(), {p.m, p.n});
  const Strides s = c.defined() ? biasStrides(c.shape(), p) : Strides{0, 0};
  const auto at = [](const Tensor& t, bool trans, std::int64_t i, std::int64_t j) {
    return static_cast<Sum>(
        t.as<T>()[static_cast<std::size_t>(trans ? j * t.shape()[1] + i : i * t.shape()[1] + j)]);
  };
  std::size_t next = 0;
  for (std::int64_t i = 0; i < p.m; ++i)
    for (std::int64_t j = 0; j < p.n; ++j) {
      Sum sum{};
      for (std::int64_t l = 0; l < p.k; ++l) sum += at(a, p.transA, i, l) * at(b, p.transB, l, j);
      sum = times(p.alpha, static_cast<T>(sum));
      if (c.defined()) sum += times(p.beta, c.as<T>()[static_cast<std::size_t>(i * s.row + j * s.column)]);
      builder.as<T>()[next++] = static_cast<T>(sum);
    }
  return std::move(builder).build();
}

Tensor gemm(const Plan& plan, const Tensor& a, const Tensor& b, const Tensor& c) {
  switch (a.dtype()) {
    case DType::Float64:
      return exactGemm<double>(plan, a, b, c);
    case DType::Int32:
      return exactGemm<std::int32_t>(plan, a, b, c);
    case DType::UInt32:
      return exactGemm<std::uint32_t>(plan, a, b, c);
    case DType::Int64:
      return exactGemm<std::int64_t>(plan, a, b, c);
    case DType::UInt64:
      return exactGemm<std::uint64_t>(plan, a, b, c);
    default:
      break;
  }
  const Tensor bias = c.defined() ? floatOf(c, "C") : Tensor();
  return floatGemm(plan, floatOf(a, "A"), floatOf(b, "B"), bias, nullptr);
}

/// dC: the result's gradient summed over the dimensions that C lacks.
Tensor biasGradient(const Plan& p, const Shape& shape, const float* dy) {
  const Strides s = biasStrides(shape, p);
  TensorBuilder builder = zeros(shape);
  float* dc = builder.as<float>().data();
  for (std::int64_t i = 0; i < p.m; ++i)
    for (std::int64_t j = 0; j < p.n; ++j) dc[i * s.row + j * s.column] += p.beta * dy[i * p.n + j];
  return std::move(builder).build();
}

Tensor leftGradient(const Plan& p, const Tensor& a, const Tensor& b, const float* dy) {
  TensorBuilder builder(DType::Float32, a.shape());
  FloatProduct product{.alpha = p.alpha, .c = builder.as<float>().data(), .ldc = a.shape()[1]};
  const float* right = b.as<float>().data();
  if (p.transA)  // dA = op(B) dY^T, k x m
    product = {.transA = p.transB,
               .transB = true,
               .m = p.k,
               .n = p.m,
               .k = p.n,
               .alpha = p.alpha,
               .a = right,
               .lda = b.shape()[1],
               .b = dy,
               .ldb = p.n,
               .c = product.c,
               .ldc = product.ldc};
  else  // dA = dY op(B)^T, m x k
    product = {.transB = !p.transB,
               .m = p.m,
               .n = p.k,
               .k = p.n,
               .alpha = p.alpha,
               .a = dy,
               .lda = p.n,
               .b = right,
               .ldb = b.shape()[1],
               .c = product.c,
               .ldc = product.ldc};
  multiply(product);
  return std::move(builder).build();
}

Tensor rightGradient(const Plan& p, const Tensor& a, const Tensor& b, const float* dy) {
  TensorBuilder builder(DType::Float32, b.shape());
  float* out = builder.as<float>().data();
  const float* left = a.as<float>().data();
  if (p.transB)  // dB = dY^T op(A), n x k
    multiply({.transA = true,
              .transB = p.transA,
              .m = p.n,
              .n = p.k,
              .k = p.m,
              .alpha = p.alpha,
              .a = dy,
              .lda = p.n,
              .b = left,
              .ldb = a.shape()[1],
              .c = out,
              .ldc = b.shape()[1]});
  else  // dB = op(A)^T dY, k x n
    multiply({.transA = !p.transA,
              .m = p.k,
              .n = p.n,
              .k = p.m,
              .alpha = p.alpha,
              .a = left,
              .lda = a.shape()[1],
              .b = dy,
              .ldb = p.n,
              .c = out,
              .ldc = b.shape()[1]});
  return std::move(builder).build();
}

std::optional<Activation> integerGemm(const OpCall& call) {
  if (!call.has(0) || !call.has(1)) return std::nullopt;
  const Plan plan = planOf(call.node, call.inputs[0].shape, call.inputs[1].shape);
  if (plan.transA || plan.alpha != 1 || (call.has(2) && plan.beta != 1)) return std::nullopt;
  return runInt8Product(call, {{plan.m, plan.n}, plan.m, plan.k, plan.n, plan.transB});
}

}  // namespace

std::vector<Activation> gemmForward(const OpCall& call) {
  if (holdsCodes(call)) {
    if (auto result = integerGemm(call)) return {std::move(*result)};
    return withoutCodes(call, gemmForward);
  }
  const Tensor a = call.input(0);
  const Tensor b = call.input(1);
  const Tensor c = call.has(2) ? call.input(2) : Tensor();
  if (a.dtype() != b.dtype() || (c.defined() && c.dtype() != a.dtype()))
    invalid("the matrices of Gemm are of different types");
  const Plan plan = planOf(call.node, a.shape(), b.shape());
  if (a.dtype() == DType::Float32) return {floatGemm(plan, a, b, c, call.fusion)};
  return {convert(fused(gemm(plan, a, b, c), call.fusion), a.dtype())};
}

std::vector<Tensor> gemmBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients(call.inputs.size());
  if (!call.outputGradients[0].defined()) return gradients;
  const Tensor a = floatOf(call.inputs[0], "A");
  const Tensor b = floatOf(call.inputs[1], "B");
  const Plan plan = planOf(call.node, a.shape(), b.shape());
  const float* dy = call.outputGradients[0].as<float>().data();
  if (call.wanted[0]) gradients[0] = leftGradient(plan, a, b, dy);
  if (call.wanted[1]) gradients[1] = rightGradient(plan, a, b, dy);
  if (call.inputs.size() > 2 && call.wanted[2] && call.inputs[2].defined())
    gradients[2] = biasGradient(plan, call.inputs[2].shape(), dy);
  return gradients;
}

Cost gemmCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  if (inputs.empty() || inputs[0].size() != 2) return costPerOutput(0, inputs, outputs);
  const std::int64_t depth = inputs[0][node.intOr("transA", 0) != 0 ? 0 : 1];
  return costPerOutput(2.0 * static_cast<double>(depth), inputs, outputs);
}

}  // namespace lapidary::core
