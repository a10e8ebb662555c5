// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_view.h"

#include <cstring>
#include <map>

#include "core/io/common/tensor_view.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// A view that repeats elements (stride 0) may be larger than its storage, but not without end.
constexpr std::int64_t repeatedElements = 1 << 20;

bool isDense(const Shape& shape, const std::vector<std::int64_t>& strides) {
  std::int64_t expected = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

/// The last element that the view reads, from its offset on.
std::int64_t reach(const Shape& shape, const std::vector<std::int64_t>& strides) {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    std::int64_t step = 0;
    if (strides[i] < 0) refuseInput("a stride is negative");
    if (__builtin_mul_overflow(shape[i] - 1, strides[i], &step) || __builtin_add_overflow(last, step, &last))
      refuseInput("its strides lead beyond any address");
  }
  return last;
}

Tensor gathered(DType dtype, const Bytes& storage, std::int64_t offset, const Shape& shape,
                const std::vector<std::int64_t>& strides) {
  const std::size_t width = bitsOf(dtype) / 8;
  TensorBuilder builder(dtype, shape);
  std::vector<std::int64_t> index(shape.size(), 0);
  std::int64_t from = offset;
  for (std::int64_t i = 0; i < builder.size(); ++i) {
    std::memcpy(builder.bytes().data() + static_cast<std::size_t>(i) * width,
                storage.view.data() + static_cast<std::size_t>(from) * width, width);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return std::move(builder).build();
}

}  // namespace

std::optional<DType> torchDType(std::string_view name) {
  static const std::map<std::string_view, DType> types{{"FloatStorage", DType::Float32},
                                                       {"DoubleStorage", DType::Float64},
                                                       {"HalfStorage", DType::Float16},
                                                       {"BFloat16Storage", DType::BFloat16},
                                                       {"LongStorage", DType::Int64},
                                                       {"IntStorage", DType::Int32},
                                                       {"ShortStorage", DType::Int16},
                                                       {"CharStorage", DType::Int8},
                                                       {"ByteStorage", DType::UInt8},
                                                       {"BoolStorage", DType::Bool},
                                                       {"float32", DType::Float32},
                                                       {"float", DType::Float32},
                                                       {"float64", DType::Float64},
                                                       {"double", DType::Float64},
                                                       {"float16", DType::Float16},
                                                       {"half", DType::Float16},
                                                       {"bfloat16", DType::BFloat16},
                                                       {"int64", DType::Int64},
                                                       {"long", DType::Int64},
                                                       {"int32", DType::Int32},
                                                       {"int", DType::Int32},
                                                       {"int16", DType::Int16},
                                                       {"short", DType::Int16},
                                                       {"int8", DType::Int8},
                                                       {"uint8", DType::UInt8},
                                                       {"uint16", DType::UInt16},
                                                       {"uint32", DType::UInt32},
                                                       {"uint64", DType::UInt64},
                                                       {"bool", DType::Bool}};
  const auto found = types.find(name);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

Tensor torchView(DType dtype, const Bytes& storage, std::int64_t offset, const Shape& shape,
                 const std::vector<std::int64_t>& strides) {
  if (strides.size() != shape.size())
    refuseInput("it has " + std::to_string(shape.size()) + " dimensions and " +
                std::to_string(strides.size()) + " strides");
  const std::int64_t count = elementCount(shape);
  const std::size_t width = bitsOf(dtype) / 8;
  const auto stored = static_cast<std::int64_t>(storage.view.size() / width);
  if (count == 0) return Tensor(dtype, shape, {});
  const std::int64_t last = reach(shape, strides);
  if (offset < 0 || offset >= stored || last >= stored - offset)
    refuseInput("it reads element " + std::to_string(last) + " counted from element " +
                std::to_string(offset) + " of a storage of " + std::to_string(stored));
  if (count > stored && count > repeatedElements)
    refuseInput("it repeats its storage to " + std::to_string(count) + " elements, the storage has " +
                std::to_string(stored));
  if (!isDense(shape, strides)) {
    const Tensor copy = gathered(dtype, storage, offset, shape, strides);
    return alignedTensor(dtype, shape, {copy.owner(), copy.bytes()});
  }
  const auto view =
      storage.view.subspan(static_cast<std::size_t>(offset) * width, static_cast<std::size_t>(count) * width);
  return alignedTensor(dtype, shape, {storage.owner, view});
}

}  // namespace lapidary::core
