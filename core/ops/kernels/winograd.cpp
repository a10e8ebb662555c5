// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/winograd.h"

#include <algorithm>

#include "core/ops/kernels/winograd_transform.h"

namespace lapidary::core {
namespace {

using namespace winograd;

constexpr std::int64_t pairWidth = 2 * winogradBlock;
constexpr std::int64_t rowsAtOnce = 6;  // with two vectors a row, 12 of 16 registers hold sums

/// The position at which a tile of the result begins.
struct Position {
  std::int64_t sample, y, x;
};

/// The tiles of a whole batch, counted sample by sample, row by row.
class Tiles {
 public:
  explicit Tiles(const WinogradCall& call)
      : m_rows((call.outHeight + tileOut - 1) / tileOut),
        m_columns((call.outWidth + tileOut - 1) / tileOut) {}
  std::int64_t count(std::int64_t batch) const { return batch * m_rows * m_columns; }
  Position at(std::int64_t tile) const {
    const std::int64_t row = tile / m_columns;
    return {row / m_rows, row % m_rows * tileOut, tile % m_columns * tileOut};
  }

 private:
  std::int64_t m_rows, m_columns;
};

/// Tiles worked on together: as many as keep both transformed sides near the processor.
std::int64_t tilesAtOnce(const WinogradWeights& weights) {
  constexpr std::int64_t cache = 192 * 1024;
  const std::int64_t fitting =
      cache / (products * static_cast<std::int64_t>(sizeof(float)) * (weights.in + weights.out));
  return std::clamp(fitting / rowsAtOnce * rowsAtOnce, 2 * rowsAtOnce, 4 * rowsAtOnce);
}

/// The 6 x 6 inputs of a tile, zero outside the picture.
LAPIDARY_INLINE void gather(const WinogradCall& call, const float* plane, const Position& position,
                            Vector8* d) {
  const std::int64_t top = position.y - call.padTop, left = position.x - call.padLeft;
  const bool inside = top >= 0 && left >= 0 && top + tileIn <= call.height && left + tileIn <= call.width;
  if (inside) {
    for (int y = 0; y < tileIn; ++y)
      std::memcpy(d + y * tileIn, plane + ((top + y) * call.width + left) * winogradBlock,
                  tileIn * sizeof(Vector8));
    return;
  }
  for (int i = 0; i < products; ++i) {
    const std::int64_t y = top + i / tileIn, x = left + i % tileIn;
    if (y >= 0 && y < call.height && x >= 0 && x < call.width)
      load(d[i], plane + (y * call.width + x) * winogradBlock);
    else
      d[i] = Vector8{};
  }
}

/// B^T d B of one tile and one block of channels; product i goes to `to + i * stride`.
LAPIDARY_INLINE void transformInput(Vector8* d, float* to, std::int64_t stride) {
  Vector8 v[products];
  for (int x = 0; x < tileIn; ++x) inputLine(d + x, tileIn, v + x);
  for (int y = 0; y < tileIn; ++y) inputLine(v + y * tileIn, 1, d + y * tileIn);
  for (int i = 0; i < products; ++i) store(to + i * stride, d[i]);
}

LAPIDARY_INLINE void finish(const WinogradCall& call, std::int64_t at, const Vector8& bias, Vector8& value) {
  value += bias;
  if (call.residual != nullptr) {
    Vector8 residual;
    load(residual, call.residual + at);
    value += residual;
  }
  const Vector8 zero{}, lowest = zero + call.lowest, highest = zero + call.highest;
  if (call.slope != 1) value = value < zero ? value * call.slope : value;
  value = value < lowest ? lowest : value;
  value = value > highest ? highest : value;
  store(call.output + at, value);
}

/// A^T m A of one tile and one block of channels, what follows it, and the part that lies inside the
/// result written.
LAPIDARY_INLINE void transformOutput(const WinogradCall& call, const float* from, std::int64_t stride,
                                     std::int64_t block, const Position& position) {
  Vector8 m[products], t[tileOut * tileIn], y[tileOut * tileOut];
  for (int i = 0; i < products; ++i) load(m[i], from + i * stride);
  for (int x = 0; x < tileIn; ++x) {
    Vector8 column[tileIn], line[tileOut];
    for (int i = 0; i < tileIn; ++i) column[i] = m[i * tileIn + x];
    outputLine(column, line);
    for (int i = 0; i < tileOut; ++i) t[i * tileIn + x] = line[i];
  }
  for (int i = 0; i < tileOut; ++i) outputLine(t + i * tileIn, y + i * tileOut);
  Vector8 bias{};
  if (call.bias != nullptr) load(bias, call.bias + block * winogradBlock);
  const std::int64_t blocks = call.weights->out / winogradBlock;
  const std::int64_t plane = (position.sample * blocks + block) * call.outHeight;
  const std::int64_t rows = std::min<std::int64_t>(tileOut, call.outHeight - position.y);
  const std::int64_t columns = std::min<std::int64_t>(tileOut, call.outWidth - position.x);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < columns; ++column)
      finish(call, ((plane + position.y + row) * call.outWidth + position.x + column) * winogradBlock, bias,
             y[row * tileOut + column]);
}

/// m[row, 0..16) = sum over k of v[row, k] * u[k, 0..16).
template <int rows>
LAPIDARY_INLINE void multiplyRows(const float* v, std::int64_t depth, const float* u, float* m,
                                  std::int64_t width) {
  Vector8 sum[rows][2] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    Vector8 u0, u1;
    load(u0, u + k * pairWidth);
    load(u1, u + k * pairWidth + winogradBlock);
#pragma GCC unroll 8
    for (int row = 0; row < rows; ++row) {
      sum[row][0] += v[row * depth + k] * u0;
      sum[row][1] += v[row * depth + k] * u1;
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
    store(m + row * width, sum[row][0]);
    store(m + row * width + winogradBlock, sum[row][1]);
  }
}

LAPIDARY_INLINE void multiplyRest(std::int64_t rows, const float* v, std::int64_t depth, const float* u,
                                  float* m, std::int64_t width) {
  for (; rows >= 2; rows -= 2, v += 2 * depth, m += 2 * width) multiplyRows<2>(v, depth, u, m, width);
  if (rows == 1) multiplyRows<1>(v, depth, u, m, width);
}

/// Scratch of one thread: both sides of the products of the tiles worked on together. A gap of one cache
/// line between the 36 planes keeps them from falling into the same few cache sets.
struct Scratch {
  static constexpr std::int64_t gap = 64 / sizeof(float);

