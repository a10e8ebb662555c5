// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/stored_encoding.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/compress/quantize/stored_codes.h"
#include "core/model/dequantize.h"
#include "core/model/override.h"
#include "core/model/small_float.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {
namespace {

/// The type that integer codes are kept as (four and two bits unpacked), or nothing for other types.
std::optional<DType> unpackedType(DType type) {
  if (type == DType::Int4 || type == DType::Int2) return DType::Int8;
  if (type == DType::UInt4 || type == DType::UInt2) return DType::UInt8;
  if (type == DType::Int8 || type == DType::UInt8 || type == DType::Int16 || type == DType::UInt16)
    return type;
  return std::nullopt;
}

/// Floats of few bits, by their bits.
DType bitPattern(DType small) { return bitsOf(small) == 4 ? DType::UInt4 : DType::UInt8; }
Tensor seenAs(const Tensor& tensor, DType type) {
  return Tensor(type, tensor.shape(), Bytes{tensor.owner(), tensor.bytes()});
}

/// Codes as numbers that count: those of integers, the bits of floats.
Tensor numbersOf(const Tensor& codes) {
  const bool small = isSmallFloat(codes.dtype());
  return convert(small ? seenAs(codes, bitPattern(codes.dtype())) : codes, DType::Int32);
}

Tensor withNumbers(const Tensor& numbers, DType type) {
  return isSmallFloat(type) ? seenAs(convert(numbers, bitPattern(type)), type) : convert(numbers, type);
}

Tensor taken(const Tensor& from, const Tensor& indices) {
  TensorBuilder builder(DType::Int32, indices.shape());
  const auto values = from.as<std::int32_t>();
  std::ranges::transform(indices.as<std::int32_t>(), builder.as<std::int32_t>().begin(),
                         [&](std::int32_t i) { return values[static_cast<std::size_t>(i)]; });
  return std::move(builder).build();
}

/// How scales lie over a weight: as WeightEncoding tells it.
struct Arrangement {
  int axis = -1;
  std::int64_t blockSize = 0;
  Shape shape;
  std::vector<std::int32_t> groups;  ///< for each of its scales, which one of the file that is
};

using CellOf = std::function<std::size_t(std::size_t)>;

/// Nothing where two weights of a cell have different scales.
std::optional<Arrangement> arranged(const Tensor& groups, Arrangement tried, const CellOf& cellOf) {
  tried.groups.assign(static_cast<std::size_t>(elementCount(tried.shape)), -1);
  const auto all = groups.as<std::int32_t>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::int32_t& group = tried.groups[cellOf(i)];
    if (group >= 0 && group != all[i]) return std::nullopt;
    group = all[i];
  }
  return tried;
}

std::optional<Arrangement> alongAxis(const Tensor& groups, std::size_t axis) {
  const Shape& shape = groups.shape();
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= static_cast<std::size_t>(shape[d]);
  const auto extent = static_cast<std::size_t>(shape[axis]);
  return arranged(groups, {static_cast<int>(axis), 0, {shape[axis]}, {}},
                  [=](std::size_t i) { return i / inner % extent; });
}

std::optional<Arrangement> inBlocks(const Tensor& groups, int axis, std::int64_t size) {
  const WeightMatrix matrix = weightMatrix(groups.shape(), axis);
  const auto step = static_cast<std::size_t>(size);
  const std::size_t blocks = blockCount(matrix.inputs, step);
  return arranged(groups, {axis, size, matrix.shapeOfBlocks(size), {}}, [=](std::size_t i) {
    return matrix.inputsFirst ? i / matrix.outputs / step * matrix.outputs + i % matrix.outputs
                              : i / matrix.inputs * blocks + i % matrix.inputs / step;
  });
}

/// The coarsest that fits, blocks of one weight if need be.
std::optional<Arrangement> arrangementOf(const StoredCodes& stored, int channelAxis) {
  const auto rank = static_cast<int>(stored.groups.rank());
  if (stored.scale.size() == 1)
    return arranged(stored.groups, {-1, 0, {}, {}}, [](std::size_t) { return std::size_t{0}; });
  for (int axis = 0; axis < rank; ++axis)
    if (auto found = alongAxis(stored.groups, static_cast<std::size_t>(axis))) return found;
  if (rank == 0) return std::nullopt;
  for (const std::int64_t size : {stored.blockSize, std::int64_t{1}})
    for (const int axis : {channelAxis, 0, rank - 1})
      if (size > 0)
        if (auto found = inBlocks(stored.groups, axis, size)) return found;
  return std::nullopt;
}

