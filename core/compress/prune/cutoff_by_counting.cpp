// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/cutoff_by_counting.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lapidary::core {
namespace {

constexpr std::uint32_t infinityBits = 0x7f800000u;
constexpr std::size_t bins = std::size_t{1} << 16;

std::uint32_t magnitudeBits(float weight) { return std::bit_cast<std::uint32_t>(weight) & 0x7fffffffu; }

/// The first bin by which `wanted` have been counted; `before` becomes how many lie in the bins below.
std::uint32_t binHolding(const std::vector<std::int64_t>& counts, std::int64_t wanted, std::int64_t& before) {
  std::uint32_t bin = 0;
  while (before + counts[bin] < wanted) before += counts[bin++];
  return bin;
}

struct Ties {
  std::int64_t below = 0, equal = 0;
};

}  // namespace

std::vector<Cutoff> cutoffsByCounting(std::size_t layers, double sparsity, const VisitWeights& visit,
                                      const Progress& progress) {
  std::vector<std::int64_t> coarse(bins), fine(bins);
  const auto pass = [&](const auto& take) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      progress.check();
      visit(layer, [&](std::span<const float> weights) {
        for (const float weight : weights) take(layer, magnitudeBits(weight));
      });
    }
  };
  std::int64_t total = 0, finite = 0;
  pass([&](std::size_t, std::uint32_t bits) {
    ++total;
    if (bits < infinityBits) ++finite, ++coarse[bits >> 16];
  });
  const std::int64_t wanted =
      std::min(static_cast<std::int64_t>(std::floor(sparsity * static_cast<double>(total))), finite);
  std::vector<Cutoff> cutoffs(layers);
  if (wanted <= 0) return cutoffs;
  std::int64_t before = 0;
  const std::uint32_t upper = binHolding(coarse, wanted, before);
  pass([&](std::size_t, std::uint32_t bits) { fine[bits & 0xffff] += bits >> 16 == upper; });
  const std::uint32_t threshold = upper << 16 | binHolding(fine, wanted, before);
  std::vector<Ties> ties(layers);
  pass([&](std::size_t layer, std::uint32_t bits) {
    ties[layer].below += bits < threshold;
    ties[layer].equal += bits == threshold;
  });
  std::int64_t left = wanted - before;
  for (std::size_t i = 0; i < layers; ++i) {
    const std::int64_t taken = std::min(left, ties[i].equal);
    cutoffs[i] = {std::bit_cast<float>(threshold), ties[i].below + taken};
    left -= taken;
  }
  return cutoffs;
}

}  // namespace lapidary::core
