// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_tensor.h"

#include <onnx/onnx_pb.h>

#include <cstring>

#include "core/io/common/tensor_view.h"
#include "core/model/element_codes.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t largestDense = std::size_t{1} << 30;

Shape shapeOf(const onnx::TensorProto& proto) { return Shape(proto.dims().begin(), proto.dims().end()); }

DType typeOf(const onnx::TensorProto& proto) {
  if (const auto type = dtypeOfCode(proto.data_type())) return *type;
  if (proto.data_type() == 0) refuseInput("has no element type");
  throw Error(ErrorKind::Unsupported,
              "elements of type " + nameOfCode(proto.data_type()) + " are not supported");
}

/// Types that no tensor holds and files may have all the same: text and complex numbers.
constexpr std::int64_t textType = 8, complex64Type = 14, complex128Type = 15;

unsigned bitsOfKept(std::int64_t code) {
  if (code == complex64Type) return 64;
  return code == complex128Type ? 128 : 0;
}

/// How many values of its typed field a tensor of so many elements has; complex numbers are pairs.
std::size_t entriesOf(const onnx::TensorProto& proto, std::size_t elements, std::size_t& found) {
  switch (proto.data_type()) {
    case textType:
      found = static_cast<std::size_t>(proto.string_data_size());
      return elements;
    case complex64Type:
      found = static_cast<std::size_t>(proto.float_data_size());
      return 2 * elements;
    default:
      found = static_cast<std::size_t>(proto.double_data_size());
      return 2 * elements;
  }
}

void requireKeptCount(const onnx::TensorProto& proto, std::size_t elements) {
  std::size_t found = 0, expected = entriesOf(proto, elements, found);
  if (proto.has_raw_data() && proto.data_type() != textType) {
    found = proto.raw_data().size();
    expected = (elements * bitsOfKept(proto.data_type()) + 7) / 8;
  }
  if (found != expected)
    refuseInput("has " + std::to_string(found) + " values or bytes, " + std::to_string(expected) +
                " expected for its shape");
}

/// Moves the string out of the message, so that its bytes are not copied again.
Bytes takeRaw(onnx::TensorProto& proto) {
  std::shared_ptr<const std::string> raw(proto.release_raw_data());
  const auto view = std::as_bytes(std::span(raw->data(), raw->size()));
  return Bytes{std::move(raw), view};
}

void requireCount(const std::string& field, int found, std::size_t expected, const Shape& shape) {
  if (static_cast<std::size_t>(found) != expected)
    refuseInput(field + " has " + std::to_string(found) + " values, " + std::to_string(expected) +
                " expected for shape " + toText(shape));
}

template <class To, class Field>
Tensor fromField(DType type, const Shape& shape, const std::string& name, const Field& field) {
  const std::size_t count = byteCount(type, elementCount(shape)) / sizeof(To);
  requireCount(name, field.size(), count, shape);  // before anything is allocated
  TensorBuilder builder(type, shape);
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<To>(field[static_cast<int>(i)]);
    std::memcpy(builder.bytes().data() + i * sizeof(To), &value, sizeof(To));
  }
  return std::move(builder).build();
}

Tensor fromTypedField(const onnx::TensorProto& proto, DType type) {
  const Shape shape = shapeOf(proto);
  const auto& narrow = proto.int32_data();
  switch (type) {
    case DType::Float32:
      return fromField<float>(type, shape, "float_data", proto.float_data());
    case DType::Float64:
      return fromField<double>(type, shape, "double_data", proto.double_data());
    case DType::Int64:
      return fromField<std::int64_t>(type, shape, "int64_data", proto.int64_data());
    case DType::UInt64:
      return fromField<std::uint64_t>(type, shape, "uint64_data", proto.uint64_data());
    case DType::UInt32:
      return fromField<std::uint32_t>(type, shape, "uint64_data", proto.uint64_data());
    case DType::Int32:
      return fromField<std::int32_t>(type, shape, "int32_data", narrow);
    case DType::Float16:
    case DType::BFloat16:
    case DType::Int16:
    case DType::UInt16:
      return fromField<std::uint16_t>(type, shape, "int32_data", narrow);
    case DType::Bool: {
      const Tensor bytes = fromField<std::uint8_t>(type, shape, "int32_data", narrow);
      return alignedTensor(type, shape, Bytes{bytes.owner(), bytes.bytes()});
    }
    case DType::Int8:
    case DType::UInt8:
    case DType::Int4:  // one packed byte to an entry
    case DType::UInt4:
    case DType::Int2:
    case DType::UInt2:
    case DType::Float8E4M3:
    case DType::Float8E4M3Fnuz:
    case DType::Float8E5M2:
    case DType::Float8E5M2Fnuz:
    case DType::Float8E8M0:
    case DType::Float4E2M1:
      return fromField<std::uint8_t>(type, shape, "int32_data", narrow);
  }
  refuseInput("has no element type");
}

