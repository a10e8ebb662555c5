// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/activation_bytes.h"

#include <cstring>

#include "core/ops/kernels/int8_codes.h"

namespace lapidary::core {
namespace {

enum class Kind : std::uint8_t { Absent, Plain, Blocked, Codes };

constexpr std::uint64_t mostAxes = 64;

[[noreturn]] void damaged() {
  throw Error(ErrorKind::InvalidInput, "a value that was handed over from another process is damaged");
}

template <class T>
void put(std::vector<std::byte>& out, const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::span<const std::byte> take(std::span<const std::byte>& bytes, std::uint64_t count) {
  if (count > bytes.size()) damaged();
  const auto taken = bytes.first(static_cast<std::size_t>(count));
  bytes = bytes.subspan(taken.size());
  return taken;
}

template <class T>
T get(std::span<const std::byte>& bytes) {
  T value;
  std::memcpy(&value, take(bytes, sizeof value).data(), sizeof value);
  return value;
}

Kind kindOf(const Activation& activation) {
  if (!activation.defined()) return Kind::Absent;
  if (!activation.layout) return Kind::Plain;
  return codesLayout(activation) != nullptr ? Kind::Codes : Kind::Blocked;
}

Shape takeShape(std::span<const std::byte>& bytes) {
  const auto rank = get<std::uint64_t>(bytes);
  if (rank > mostAxes) damaged();
  Shape shape;
  for (std::uint64_t i = 0; i < rank; ++i) shape.push_back(get<std::int64_t>(bytes));
  return shape;
}

DType takeType(std::span<const std::byte>& bytes) {
  const auto type = get<std::uint8_t>(bytes);
  if (type > static_cast<std::uint8_t>(DType::UInt4)) damaged();
  return static_cast<DType>(type);
}

Tensor copyOf(DType type, const Shape& shape, std::span<const std::byte> values) {
  TensorBuilder builder(type, shape);
  if (values.size() != builder.bytes().size()) damaged();
  if (!values.empty()) std::memcpy(builder.bytes().data(), values.data(), values.size());
  return std::move(builder).build();
}

std::shared_ptr<const BlockedLayout> takeLayout(Kind kind, const Shape& shape,
                                                std::span<const std::byte>& bytes) {
  const dnnl::memory::desc desc(get<dnnl_memory_desc_t>(bytes));
  if (desc.dims() != (shape.empty() ? Shape{1} : shape)) damaged();
  if (kind == Kind::Blocked) return std::make_shared<DnnlLayout>(desc);
  const auto scale = get<float>(bytes);
  return std::make_shared<CodesLayout>(desc, scale, get<std::int32_t>(bytes));
}

const dnnl::memory::desc& descIn(const BlockedLayout& layout, Kind kind) {
  return kind == Kind::Codes ? static_cast<const CodesLayout&>(layout).desc
                             : static_cast<const DnnlLayout&>(layout).desc;
}

}  // namespace

void packActivation(const Activation& activation, std::vector<std::byte>& out) {
  const Kind kind = kindOf(activation);
  put(out, kind);
  if (kind == Kind::Absent) return;
  put(out, static_cast<std::uint8_t>(activation.dtype));
  put(out, static_cast<std::uint64_t>(activation.shape.size()));
  for (const std::int64_t size : activation.shape) put(out, size);
  if (kind != Kind::Plain) put(out, descIn(*activation.layout, kind).data);
  if (kind == Kind::Codes) {
    const CodesLayout& codes = *codesLayout(activation);
    put(out, codes.scale);
    put(out, codes.zero);
  }
  const auto values = kind == Kind::Plain ? activation.tensor.bytes() : activation.blockedBytes.view;
  put(out, static_cast<std::uint64_t>(values.size()));
  out.insert(out.end(), values.begin(), values.end());
}

Activation unpackActivation(std::span<const std::byte>& bytes) {
  const auto kind = get<Kind>(bytes);
  if (kind == Kind::Absent) return {};
  if (kind > Kind::Codes) damaged();
  const DType type = takeType(bytes);
  const Shape shape = takeShape(bytes);
  std::shared_ptr<const BlockedLayout> layout;
  if (kind != Kind::Plain) layout = takeLayout(kind, shape, bytes);
  const auto count = get<std::uint64_t>(bytes);
  const auto values = take(bytes, count);
  if (!layout) return Activation(copyOf(type, shape, values));
  if (values.size() != descIn(*layout, kind).get_size()) damaged();
  const Tensor copy = copyOf(DType::UInt8, {static_cast<std::int64_t>(values.size())}, values);
  Activation activation;
  activation.shape = shape;
  activation.dtype = type;
  activation.layout = std::move(layout);
  activation.blockedBytes = Bytes{copy.owner(), copy.bytes()};
  return activation;
}

}  // namespace lapidary::core
