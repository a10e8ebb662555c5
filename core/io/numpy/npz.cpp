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

[[noreturn]] void refuseLength(const NpyHeader& header, const std::string& type, std::size_t expected,
                               std::size_t found) {
  throw Error(ErrorKind::InvalidInput, "npy array of shape " + toText(header.shape) + " and dtype " + type +
                                           " needs " + std::to_string(expected) + " bytes, " +
                                           std::to_string(found) + " stand there");
}

OtherArray otherArray(const NpyHeader& header, const Bytes& bytes) {
  const std::span<const std::byte> data = bytes.view.subspan(header.dataOffset);
  const std::int64_t count = elementCount(header.shape);
  if (static_cast<std::uint64_t>(count) > data.size() ||
      data.size() != static_cast<std::size_t>(count) * header.elementBytes)
    refuseLength(header, header.descr, static_cast<std::size_t>(count) * header.elementBytes, data.size());
  OtherArray array{header.descr, header.shape, Bytes{bytes.owner, data}};
  if (!header.fortranOrder || header.shape.size() < 2 || data.empty()) return array;
  TensorBuilder builder(DType::UInt8, {static_cast<std::int64_t>(data.size())});
  toCOrder(data, builder.bytes(), header.shape, header.elementBytes);
  const Tensor turned = std::move(builder).build();
  array.bytes = {turned.owner(), turned.bytes()};
  return array;
}

void addArray(NpzContent& content, const std::string& name, const Bytes& bytes) {
  NpyHeader header;
  try {
    header = parseAnyNpyHeader(bytes.view);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    content.leftOut.push_back("'" + name + "' (" + error.what() + ")");
    return;
  }
  if (header.known)
    content.arrays[name] = readNpy(bytes);
  else if (header.elementBytes > 0)
    content.others[name] = otherArray(header, bytes);
  else
    content.leftOut.push_back(
        "'" + name + "' (" +
        (header.objects ? "objects of Python, which may run code" : "records of named fields") + ")");
}

std::vector<std::byte> npyOf(const std::string& header, std::span<const std::byte> data) {
  std::vector<std::byte> bytes(header.size() + data.size());
  std::memcpy(bytes.data(), header.data(), header.size());
  std::copy(data.begin(), data.end(), bytes.begin() + static_cast<std::ptrdiff_t>(header.size()));
  return bytes;
}

}  // namespace

Tensor readNpy(const Bytes& bytes) {
  const NpyHeader header = parseNpyHeader(bytes.view);
  const std::span<const std::byte> data = bytes.view.subspan(header.dataOffset);
  const std::size_t expected = byteCount(header.dtype, elementCount(header.shape));
  if (data.size() != expected) refuseLength(header, std::string(name(header.dtype)), expected, data.size());
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

NpzContent readWholeNpz(const Bytes& bytes) {
  const ArchiveReader archive(bytes);
  NpzContent content;
  for (const ArchiveMember& member : archive.members()) {
    if (!member.name.ends_with(ending)) {
      content.leftOut.push_back("'" + member.name + "' (no array)");
      continue;
    }
    const std::string name = member.name.substr(0, member.name.size() - ending.size());
    withContext("array '" + name + "'", [&] {
      addArray(content, name, archive.read(member.name, std::numeric_limits<std::int64_t>::max()));
    });
  }
  return content;
}

DType numpyType(DType type) {
  switch (type) {
    case DType::BFloat16:
    case DType::Float8E8M0:
      return DType::Float32;
    case DType::Float8E4M3:
    case DType::Float8E4M3Fnuz:
    case DType::Float8E5M2:
    case DType::Float8E5M2Fnuz:
    case DType::Float4E2M1:
      return DType::Float16;
    case DType::Int4:
    case DType::Int2:
      return DType::Int8;
    case DType::UInt4:
    case DType::UInt2:
      return DType::UInt8;
    default:
      return type;
  }
}

std::vector<std::byte> writeNpy(const Tensor& tensor) {
  const Tensor plain = convert(tensor, numpyType(tensor.dtype()));
  return npyOf(npyHeader(plain.dtype(), plain.shape()), plain.bytes());
}

std::vector<std::byte> writeNpy(const OtherArray& array) {
  return npyOf(npyHeader(array.descr, array.shape), array.bytes.view);
}

void writeNpz(const std::map<std::string, Tensor>& arrays, const Append& append, bool deflate,
              const std::map<std::string, OtherArray>& others) {
  ArchiveWriter archive;
  for (const auto& [name, tensor] : arrays)
    archive.add(name + std::string(ending), writeNpy(tensor), deflate);
  for (const auto& [name, array] : others) archive.add(name + std::string(ending), writeNpy(array), deflate);
  append(archive.finish().view);
}

}  // namespace lapidary::core