/// Row-major position in the dense shape of every stored value: indices are given so, or by coordinates.
std::vector<std::size_t> positionsOf(const Tensor& indices, const Shape& dense, std::int64_t values) {
  const auto rank = static_cast<std::int64_t>(dense.size());
  const bool flat = indices.rank() == 1;
  if (indices.dtype() != DType::Int64 ||
      (indices.shape() != Shape{values} && indices.shape() != Shape{values, rank}))
    refuseInput("sparse indices are " + describe(indices) + ", int64 " + toText(Shape{values}) + " or " +
                toText(Shape{values, rank}) + " expected");
  const auto given = indices.as<std::int64_t>();
  const std::int64_t count = elementCount(dense);
  std::vector<std::size_t> positions(static_cast<std::size_t>(values));
  for (std::size_t i = 0; i < positions.size(); ++i) {
    std::int64_t position = flat ? given[i] : 0;
    for (std::size_t axis = 0; !flat && axis < dense.size(); ++axis) {
      const std::int64_t at = given[i * dense.size() + axis];
      if (at < 0 || at >= dense[axis])
        refuseInput("sparse index " + std::to_string(at) + " lies outside " + toText(dense));
      position = position * dense[axis] + at;
    }
    if (position < 0 || position >= count)
      refuseInput("sparse index " + std::to_string(position) + " lies outside " + toText(dense));
    positions[i] = static_cast<std::size_t>(position);
  }
  return positions;
}

}  // namespace

bool isKeptType(const onnx::TensorProto& proto) {
  return proto.data_type() == textType || bitsOfKept(proto.data_type()) > 0;
}

KeptInitializer keptInitializer(const onnx::TensorProto& proto, ExternalFiles& files) {
  const Shape shape = shapeOf(proto);
  const auto elements = static_cast<std::size_t>(elementCount(shape));
  if (elements > largestDense) refuseInput("its shape " + toText(shape) + " is too large");
  onnx::TensorProto whole = proto;
  if (proto.data_location() == onnx::TensorProto::EXTERNAL) {
    const Bytes bytes = files.read(proto, (elements * bitsOfKept(proto.data_type()) + 7) / 8);
    whole.set_raw_data(bytes.view.data(), bytes.view.size());
    whole.clear_external_data();
    whole.clear_data_location();
  }
  requireKeptCount(whole, elements);
  return {nameOfCode(proto.data_type()), shape, whole.SerializeAsString()};
}

Tensor readTensorProto(onnx::TensorProto& proto, ExternalFiles& files, std::span<const std::byte> raw) {
  const DType type = typeOf(proto);
  if (proto.has_segment())
    throw Error(ErrorKind::Unsupported, "a tensor stored in segments is not supported");
  const Shape shape = shapeOf(proto);
  const std::size_t expected = byteCount(type, elementCount(shape));
  if (proto.data_location() == onnx::TensorProto::EXTERNAL)
    return alignedTensor(type, shape, files.read(proto, expected));
  if (!raw.empty()) return copiedTensor(type, shape, Bytes{nullptr, raw});
  if (proto.has_raw_data() && (expected > 0 || !proto.raw_data().empty()))
    return alignedTensor(type, shape, takeRaw(proto));
  return fromTypedField(proto, type);
}

Tensor readSparseTensorProto(onnx::SparseTensorProto& proto, ExternalFiles& files) {
  const Tensor values = readTensorProto(*proto.mutable_values(), files);
  const Shape dense(proto.dims().begin(), proto.dims().end());
  const std::size_t bytes = byteCount(values.dtype(), elementCount(dense));
  if (values.rank() != 1 || bitsOf(values.dtype()) < 8)
    refuseInput("sparse values are not a list of whole bytes");
  if (bytes > largestDense)
    throw Error(ErrorKind::Unsupported,
                "a sparse tensor of shape " + toText(dense) + " is too large to be made dense");
  const auto positions = positionsOf(readTensorProto(*proto.mutable_indices(), files), dense, values.size());
  TensorBuilder builder(values.dtype(), dense);
  if (bytes > 0) std::memset(builder.bytes().data(), 0, bytes);
  const std::size_t width = bitsOf(values.dtype()) / 8;
  for (std::size_t i = 0; i < positions.size(); ++i)
    std::memcpy(builder.bytes().data() + positions[i] * width, values.bytes().data() + i * width, width);
  return std::move(builder).build();
}

}  // namespace lapidary::core
