// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/broadcast.h"

#include <algorithm>
#include <cstring>

#include "core/ops/dtype_dispatch.h"

namespace lapidary::core {
namespace {

/// Dimension d of `shape` as if it were padded with ones in front to `rank` dimensions.
std::int64_t paddedDim(const Shape& shape, std::size_t rank, std::size_t d) {
  const std::size_t missing = rank - shape.size();
  return d < missing ? 1 : shape[d - missing];
}

/// Element strides of `shape` in the result's dimensions, 0 where it is repeated.
std::vector<std::int64_t> stridesIn(const Shape& shape, const Shape& result) {
  std::vector<std::int64_t> strides(result.size(), 0);
  std::int64_t step = 1;
  for (std::size_t d = result.size(); d-- > 0;) {
    const std::int64_t size = paddedDim(shape, result.size(), d);
    if (size != 1) strides[d] = step;
    step *= size;
  }
  return strides;
}

/// Can dimension d be merged with the one merged last (which lies outside it)?
bool mergeable(const BroadcastPlan& plan, const std::vector<std::vector<std::int64_t>>& full, std::size_t d,
               std::int64_t size) {
  for (std::size_t k = 0; k < full.size(); ++k)
    if (plan.strides[k].back() != full[k][d] * size) return false;
  return true;
}

void appendDim(BroadcastPlan& plan, const std::vector<std::vector<std::int64_t>>& full, std::size_t d) {
  const std::int64_t size = plan.shape[d];
  if (size == 1) return;
  if (!plan.dims.empty() && mergeable(plan, full, d, size)) {
    plan.dims.back() *= size;
    for (std::size_t k = 0; k < full.size(); ++k) plan.strides[k].back() = full[k][d];
    return;
  }
  plan.dims.push_back(size);
  for (std::size_t k = 0; k < full.size(); ++k) plan.strides[k].push_back(full[k][d]);
}

}  // namespace

Shape broadcastShape(std::span<const Shape> shapes) {
  Shape result;
  for (const Shape& shape : shapes) {
    if (shape.size() > result.size()) result.insert(result.begin(), shape.size() - result.size(), 1);
    const std::size_t offset = result.size() - shape.size();
    for (std::size_t d = 0; d < shape.size(); ++d) {
      std::int64_t& size = result[offset + d];
      if (size == 1)
        size = shape[d];
      else if (shape[d] != 1 && shape[d] != size)
        throw Error(ErrorKind::InvalidInput,
                    "shape " + toText(shape) + " does not broadcast with " + toText(result));
    }
  }
  return checkedShape(std::move(result));
}

BroadcastPlan planBroadcast(std::span<const Shape> shapes) {
  BroadcastPlan plan;
  plan.shape = broadcastShape(shapes);
  plan.strides.resize(shapes.size());
  std::vector<std::vector<std::int64_t>> full;
  for (const Shape& shape : shapes) full.push_back(stridesIn(shape, plan.shape));
  if (elementCount(plan.shape) > 0)
    for (std::size_t d = 0; d < plan.shape.size(); ++d) appendDim(plan, full, d);
  if (plan.dims.empty()) {
    plan.dims.push_back(1);
    for (auto& strides : plan.strides) strides.push_back(0);
  }
  return plan;
}

Tensor sumTo(const Tensor& gradient, const Shape& shape) {
  if (gradient.shape() == shape) return gradient;
  const Shape shapes[] = {gradient.shape(), shape};
  const BroadcastPlan plan = planBroadcast(shapes);
  if (plan.shape != gradient.shape())
    throw Error(ErrorKind::InvalidInput,
                "gradient " + toText(gradient.shape()) + " does not sum to " + toText(shape));
  std::vector<double> sums(static_cast<std::size_t>(elementCount(shape)), 0.0);
  const float* from = gradient.as<float>().data();
  const std::int64_t stride = plan.rowStride(1);
  forEachRow<2>(plan, [&](std::int64_t, const std::array<std::int64_t, 2>& offsets) {
    double* to = sums.data() + offsets[1];
    for (std::int64_t i = 0; i < plan.rowLength(); ++i)
      to[i * stride] += static_cast<double>(from[offsets[0] + i]);
  });
  TensorBuilder out(DType::Float32, shape);
  std::ranges::transform(sums, out.as<float>().begin(), [](double sum) { return static_cast<float>(sum); });
  return std::move(out).build();
}

Tensor expandTo(const Tensor& tensor, const Shape& shape) {
  if (tensor.shape() == shape) return tensor;
  return moveElements(tensor, [&](const Tensor& from) {
    const Shape shapes[] = {from.shape(), shape};
    const BroadcastPlan plan = planBroadcast(shapes);
    if (plan.shape != shape)
      throw Error(ErrorKind::InvalidInput,
                  "shape " + toText(from.shape()) + " does not broadcast to " + toText(shape));
    TensorBuilder out(from.dtype(), shape);
    visitWidth(from.dtype(), [&]<class Word>(Word) {
      const Word* source = wordsOf<Word>(from);
      Word* target = wordsOf<Word>(out);
      const std::int64_t n = plan.rowLength();
      const bool repeats = plan.rowStride(0) == 0;
      forEachRow<2>(plan, [&](std::int64_t start, const std::array<std::int64_t, 2>& offsets) {
        if (repeats)
          std::fill_n(target + start, n, source[offsets[0]]);
        else
          std::copy_n(source + offsets[0], n, target + start);
      });
    });
    return std::move(out).build();
  });
}

}  // namespace lapidary::core