  float* input;                           ///< [36][tiles][in]
  float* product;                         ///< [36][tiles][pairs * 16]
  std::int64_t inputPlane, productPlane;  ///< floats from one of the 36 to the next
};

LAPIDARY_INLINE void runTiles(const WinogradCall& call, const Tiles& tiles, std::int64_t first,
                              std::int64_t count, const Scratch& scratch) {
  const WinogradWeights& weights = *call.weights;
  const std::int64_t blocksIn = weights.in / winogradBlock, blocksOut = weights.out / winogradBlock;
  const std::int64_t pairs = (blocksOut + 1) / 2, width = pairs * pairWidth;
  for (std::int64_t tile = 0; tile < count; ++tile) {
    const Position position = tiles.at(first + tile);
    for (std::int64_t block = 0; block < blocksIn; ++block) {
      Vector8 d[products];
      const std::int64_t plane = (position.sample * blocksIn + block) * call.height * call.width;
      gather(call, call.input + plane * winogradBlock, position, d);
      transformInput(d, scratch.input + tile * weights.in + block * winogradBlock, scratch.inputPlane);
    }
  }
  for (std::int64_t i = 0; i < products; ++i)
    for (std::int64_t pair = 0; pair < pairs; ++pair) {
      const float* u = weights.values.data() + (i * pairs + pair) * weights.in * pairWidth;
      const float* v = scratch.input + i * scratch.inputPlane;
      float* m = scratch.product + i * scratch.productPlane + pair * pairWidth;
      std::int64_t tile = 0;
      for (; tile + rowsAtOnce <= count; tile += rowsAtOnce)
        multiplyRows<rowsAtOnce>(v + tile * weights.in, weights.in, u, m + tile * width, width);
      multiplyRest(count - tile, v + tile * weights.in, weights.in, u, m + tile * width, width);
    }
  for (std::int64_t tile = 0; tile < count; ++tile) {
    const Position position = tiles.at(first + tile);
    for (std::int64_t block = 0; block < blocksOut; ++block)
      transformOutput(call, scratch.product + tile * width + block * winogradBlock, scratch.productPlane,
                      block, position);
  }
}

using Run = void (*)(const WinogradCall&, const Tiles&, std::int64_t, std::int64_t, const Scratch&);

void runAnywhere(const WinogradCall& call, const Tiles& tiles, std::int64_t first, std::int64_t count,
                 const Scratch& scratch) {
  runTiles(call, tiles, first, count, scratch);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void runFused(const WinogradCall& call, const Tiles& tiles,
                                                  std::int64_t first, std::int64_t count,
                                                  const Scratch& scratch) {
  runTiles(call, tiles, first, count, scratch);
}
Run chosenRun() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? runFused : runAnywhere;
}
#else
Run chosenRun() { return runAnywhere; }
#endif

}  // namespace

WinogradWeights winogradWeights(const float* weight, std::int64_t out, std::int64_t in) {
  constexpr int taps = kernel * kernel;
  const std::int64_t pairs = (out + pairWidth - 1) / pairWidth;
  WinogradWeights result{in, out,
                         std::vector<float>(static_cast<std::size_t>(products * pairs * in * pairWidth))};
  for (std::int64_t block = 0; block < out / winogradBlock; ++block)
    for (std::int64_t channel = 0; channel < in; ++channel) {
      Vector8 g[taps], half[tileIn * kernel], u[products];
      for (int lane = 0; lane < winogradBlock; ++lane)
        for (int tap = 0; tap < taps; ++tap)
          g[tap][lane] = weight[((block * winogradBlock + lane) * in + channel) * taps + tap];
      for (int x = 0; x < kernel; ++x) weightLine(g + x, kernel, half + x, kernel);
      for (int y = 0; y < tileIn; ++y) weightLine(half + y * kernel, 1, u + y * tileIn, 1);
      for (std::int64_t i = 0; i < products; ++i)
        store(result.values.data() + ((i * pairs + block / 2) * in + channel) * pairWidth +
                  block % 2 * winogradBlock,
              u[i]);
    }
  return result;
}

void runWinograd(const WinogradCall& call) {
  static const Run run = chosenRun();
  const WinogradWeights& weights = *call.weights;
  const std::int64_t together = tilesAtOnce(weights);
  const std::int64_t width = (weights.out + pairWidth - 1) / pairWidth * pairWidth;
  static thread_local std::vector<float> memory;
  const std::int64_t inputPlane = together * weights.in + Scratch::gap,
                     productPlane = together * width + Scratch::gap;
  memory.resize(std::max(memory.size(), static_cast<std::size_t>(products * (inputPlane + productPlane))));
  const Scratch scratch{memory.data(), memory.data() + products * inputPlane, inputPlane, productPlane};
  const Tiles tiles(call);
  const std::int64_t all = tiles.count(call.batch);
  for (std::int64_t first = 0; first < all; first += together)
    run(call, tiles, first, std::min(together, all - first), scratch);
}

}  // namespace lapidary::core