Tensor tableOf(DType small) {
  const std::int64_t count = std::int64_t{1} << bitsOf(small);
  return Tensor::from<float>({count},
                             std::span(smallFloatValues(small)).first(static_cast<std::size_t>(count)));
}

/// Undefined where each stands in its place.
Tensor unlessInOrder(const Tensor& indices) {
  const auto all = indices.as<std::int32_t>();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != static_cast<std::int32_t>(i)) return indices;
  return {};
}

/// Null for codes of other types.
std::shared_ptr<WeightEncoding> encodingOf(const StoredCodes& stored, const Arrangement& scales) {
  const DType type = stored.codes.dtype();
  const bool small = isSmallFloat(type);
  const auto kept = small ? DType::UInt8 : unpackedType(type);
  if (!kept) return nullptr;
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = bitsOf(type);
  encoding->codes = convert(taken(numbersOf(stored.codes), stored.indices), *kept);
  encoding->axis = scales.axis;
  encoding->blockSize = scales.blockSize;
  const Tensor fileScale = toFloat32(stored.scale);
  const bool hasZero = stored.zeroPoint.defined() && !small;
  const Tensor fileZero = hasZero ? convert(stored.zeroPoint, DType::Int32) : Tensor();
  if (hasZero && fileZero.size() != fileScale.size()) return nullptr;
  TensorBuilder scale(DType::Float32, scales.shape), zero(DType::Int32, scales.shape);
  for (std::size_t i = 0; i < scales.groups.size(); ++i) {
    const auto group = static_cast<std::size_t>(std::max(0, scales.groups[i]));
    scale.as<float>()[i] = fileScale.as<float>()[group];
    zero.as<std::int32_t>()[i] = hasZero ? fileZero.as<std::int32_t>()[group] : 0;
  }
  encoding->scale = std::move(scale).build();
  encoding->zeroPoint = convert(std::move(zero).build(), *kept);
  if (small) encoding->codebook = tableOf(type);
  return encoding;
}

/// Whether the codes give the weight, where floats are rounded to these types one after the other.
bool standsFor(const WeightEncoding& encoding, const Tensor& weight, std::span<const DType> types) {
  if (encoding.codes.shape() != weight.shape()) return false;
  Tensor values = dequantized(encoding);
  for (const DType type : types)
    if (bitsOf(type) < 32) values = toFloat32(convert(values, type));
  return std::ranges::equal(values.as<float>(), weight.as<float>());
}

std::optional<StoredEncoding> ofNodes(const Model& model, const Layer& layer, const Tensor& weight) {
  const auto stored = storedCodes(model, layer);
  if (!stored) return std::nullopt;
  const auto scales = arrangementOf(*stored, layer.channelAxis);
  auto encoding = scales ? encodingOf(*stored, *scales) : nullptr;
  if (!encoding || !standsFor(*encoding, weight, stored->types)) return std::nullopt;
  // Scales of single weights are worth no second copy, and roundings on the way are the nodes' own: then the
  // nodes of the file must be able to stay.
  const DType type = storedType(*model.graph, layer.weight).value_or(DType::Float32);
  const bool copied = encoding->blockSize != 1 && std::ranges::all_of(stored->types, [&](DType on) {
                        return bitsOf(on) >= 32 || on == type;
                      });
  if (!stored->ownsConstant && !copied) return std::nullopt;
  if (stored->ownsConstant)
    encoding->inFile = std::make_shared<const CodesInFile>(CodesInFile{
        stored->constant, stored->codes, stored->scale.bytes().size() + stored->zeroPoint.bytes().size()});
  return StoredEncoding{encoding, unlessInOrder(stored->indices)};
}

/// Of a file without a graph, or of a model that was cut before.
std::optional<StoredEncoding> ofModel(const Model& model, const Layer& layer, const Tensor& weight) {
  const auto found = model.encodings.find(layer.weight);
  if (found == model.encodings.end() || !found->second) return std::nullopt;
  auto encoding = std::make_shared<WeightEncoding>(*found->second);
  encoding->inFile = nullptr;  // it is not known where the nodes put each code
  std::vector<DType> types;
  if (model.runnable()) types.push_back(storedType(*model.graph, layer.weight).value_or(DType::Float32));
  return standsFor(*encoding, weight, types) ? std::optional(StoredEncoding{encoding, {}}) : std::nullopt;
}

