// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/torch/torch_view.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

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

Bytes gathered(std::size_t width, const Bytes& storage, const TorchView& view) {
  TensorBuilder builder(DType::UInt8, {static_cast<std::int64_t>(width) * elementCount(view.shape)});
  const std::span<std::byte> to = builder.bytes();
  std::vector<std::int64_t> index(view.shape.size(), 0);
  std::int64_t from = view.offset;
  for (std::size_t at = 0; at < to.size(); at += width) {
    std::memcpy(to.data() + at, storage.view.data() + static_cast<std::size_t>(from) * width, width);
    for (std::size_t axis = view.shape.size(); axis-- > 0;) {
      from += view.strides[axis];
      if (++index[axis] < view.shape[axis]) break;
      from -= view.strides[axis] * view.shape[axis];
      index[axis] = 0;
    }
  }
  const Tensor made = std::move(builder).build();
  return {made.owner(), made.bytes()};
}

/// The steps of the axes that are longer than one element; others have any.
std::vector<std::pair<std::int64_t, std::int64_t>> stepsOf(const TorchView& view) {
  std::vector<std::pair<std::int64_t, std::int64_t>> steps;
  for (std::size_t i = 0; i < view.shape.size(); ++i)
    if (view.shape[i] != 1) steps.emplace_back(view.strides[i], view.shape[i]);
  return steps;
}

/// Whether the view has every element between its first and its last once.
bool isWhole(const TorchView& view) {
  auto steps = stepsOf(view);
  std::ranges::sort(steps);
  std::int64_t expected = 1;
  for (const auto& [step, size] : steps) {
    if (step != expected) return false;
    expected *= size;
  }
  return true;
}

/// Exact for views of some ten thousand elements; larger ones that are not whole count as overlapping where
/// their ends do.
bool meet(const TorchView& first, const TorchView& second) {
  const std::int64_t firstEnd = first.offset + reach(first.shape, first.strides);
  const std::int64_t secondEnd = second.offset + reach(second.shape, second.strides);
  if (firstEnd < second.offset || secondEnd < first.offset) return false;
  constexpr std::int64_t mostMarked = 1 << 16;
  if (isWhole(first) || isWhole(second) ||
      elementCount(first.shape) + elementCount(second.shape) > mostMarked)
    return true;
  std::set<std::int64_t> seen;
  const auto each = [](const TorchView& view, const auto& visit) {
    std::vector<std::int64_t> index(view.shape.size(), 0);
    std::int64_t at = view.offset;
    for (std::int64_t left = elementCount(view.shape); left > 0; --left) {
      if (visit(at)) return true;
      for (std::size_t axis = view.shape.size(); axis-- > 0;) {
        at += view.strides[axis];
        if (++index[axis] < view.shape[axis]) break;
        at -= view.strides[axis] * view.shape[axis];
        index[axis] = 0;
      }
    }
    return false;
  };
  each(first, [&](std::int64_t at) { return seen.insert(at), false; });
  return each(second, [&](std::int64_t at) { return seen.contains(at); });
}

}  // namespace

