// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/checks.h"

#include <algorithm>

namespace lapidary::core {

void invalid(const std::string& sentence) { throw Error(ErrorKind::InvalidInput, sentence); }
void unsupported(const std::string& sentence) { throw Error(ErrorKind::Unsupported, sentence); }

void requireRank(const Tensor& tensor, std::size_t rank, const char* what) {
  if (tensor.rank() < rank)
    invalid(std::string(what) + " has shape " + toText(tensor.shape()) + ", at least " +
            std::to_string(rank) + " dimensions were expected");
}

Tensor floatOf(const Tensor& tensor, const char* what) {
  if (!isFloating(tensor.dtype()))
    invalid(std::string(what) + " is " + std::string(name(tensor.dtype())) +
            ", a floating type was expected");
  return toFloat32(tensor);
}

Tensor floatInput(const OpCall& call, std::size_t i) {
  return floatOf(call.input(i), ("input " + std::to_string(i)).c_str());
}

TensorBuilder zeros(Shape shape) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  std::ranges::fill(builder.as<float>(), 0.0f);
  return builder;
}

double floatBytes(std::span<const Shape> shapes) {
  double bytes = 0;
  for (const Shape& shape : shapes) bytes += 4.0 * static_cast<double>(elementCount(shape));
  return bytes;
}

namespace {

Cost costOver(double perElement, std::span<const Shape> counted, std::span<const Shape> inputs,
              std::span<const Shape> outputs) {
  const double count = counted.empty() ? 0 : static_cast<double>(elementCount(counted[0]));
  return {perElement * count, floatBytes(inputs) + floatBytes(outputs)};
}

}  // namespace

Cost costPerOutput(double perElement, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costOver(perElement, outputs, inputs, outputs);
}

Cost costPerInput(double perElement, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costOver(perElement, inputs, inputs, outputs);
}

}  // namespace lapidary::core