/// Which scale counts for each weight, by the arithmetic that would use it.
Tensor scalesOf(const WeightEncoding& encoding) {
  WeightEncoding probe;
  probe.axis = encoding.axis;
  probe.blockSize = encoding.blockSize;
  TensorBuilder ones(DType::Int8, encoding.codes.shape()), counted(DType::Float32, encoding.scale.shape());
  std::ranges::fill(ones.as<std::int8_t>(), std::int8_t{1});
  std::iota(counted.as<float>().begin(), counted.as<float>().end(), 0.0f);
  probe.codes = std::move(ones).build();
  probe.scale = std::move(counted).build();
  return convert(dequantized(probe), DType::Int32);
}

/// For each scale the code that stands for zero; nothing where there is none.
std::optional<std::vector<std::int32_t>> zeroCodes(const WeightEncoding& encoding) {
  const auto count = static_cast<std::size_t>(encoding.scale.size());
  if (encoding.offset.defined() && encoding.offsetEverywhere) return std::nullopt;
  if (encoding.codebook.defined()) {
    const auto table = encoding.codebook.as<float>();
    const auto zero = std::ranges::find(table, 0.0f);
    if (zero == table.end()) return std::nullopt;
    return std::vector(count, static_cast<std::int32_t>(zero - table.begin()));
  }
  if (!encoding.zeroPoint.defined()) return std::vector(count, std::int32_t{0});
  const Tensor zeros = convert(encoding.zeroPoint, DType::Int32);
  return std::vector(zeros.as<std::int32_t>().begin(), zeros.as<std::int32_t>().end());
}

/// The codes of the file with those of the weights in their places.
std::shared_ptr<const CodesInFile> putBack(const CodesInFile& file, const Tensor& codes,
                                           const Tensor& indices) {
  TensorBuilder builder(DType::Int32, file.codes.shape());
  const auto from = codes.as<std::int32_t>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t to = indices.defined() ? static_cast<std::size_t>(indices.as<std::int32_t>()[i]) : i;
    builder.as<std::int32_t>()[to] = from[i];
  }
  CodesInFile changed = file;
  changed.codes = withNumbers(std::move(builder).build(), file.codes.dtype());
  return std::make_shared<const CodesInFile>(std::move(changed));
}

}  // namespace

std::optional<StoredEncoding> storedEncoding(const Model& model, const Layer& layer, const Tensor& weight) {
  auto found = ofModel(model, layer, weight);
  return found ? found : ofNodes(model, layer, weight);
}

std::shared_ptr<const WeightEncoding> withZeros(const StoredEncoding& stored, const Tensor& values) {
  const auto weights = values.as<float>();
  if (std::ranges::find(weights, 0.0f) == weights.end()) return stored.encoding;
  const auto zeros = zeroCodes(*stored.encoding);
  if (!zeros) return nullptr;
  const Tensor scales = scalesOf(*stored.encoding), before = convert(stored.encoding->codes, DType::Int32);
  TensorBuilder builder(DType::Int32, before.shape());
  for (std::size_t i = 0; i < weights.size(); ++i)
    builder.as<std::int32_t>()[i] = weights[i] == 0.0f
                                        ? (*zeros)[static_cast<std::size_t>(scales.as<std::int32_t>()[i])]
                                        : before.as<std::int32_t>()[i];
  const Tensor codes = std::move(builder).build();
  auto pruned = std::make_shared<WeightEncoding>(*stored.encoding);
  pruned->codes = convert(codes, stored.encoding->codes.dtype());
  if (pruned->inFile) pruned->inFile = putBack(*pruned->inFile, codes, stored.indices);
  return pruned;
}

bool satisfies(const WeightEncoding& encoding, const Quantize& quantize) {
  if (quantize.scheme == Scheme::None) return true;
  const bool even = quantize.scheme == Scheme::Symmetric || quantize.scheme == Scheme::Affine ||
                    quantize.scheme == Scheme::MinMax;
  return even && static_cast<int>(encoding.bits) <= quantize.bits;
}

}  // namespace lapidary::core
