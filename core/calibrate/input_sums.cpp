// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/input_sums.h"

#include <cmath>

#include "core/ops/kernels/gemm_kernel.h"
#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

/// Columns of one part: wide enough for the product, few enough that several threads share a layer.
constexpr std::size_t widestPart = 192;

struct Moments {
  float sum = 0, square = 0, magnitude = 0;
};

LAPIDARY_VECTORIZED Moments momentsOf(const float* x, std::int64_t count) {
  Vector8 sum{}, square{}, magnitude{};
  Moments rest;
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    Vector8 v;
    std::memcpy(&v, x + i, sizeof v);
    sum += v;
    square += v * v;
    magnitude += v < 0 ? -v : v;
  }
  for (; i < count; ++i) rest.sum += x[i], rest.square += x[i] * x[i], rest.magnitude += std::fabs(x[i]);
  for (int lane = 0; lane < 8; ++lane)
    rest.sum += sum[lane], rest.square += square[lane], rest.magnitude += magnitude[lane];
  return rest;
}

LAPIDARY_VECTORIZED void addRow(const float* __restrict x, std::size_t count, float* __restrict sum,
                                float* __restrict square, float* __restrict magnitude) {
  for (std::size_t i = 0; i < count; ++i) {
    sum[i] += x[i];
    square[i] += x[i] * x[i];
    magnitude[i] += std::fabs(x[i]);
  }
}

/// The sums of a part of the columns, as they stand in a LayerInputs.
struct SumsOfPart {
  double *sums, *squares, *magnitudes;
  std::size_t width;
};

void addMomentsByColumn(const InputTile& tile, const SumsOfPart& into) {
  for (std::size_t c = 0; c < into.width; ++c) {
    const Moments m = momentsOf(tile.data + static_cast<std::int64_t>(c) * tile.step, tile.rows);
    into.sums[c] += m.sum, into.squares[c] += m.square, into.magnitudes[c] += m.magnitude;
  }
}

/// Rows are summed in Float32 a block at a time, blocks in double.
void addMomentsByRow(const InputTile& tile, const SumsOfPart& into) {
  constexpr std::int64_t block = 256;
  std::vector<float> sums(3 * into.width);
  for (std::int64_t from = 0; from < tile.rows; from += block) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    for (std::int64_t r = from; r < std::min(tile.rows, from + block); ++r)
      addRow(tile.data + r * tile.step, into.width, sums.data(), sums.data() + into.width,
             sums.data() + 2 * into.width);
    for (std::size_t c = 0; c < into.width; ++c) {
      into.sums[c] += sums[c];
      into.squares[c] += sums[into.width + c];
      into.magnitudes[c] += sums[2 * into.width + c];
    }
  }
}

/// c[first to last, first to the end] += tile^T tile.
void addProduct(const InputTile& tile, std::int64_t width, float* c, std::int64_t columns) {
  FloatProduct product;
  product.transA = !tile.byColumn;
  product.transB = tile.byColumn;
  product.m = width;
  product.n = tile.columns;
  product.k = tile.rows;
  product.a = product.b = tile.data;
  product.lda = product.ldb = tile.step;
  product.beta = 1;
  product.c = c;
  product.ldc = columns;
  multiply(product);
}

}  // namespace

std::vector<InputPart> partsOf(const InputColumns& columns, InputDetail detail) {
  std::vector<InputPart> parts;
  const std::size_t bands = detail == InputDetail::Sums || columns.groups() > 1
                                ? 1
                                : (columns.columns() + widestPart - 1) / widestPart;
  for (std::size_t g = 0; g < columns.groups(); ++g)
    for (std::size_t b = 0; b < bands; ++b)
      parts.push_back({g, columns.columns() * b / bands, columns.columns() * (b + 1) / bands});
  return parts;
}

std::shared_ptr<LayerInputs> emptyInputs(const InputColumns& columns, InputDetail detail) {
  auto inputs = std::make_shared<LayerInputs>();
  inputs->groups = columns.groups();
  inputs->columns = columns.columns();
  const std::size_t all = inputs->groups * inputs->columns;
  inputs->sums.resize(all), inputs->squares.resize(all), inputs->magnitudes.resize(all);
  if (detail == InputDetail::Gram) inputs->gram.resize(all * inputs->columns);
  return inputs;
}

std::size_t expectedBytes(const InputColumns& columns, InputDetail detail) {
  const std::size_t all = columns.groups() * columns.columns();
  const std::size_t sums = 3 * all * sizeof(double), matrix = all * columns.columns() * sizeof(float);
  if (detail == InputDetail::Sums) return sums;
  return sums + (LayerInputs::remembersCentred(all * columns.columns()) ? 4 : 2) * matrix;
}

void addRows(const InputColumns& columns, const Tensor& x, const InputPart& part, LayerInputs& sums) {
  const std::size_t at = part.group * sums.columns + part.first;
  const SumsOfPart into{sums.sums.data() + at, sums.squares.data() + at, sums.magnitudes.data() + at,
                        part.last - part.first};
  columns.forEachTile(x, part.group, part.first, [&](const InputTile& tile) {
    tile.byColumn ? addMomentsByColumn(tile, into) : addMomentsByRow(tile, into);
    if (part.group == 0 && part.first == 0) sums.rows += tile.rows;
    if (sums.gram.empty()) return;
    float* gram = sums.gram.data() + at * sums.columns + part.first;
    addProduct(tile, static_cast<std::int64_t>(into.width), gram, static_cast<std::int64_t>(sums.columns));
  });
}

void finishInputs(LayerInputs& inputs) {
  const std::size_t n = inputs.columns;
  for (std::size_t g = 0; g < inputs.groups && !inputs.gram.empty(); ++g) {
    float* gram = inputs.gram.data() + g * n * n;
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t c = 0; c < r; ++c) gram[r * n + c] = gram[c * n + r];
  }
}

}  // namespace lapidary::core