TorchType torchType(std::string_view name) {
  static const std::map<std::string_view, TorchType> types = [] {
    std::map<std::string_view, TorchType> made;
    const auto plain = [&](DType type, std::initializer_list<std::string_view> names) {
      for (const std::string_view each : names) made[each] = {bitsOf(type) / 8, type};
    };
    plain(DType::Float32, {"FloatStorage", "float32", "float"});
    plain(DType::Float64, {"DoubleStorage", "float64", "double"});
    plain(DType::Float16, {"HalfStorage", "float16", "half"});
    plain(DType::BFloat16, {"BFloat16Storage", "bfloat16"});
    plain(DType::Int64, {"LongStorage", "int64", "long"});
    plain(DType::Int32, {"IntStorage", "int32", "int"});
    plain(DType::Int16, {"ShortStorage", "int16", "short"});
    plain(DType::Int8, {"CharStorage", "int8"});
    plain(DType::UInt8, {"ByteStorage", "uint8"});
    plain(DType::UInt16, {"uint16"});
    plain(DType::UInt32, {"uint32"});
    plain(DType::UInt64, {"uint64"});
    plain(DType::Bool, {"BoolStorage", "bool"});
    plain(DType::Float8E4M3, {"float8_e4m3fn"});
    plain(DType::Float8E4M3Fnuz, {"float8_e4m3fnuz"});
    plain(DType::Float8E5M2, {"float8_e5m2"});
    plain(DType::Float8E5M2Fnuz, {"float8_e5m2fnuz"});
    plain(DType::Float8E8M0, {"float8_e8m0fnu"});
    made["float4_e2m1fn_x2"] = {1, DType::Float4E2M1, {}, false, true};
    for (const auto& [each, type] :
         std::initializer_list<std::pair<std::string_view, DType>>{{"QInt8Storage", DType::Int8},
                                                                   {"qint8", DType::Int8},
                                                                   {"QUInt8Storage", DType::UInt8},
                                                                   {"quint8", DType::UInt8},
                                                                   {"QInt32Storage", DType::Int32},
                                                                   {"qint32", DType::Int32}})
      made[each] = {bitsOf(type) / 8, type, {}, true};
    for (const std::string_view each : {"ComplexFloatStorage", "complex64", "cfloat"})
      made[each] = {8, std::nullopt, "complex64"};
    for (const std::string_view each : {"ComplexDoubleStorage", "complex128", "cdouble"})
      made[each] = {16, std::nullopt, "complex128"};
    for (const std::string_view each : {"complex32", "chalf"}) made[each] = {4, std::nullopt, "complex32"};
    for (const std::string_view each : {"bits8", "int1", "int2", "int3", "int4", "int5", "int6", "int7",
                                        "uint1", "uint2", "uint3", "uint4", "uint5", "uint6", "uint7"})
      made[each] = {1, std::nullopt, each};
    made["bits16"] = {2, std::nullopt, "bits16"};
    return made;
  }();
  const auto found = types.find(name);
  return found == types.end() ? TorchType{} : found->second;
}

Bytes viewedBytes(std::size_t width, const Bytes& storage, const TorchView& view) {
  if (view.strides.size() != view.shape.size())
    refuseInput("it has " + std::to_string(view.shape.size()) + " dimensions and " +
                std::to_string(view.strides.size()) + " strides");
  const std::int64_t count = elementCount(view.shape);
  const auto stored = static_cast<std::int64_t>(storage.view.size() / width);
  if (count == 0) return {};
  const std::int64_t last = reach(view.shape, view.strides);
  if (view.offset < 0 || view.offset >= stored || last >= stored - view.offset)
    refuseInput("it reads element " + std::to_string(last) + " counted from element " +
                std::to_string(view.offset) + " of a storage of " + std::to_string(stored));
  if (count > stored && count > repeatedElements)
    refuseInput("it repeats its storage to " + std::to_string(count) + " elements, the storage has " +
                std::to_string(stored));
  if (!isDense(view.shape, view.strides)) return gathered(width, storage, view);
  return {storage.owner, storage.view.subspan(static_cast<std::size_t>(view.offset) * width,
                                              static_cast<std::size_t>(count) * width)};
}

TorchOverlap overlapOf(const TorchView& first, const TorchView& second) {
  const std::int64_t count = elementCount(first.shape), other = elementCount(second.shape);
  if (count == 0 || other == 0 || !meet(first, second)) return TorchOverlap::None;
  if (first.offset == second.offset && first.shape == second.shape && stepsOf(first) == stepsOf(second))
    return TorchOverlap::Same;
  const bool same = first.offset == second.offset && count == other && isWhole(first) && isWhole(second);
  return same && isDense(first.shape, first.strides) ? TorchOverlap::Rearranged : TorchOverlap::Part;
}

}  // namespace lapidary::core
