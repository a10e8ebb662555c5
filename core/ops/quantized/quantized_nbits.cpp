// SPDX-License-Identifier: GPL-3.0-or-later
// MatMulNBits of com.microsoft: a matrix times one of codes of few bits, each block of a row with its own
// scale.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/prepared.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

enum Input : std::size_t { left, codes, scales, zeroPoints, groups, bias };

/// N rows of K codes of some bits, in blocks.
struct Form {
  std::int64_t n, k, bits, block;

  std::int64_t blocks() const { return (k + block - 1) / block; }
  std::int64_t blockBytes() const { return block * bits / 8; }
  std::int64_t zeroBytes() const { return (blocks() * bits + 7) / 8; }
};

std::int64_t positiveOf(const Node& node, const std::string& attribute) {
  const std::int64_t value = node.intOr(attribute, 0);
  if (value < 1) failAttribute(attribute, "is " + std::to_string(value));
  return value;
}

Form formOf(const Node& node) {
  const Form form{positiveOf(node, "N"), positiveOf(node, "K"), node.intOr("bits", 4),
                  positiveOf(node, "block_size")};
  if (form.bits != 2 && form.bits != 4 && form.bits != 8)
    failAttribute("bits", "is " + std::to_string(form.bits) + ", 2, 4 or 8 was expected");
  if (form.block < 16 || (form.block & (form.block - 1)) != 0)
    failAttribute("block_size",
                  "is " + std::to_string(form.block) + ", a power of two of at least 16 was expected");
  checkedShape({form.n, form.blocks(), form.block});
  return form;
}

/// Code `i` of bytes that hold codes of so many bits, the first in the lowest.
float packedCode(const std::uint8_t* bytes, std::int64_t i, std::int64_t bits) {
  const std::int64_t perByte = 8 / bits;
  return static_cast<float>(bytes[i / perByte] >> (i % perByte * bits) & ((1 << bits) - 1));
}

void requireCount(const OpCall& call, std::size_t input, const char* what, std::int64_t count) {
  const Shape& shape = call.inputs[input].shape;
  if (elementCount(shape) != count)
    failInput(input, what,
              "has shape " + toText(shape) + ", " + std::to_string(count) + " values were expected");
}

/// One zero point a block: whole numbers packed as the codes are, floats, or the middle of all codes.
std::vector<float> zerosOf(const OpCall& call, const Form& form) {
  std::vector<float> zeros(static_cast<std::size_t>(form.n * form.blocks()),
                           static_cast<float>(1 << (form.bits - 1)));
  if (!call.has(zeroPoints)) return zeros;
  const Tensor given = call.input(zeroPoints);
  if (given.dtype() != DType::UInt8) {
    const Tensor floats = floatInput(call, zeroPoints);
    requireCount(call, zeroPoints, "zero_points", form.n * form.blocks());
    std::ranges::copy(floats.as<float>(), zeros.begin());
    return zeros;
  }
  requireCount(call, zeroPoints, "zero_points", form.n * form.zeroBytes());
  for (std::int64_t row = 0; row < form.n; ++row)
    for (std::int64_t b = 0; b < form.blocks(); ++b)
      zeros[static_cast<std::size_t>(row * form.blocks() + b)] =
          packedCode(given.as<std::uint8_t>().data() + row * form.zeroBytes(), b, form.bits);
  return zeros;
}

/// The block that the scale of each column comes from.
std::vector<std::int64_t> blockOfColumn(const OpCall& call, const Form& form) {
  std::vector<std::int64_t> block(static_cast<std::size_t>(form.k));
  for (std::int64_t i = 0; i < form.k; ++i) block[static_cast<std::size_t>(i)] = i / form.block;
  if (!call.has(groups)) return block;
  const auto given = integersOf(call, groups, "g_idx");
  if (static_cast<std::int64_t>(given.size()) < form.k)
    failInput(groups, "g_idx", "holds " + std::to_string(given.size()) + " indices");
  for (std::int64_t i = 0; i < form.k; ++i)
    block[static_cast<std::size_t>(i)] =
        checkedIndex(given[static_cast<std::size_t>(i)], form.blocks(), groups, "g_idx");
  return block;
}

/// The weight as floats, [N, K].
Tensor weightOf(const OpCall& call, const Form& form) {
  const Tensor packed = call.input(codes), scale = floatInput(call, scales);
  if (packed.dtype() != DType::UInt8) failInput(codes, "B", "is " + std::string(name(packed.dtype())));
  requireCount(call, codes, "B", form.n * form.blocks() * form.blockBytes());
  requireCount(call, scales, "scales", form.n * form.blocks());
  const std::vector<float> zeros = zerosOf(call, form);
  const std::vector<std::int64_t> block = blockOfColumn(call, form);
  TensorBuilder weight(DType::Float32, {form.n, form.k});
  float* to = weight.as<float>().data();
  for (std::int64_t row = 0; row < form.n; ++row) {
    const std::uint8_t* bytes = packed.as<std::uint8_t>().data() + row * form.blocks() * form.blockBytes();
    for (std::int64_t i = 0; i < form.k; ++i, ++to) {
      const auto at = static_cast<std::size_t>(row * form.blocks() + block[static_cast<std::size_t>(i)]);
      *to = (packedCode(bytes, i, form.bits) - zeros[at]) * scale.as<float>()[at];
    }
  }
  return std::move(weight).build();
}

Key weightKey(const OpCall& call) {
  std::vector<std::uint64_t> ids;
  for (const std::size_t i : {codes, scales, zeroPoints, groups})
    ids.push_back(call.has(i) ? call.inputs[i].tensor.id() : 0);
  return hashWords(ids);
}

void addBias(const OpCall& call, const Form& form, float* y, std::int64_t rows) {
  if (!call.has(bias)) return;
  const Tensor b = floatInput(call, bias);
  requireCount(call, bias, "bias", form.n);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = 0; i < form.n; ++i)
      y[row * form.n + i] += b.as<float>()[static_cast<std::size_t>(i)];
}

}  // namespace

std::vector<Activation> matMulNBitsForward(const OpCall& call) {
  const Form form = formOf(call.node);
  const Tensor a = floatInput(call, left);
  if (a.rank() < 1 || a.shape().back() != form.k)
    failInput(left, "A",
              "has shape " + toText(a.shape()) + ", rows of " + std::to_string(form.k) + " were expected");
  const auto weight = remembered<Tensor>(call.prepared, weightKey(call), [&](std::size_t& bytes) {
    Tensor made = weightOf(call, form);
    bytes = made.bytes().size();
    return made;
  });
  Shape shape = a.shape();
  shape.back() = form.n;
  TensorBuilder y(DType::Float32, checkedShape(shape));
  const std::int64_t rows = product(shape, 0, shape.size() - 1);
  multiply({.transB = true,
            .m = rows,
            .n = form.n,
            .k = form.k,
            .a = a.as<float>().data(),
            .lda = form.k,
            .b = weight->as<float>().data(),
            .ldb = form.k,
            .c = y.as<float>().data(),
            .ldc = form.n});
  addBias(call, form, y.as<float>().data(), rows);
  return oneOutput(convert(std::move(y).build(), call.inputs[left].dtype));
}

}  // namespace lapidary::core
