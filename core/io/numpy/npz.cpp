// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/numpy/npz.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/files/archive.h"
#include "core/io/numpy/npy_header.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::string_view ending = ".npy";

/// Elements of a Fortran-order array put into C order; `size` bytes each.
void toCOrder(std::span<const std::byte> from, std::span<std::byte> to, const Shape& shape,
              std::size_t size) {
  std::vector<std::size_t> stride(shape.size());  // of the source, in bytes
  std::size_t step = size;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    stride[axis] = step;
    step *= static_cast<std::size_t>(shape[axis]);
  }
  std::vector<std::int64_t> index(shape.size(), 0);
  std::size_t source = 0;
  for (std::size_t at = 0; at < to.size(); at += size) {
    std::memcpy(to.data() + at, from.data() + source, size);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
}

void swapBytes(std::span<std::byte> bytes, std::size_t size) {
  for (std::size_t at = 0; at < bytes.size(); at += size)
    std::reverse(bytes.data() + at, bytes.data() + at + size);
}

bool needsCopy(const NpyHeader& header, std::span<const std::byte> data, std::size_t size) {
  if (header.bigEndian && size > 1) return true;
  if (header.fortranOrder && header.shape.size() > 1) return true;
  if (reinterpret_cast<std::uintptr_t>(data.data()) % size != 0) return true;
  return header.dtype == DType::Bool &&
         std::any_of(data.begin(), data.end(), [](std::byte b) { return std::to_integer<int>(b) > 1; });
}

Tensor copied(const NpyHeader& header, std::span<const std::byte> data, std::size_t size) {
  TensorBuilder builder(header.dtype, header.shape);
  const std::span<std::byte> to = builder.bytes();
  if (header.fortranOrder)
    toCOrder(data, to, header.shape, size);
  else
    std::copy(data.begin(), data.end(), to.begin());
  if (header.bigEndian) swapBytes(to, size);
  if (header.dtype == DType::Bool)
    for (std::byte& b : to) b = std::byte{b != std::byte{0}};
  return std::move(builder).build();
}

/// What NumPy has no dtype for, widened without loss.
Tensor withNumpyDType(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DType::BFloat16:
      return convert(tensor, DType::Float32);
    case DType::Int4:
      return convert(tensor, DType::Int8);
    case DType::UInt4:
      return convert(tensor, DType::UInt8);
    default:
      return tensor;
  }
}

}  // namespace

Tensor readNpy(const Bytes& bytes) {
  const NpyHeader header = parseNpyHeader(bytes.view);
  const std::span<const std::byte> data = bytes.view.subspan(header.dataOffset);
  const std::size_t expected = byteCount(header.dtype, elementCount(header.shape));
  if (data.size() != expected)
    throw Error(ErrorKind::InvalidInput, "npy array of shape " + toText(header.shape) + " and dtype " +
                                             std::string(name(header.dtype)) + " needs " +
                                             std::to_string(expected) + " bytes, " +
                                             std::to_string(data.size()) + " stand there");
  const std::size_t size = bitsOf(header.dtype) / 8;
  if (needsCopy(header, data, size)) return copied(header, data, size);
  return Tensor(header.dtype, header.shape, Bytes{bytes.owner, data});
}

std::map<std::string, Tensor> readNpz(const Bytes& bytes) {
  const ArchiveReader archive(bytes);
  std::map<std::string, Tensor> arrays;
  for (const ArchiveMember& member : archive.members()) {
    if (!member.name.ends_with(ending)) continue;
    const std::string name = member.name.substr(0, member.name.size() - ending.size());
    arrays[name] = withContext("array '" + name + "'", [&] {
      return readNpy(archive.read(member.name, std::numeric_limits<std::int64_t>::max()));
    });
  }
  if (arrays.empty())
    throw Error(ErrorKind::InvalidInput, "the archive holds no arrays (members named *.npy)");
  return arrays;
}

std::vector<std::byte> writeNpy(const Tensor& tensor) {
  const Tensor plain = withNumpyDType(tensor);
  const std::string header = npyHeader(plain.dtype(), plain.shape());
  std::vector<std::byte> bytes(header.size() + plain.bytes().size());
  std::memcpy(bytes.data(), header.data(), header.size());
  std::copy(plain.bytes().begin(), plain.bytes().end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(header.size()));
  return bytes;
}

void writeNpz(const std::map<std::string, Tensor>& arrays, const Append& append, bool deflate) {
  ArchiveWriter archive;
  for (const auto& [name, tensor] : arrays)
    archive.add(name + std::string(ending), writeNpy(tensor), deflate);
  append(archive.finish().view);
}

}  // namespace lapidary::core
