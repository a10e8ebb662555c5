// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/resize/resize_pass.h"

#include <algorithm>

namespace lapidary::core {
namespace {

/// The taps of an axis in two flat arrays, as many for every position.
template <class T>
struct FlatTaps {
  std::size_t perPosition = 1;
  std::vector<std::int64_t> sources;
  std::vector<T> weights;
  std::vector<std::size_t> outside;  ///< positions without taps
};

/// A position with fewer taps than others has its last one halved until there are enough: halves are
/// exact, where a tap of weight 0 would turn infinity into not-a-number.
template <class T>
FlatTaps<T> flattened(const AxisTaps& taps) {
  FlatTaps<T> flat;
  for (const auto& position : taps) flat.perPosition = std::max(flat.perPosition, position.size());
  for (std::size_t x = 0; x < taps.size(); ++x) {
    std::vector<Tap> position = taps[x];
    if (position.empty()) {
      flat.outside.push_back(x);
      position.push_back({0, 1});
    }
    while (position.size() < flat.perPosition) {
      position.back().weight /= 2;
      position.push_back(position.back());
    }
    for (const Tap& tap : position) {
      flat.sources.push_back(tap.source);
      flat.weights.push_back(static_cast<T>(tap.weight));
    }
  }
  return flat;
}

template <std::size_t count, class T>
void weighLine(const T* __restrict from, T* __restrict to, std::size_t length, const FlatTaps<T>& taps) {
  const std::int64_t* source = taps.sources.data();
  const T* weight = taps.weights.data();
  const std::size_t each = count == 0 ? taps.perPosition : count;
  for (std::size_t x = 0; x < length; ++x, source += each, weight += each) {
    T sum = weight[0] * from[source[0]];
    for (std::size_t k = 1; k < each; ++k) sum += weight[k] * from[source[k]];
    to[x] = sum;
  }
}

/// The last axis resized, line by line.
template <class T>
void runLines(const T* from, T* to, const Lines& lines, const AxisTaps& taps, T outside) {
  const FlatTaps<T> flat = flattened<T>(taps);
  auto weigh = weighLine<0, T>;
  if (flat.perPosition == 1) weigh = weighLine<1, T>;
  if (flat.perPosition == 2) weigh = weighLine<2, T>;
  if (flat.perPosition == 4) weigh = weighLine<4, T>;
  for (std::int64_t o = 0; o < lines.outer; ++o, from += lines.length, to += taps.size()) {
    weigh(from, to, taps.size(), flat);
    for (const std::size_t x : flat.outside) to[x] = outside;
  }
}

/// to = weight * row, or to += weight * row after the first.
template <class T>
void addRow(const T* __restrict row, T weight, T* __restrict to, std::int64_t count, bool first) {
  if (first) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = weight * row[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i] += weight * row[i];
  }
}

/// One axis resized: rows of `inner` elements are weighted and added.
template <class T>
void runPass(const T* from, T* to, const Lines& lines, const AxisTaps& taps, T outside) {
  if (lines.inner == 1) return runLines(from, to, lines, taps, outside);
  const std::int64_t inner = lines.inner;
  for (std::int64_t o = 0; o < lines.outer; ++o, from += lines.length * inner)
    for (const std::vector<Tap>& position : taps) {
      if (position.empty()) std::fill_n(to, inner, outside);
      for (std::size_t k = 0; k < position.size(); ++k)
        addRow(from + position[k].source * inner, static_cast<T>(position[k].weight), to, inner, k == 0);
      to += inner;
    }
}

}  // namespace

void resizeAxis(const float* from, float* to, const Lines& lines, const AxisTaps& taps, float outside) {
  runPass(from, to, lines, taps, outside);
}

void resizeAxis(const double* from, double* to, const Lines& lines, const AxisTaps& taps, double outside) {
  runPass(from, to, lines, taps, outside);
}

}  // namespace lapidary::core
