// SPDX-License-Identifier: GPL-3.0-or-later
// How near the kernels that cut weights come to the memory's own rate: bytes that they read and write in a
// second, over what memcpy moves in a second in the same run, on one thread; and how long each method takes
// on the largest layer of the demo.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "core/compress/cut/cutter.h"
#include "core/compress/prune/prune.h"
#include "core/compress/quantize/quantize.h"
#include "core/model/pack_nibbles.h"
#include "tests/bench/ratio.h"

using namespace lapidary::core;
using namespace lapidary::bench;

namespace {

constexpr int rounds = 9;

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The medians of `work` and of memcpy, taken in turns, as bytes a second; and the ratio of the two.
void race(const std::string& name, std::size_t moved, const std::vector<float>& from, std::vector<float>& to,
          const std::function<void()>& prepare, const std::function<void()>& work) {
  std::vector<double> ours, copies;
  for (int i = 0; i < rounds; ++i) {
    copies.push_back(seconds([&] { std::memcpy(to.data(), from.data(), from.size() * sizeof(float)); }));
    prepare();
    ours.push_back(seconds(work));
  }
  const auto median = [](std::vector<double>& times) {
    std::ranges::nth_element(times, times.begin() + rounds / 2);
    return times[rounds / 2];
  };
  const double rate = static_cast<double>(moved) / median(ours) / 1e9;
  const double memory = 2.0 * sizeof(float) * static_cast<double>(from.size()) / median(copies) / 1e9;
  std::printf("%-28s %8.2f GB/s, memcpy %8.2f GB/s\n", name.c_str(), rate, memory);
  printRatio("kernel " + name, rate / memory, Goal::AtLeast, 0.5);
}

/// Every way to quantize or prune a layer as large as LeNet-5's largest, in tenths of a second: what a slider
/// may take.
void raceLayer(const std::vector<float>& from) {
  const Shape shape{500, 800};
  const Tensor weight = Tensor::from<float>(shape, std::span(from).first(400'000));
  const auto measure = [&](const std::string& name, const std::function<CutWeight()>& cut) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) times.push_back(seconds([&] { cut(); }));
    std::ranges::nth_element(times, times.begin() + rounds / 2);
    printRatio("live " + name, times[rounds / 2] / 0.1, Goal::AtMost, 1);
  };
  constexpr Granularity granularities[] = {Granularity::Tensor, Granularity::Channel, Granularity::Group};
  for (const Scheme scheme :
       {Scheme::PowerOfTwo, Scheme::Ternary, Scheme::NormalFloat, Scheme::Float8E4M3, Scheme::Codebook})
    for (const Granularity granularity : granularities) {
      const Quantize quantize{.scheme = scheme, .bits = 8, .granularity = granularity, .groupSize = 32};
      measure(std::string(name(scheme)) + " " + std::string(name(granularity)),
              [&] { return cutWeight(weight, 0, 0, 0, quantize); });
    }
  for (const RangeMethod range :
       {RangeMethod::Percentile, RangeMethod::MeanSquaredError, RangeMethod::Entropy})
    for (const Granularity granularity : granularities) {
      const Quantize quantize{
          .scheme = Scheme::Affine, .bits = 4, .granularity = granularity, .groupSize = 32, .range = range};
      measure(std::string(name(range)) + " " + std::string(name(granularity)),
              [&] { return cutWeight(weight, 0, 0, 0, quantize); });
    }
  measure("4 of 8",
          [&] { return cutWeight(weight, 0, {.mode = PruneMode::Pattern, .keep = 4, .of = 8}, {}); });
  measure("blocks of 4x4",
          [&] { return cutWeight(weight, 0, {.mode = PruneMode::Blocks, .value = 0.5, .rows = 4}, {}); });
}

}  // namespace

int main(int argc, char** argv) {
  const int megabytes = argc > 1 ? std::atoi(argv[1]) : 64;
  if (megabytes < 1) return std::fputs("usage: bench_kernels [MEGABYTES]\n", stderr), 1;
  const std::size_t rows = 256 * static_cast<std::size_t>(megabytes), columns = 1024, count = rows * columns;
  std::printf("weights of %zu x %zu, %d MB\n", rows, columns, megabytes);
  std::vector<float> weights(count), copy(count), values(count);
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05f);
  std::vector<float> some(1 << 16);
  for (float& w : some) w = normal(random);
  for (std::size_t i = 0; i < count; ++i) weights[i] = some[(i * 40503) & 0xffff];

  const auto nothing = [] {};
  race("threshold", 2 * sizeof(float) * count, weights, copy, nothing, [&] {
    prune(weights, {0.05, 0}, values);
  });

  const Shape byRow{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  const auto fresh = [&] { std::memcpy(values.data(), weights.data(), count * sizeof(float)); };
  struct Case {
    const char* name;
    Quantize quantize;
    int axis;
  };
  const Case cases[] = {
      {"int8 a channel", {.scheme = Scheme::Symmetric, .bits = 8}, 0},
      {"int8 a channel, inputs first", {.scheme = Scheme::Symmetric, .bits = 8}, 1},
      {"int4 affine a channel", {.scheme = Scheme::Affine, .bits = 4}, 0},
      {"int4 groups of 64", {.scheme = Scheme::Symmetric, .bits = 4, .granularity = Granularity::Group}, 0},
  };
  // Read floats, write what the codes mean and the codes: the second reading counts for nothing.
  for (const Case& c : cases)
    race(c.name, (2 * sizeof(float) + 1) * count, weights, copy, fresh,
         [&] { quantizeInPlace(values, byRow, c.axis, c.quantize, false); });

  std::vector<std::int8_t> codes(count);
  for (std::size_t i = 0; i < count; ++i)
    codes[i] = static_cast<std::int8_t>(static_cast<int>(i * 7 % 16) - 8);
  std::vector<std::byte> packed(count / 2);
  race("4 bit packing", count + count / 2, weights, copy, nothing,
       [&] { packNibbles(std::span<const std::int8_t>(codes), packed, true); });
  raceLayer(weights);
  return 0;
}
