// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_arrays.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/io/common/tensor_view.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// Of more views of one storage than this it is only told whether they are the same.
constexpr std::size_t mostCompared = 64;

Tensor scalesOf(const std::vector<double>& values, bool perTensor) {
  std::vector<float> floats;
  for (const double value : values) floats.push_back(static_cast<float>(value));
  return Tensor::from<float>(perTensor ? Shape{} : Shape{static_cast<std::int64_t>(floats.size())}, floats);
}

class Builder {
 public:
  FileArrays build(const std::vector<TorchTensor>& tensors) {
    for (const TorchTensor& tensor : tensors)
      withContext("tensor '" + tensor.name + "'", [&] { add(tensor); });
    if (!m_shared.empty()) m_found.warnings.push_back({WarningKind::SharedStorage, shortList(m_shared)});
    return std::move(m_found);
  }

 private:
  void add(const TorchTensor& tensor) {
    const Bytes bytes = viewedBytes(tensor.type.width, tensor.storage, tensor.view);
    if (tensor.quantizer) return addQuantized(tensor, bytes);
    if (isTied(tensor)) return;
    if (!tensor.type.dtype) {
      m_found.kept.push_back({tensor.name, std::string(tensor.type.name), tensor.view.shape, bytes});
      return;
    }
    Shape shape = tensor.view.shape;
    if (tensor.type.pairs && !shape.empty()) shape.back() *= 2;
    m_found.tensors.push_back({tensor.name, alignedTensor(*tensor.type.dtype, std::move(shape), bytes)});
  }

  /// Whether an earlier tensor has the same elements; its further name is then noted.
  bool isTied(const TorchTensor& tensor) {
    std::vector<const TorchTensor*>& views = m_views[tensor.key];
    for (const TorchTensor* earlier : views) {
      if (earlier->type.name != tensor.type.name || earlier->type.dtype != tensor.type.dtype ||
          earlier->type.pairs != tensor.type.pairs)
        continue;
      switch (overlapOf(earlier->view, tensor.view)) {
        case TorchOverlap::None:
          continue;
        case TorchOverlap::Same:
          m_found.ties.push_back({tensor.name, earlier->name, {}, {}});
          return true;
        case TorchOverlap::Rearranged:
          m_found.ties.push_back({tensor.name, earlier->name, tensor.view.shape, tensor.view.strides});
          return true;
        case TorchOverlap::Part:
          m_shared.push_back(earlier->name + " and " + tensor.name);
      }
    }
    if (views.size() < mostCompared) views.push_back(&tensor);
    return false;
  }

  /// Codes of 8 bits stay codes, as weights that were quantized here; others become the numbers that they
  /// stand for.
  void addQuantized(const TorchTensor& tensor, const Bytes& bytes) {
    const Tensor codes = alignedTensor(*tensor.type.dtype, tensor.view.shape, bytes);
    const TorchQuantizer& quantizer = *tensor.quantizer;
    requireChannels(codes.shape(), quantizer);
    const bool narrow = codes.dtype() == DType::Int8 || codes.dtype() == DType::UInt8;
    const double low = codes.dtype() == DType::Int8 ? -128 : 0, high = low + 255;
    const bool whole = std::ranges::all_of(quantizer.zeroPoints, [&](double zero) {
      return zero == std::floor(zero) && zero >= low && zero <= high;
    });
    if (!narrow || !whole || codes.size() == 0) {
      m_found.tensors.push_back({tensor.name, valuesOf(codes, quantizer)});
      return;
    }
    const bool perTensor = quantizer.axis < 0;
    m_found.tensors.push_back({tensor.name, codes});
    m_found.tensors.push_back({tensor.name + ".scale", scalesOf(quantizer.scales, perTensor)});
    m_found.tensors.push_back(
        {tensor.name + ".zero_point", convert(scalesOf(quantizer.zeroPoints, perTensor), codes.dtype())});
    m_found.notes[tensor.name] = {8, quantizer.axis, false, 0};
  }

  static void requireChannels(const Shape& shape, const TorchQuantizer& quantizer) {
    const auto axis = static_cast<std::size_t>(quantizer.axis);
    const std::size_t wanted = quantizer.axis < 0    ? 1
                               : axis < shape.size() ? static_cast<std::size_t>(shape[axis])
                                                     : 0;
    if (wanted != quantizer.scales.size() || wanted != quantizer.zeroPoints.size())
      refuseInput("its scales do not fit its shape " + toText(shape));
  }

  static Tensor valuesOf(const Tensor& codes, const TorchQuantizer& quantizer) {
    TensorBuilder builder(DType::Float32, codes.shape());
    const Tensor wide = convert(codes, DType::Int64);
    const auto from = wide.as<std::int64_t>();
    const auto to = builder.as<float>();
    std::size_t inner = 1;
    for (auto i = static_cast<std::size_t>(quantizer.axis + 1); quantizer.axis >= 0 && i < codes.rank(); ++i)
      inner *= static_cast<std::size_t>(codes.shape()[i]);
    for (std::size_t i = 0; i < to.size(); ++i) {
      const std::size_t channel = quantizer.axis < 0 ? 0 : i / inner % quantizer.scales.size();
      to[i] = static_cast<float>((static_cast<double>(from[i]) - quantizer.zeroPoints[channel]) *
                                 quantizer.scales[channel]);
    }
    return std::move(builder).build();
  }

  FileArrays m_found;
  std::map<std::string, std::vector<const TorchTensor*>> m_views;
  std::vector<std::string> m_shared;
};

}  // namespace

FileArrays torchArrays(const std::vector<TorchTensor>& tensors) { return Builder().build(tensors); }

}  // namespace lapidary::core
