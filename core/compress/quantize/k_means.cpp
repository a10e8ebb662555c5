// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/k_means.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace lapidary::core {
namespace {

/// Bits that order as unsigned numbers like the floats do.
std::uint32_t orderOf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return bits >> 31 ? ~bits : bits | 0x80000000u;
}

/// Least-significant-digit radix sort in three passes of 11 bits.
void sortByValue(std::vector<WeightedValue>& values) {
  constexpr std::size_t digits = 2048;
  std::array<std::array<std::size_t, digits>, 3> counts{};
  for (const WeightedValue& v : values)
    for (unsigned pass = 0; pass < 3; ++pass) ++counts[pass][orderOf(v.value) >> (11 * pass) & 2047];
  std::vector<WeightedValue> to(values.size());
  for (unsigned pass = 0; pass < 3; ++pass) {
    std::size_t sum = 0;
    for (std::size_t& entry : counts[pass]) sum += std::exchange(entry, sum);
    for (const WeightedValue& v : values) to[counts[pass][orderOf(v.value) >> (11 * pass) & 2047]++] = v;
    values.swap(to);
  }
}

/// Rising numbers with sums of w, w x and w x^2 before each, x measured from the middle of all.
class SortedSums {
 public:
  explicit SortedSums(std::vector<WeightedValue> values) : m_values(std::move(values)) {
    sortByValue(m_values);
    m_origin = m_values.empty() ? 0 : static_cast<double>(m_values[m_values.size() / 2].value);
    m_weight.assign(m_values.size() + 1, 0), m_first = m_second = m_weight;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
      const double w = static_cast<double>(m_values[i].weight);
      const double x = static_cast<double>(m_values[i].value) - m_origin;
      m_weight[i + 1] = m_weight[i] + w;
      m_first[i + 1] = m_first[i] + w * x;
      m_second[i + 1] = m_second[i] + w * x * x;
    }
  }

  std::size_t size() const { return m_values.size(); }
  float operator[](std::size_t i) const { return m_values[i].value; }
  double mean(std::size_t begin, std::size_t end) const {
    return m_origin + (m_first[end] - m_first[begin]) / (m_weight[end] - m_weight[begin]);
  }
  /// Weighted squared error of numbers [begin, end) around their mean.
  double error(std::size_t begin, std::size_t end) const {
    const double first = m_first[end] - m_first[begin];
    return m_second[end] - m_second[begin] - first * first / (m_weight[end] - m_weight[begin]);
  }
  /// Numbers at or below the bound.
  std::size_t upTo(double bound) const {
    return static_cast<std::size_t>(std::partition_point(m_values.begin(), m_values.end(),
                                                         [bound](const WeightedValue& v) {
                                                           return static_cast<double>(v.value) <= bound;
                                                         }) -
                                    m_values.begin());
  }

 private:
  std::vector<WeightedValue> m_values;
  std::vector<double> m_weight, m_first, m_second;
  double m_origin = 0;
};

/// The distinct numbers, or nothing where there are more than `most`.
std::vector<float> distinctUpTo(const SortedSums& sums, std::size_t most) {
  std::vector<float> distinct;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (!distinct.empty() && distinct.back() == sums[i]) continue;
    if (distinct.size() == most) return {};
    distinct.push_back(sums[i]);
  }
  return distinct;
}

/// Edges of about `cells` cells of neighbours, all numbers where there are no more. In each the same share of
/// the integral of the cube root of the density, by which the optimal centres of many are spread (Panter,
/// Dite 1951).
std::vector<std::size_t> cellEdges(const SortedSums& sums, std::size_t cells) {
  std::vector<std::size_t> edges;
  const std::size_t n = sums.size();
  if (n <= cells) {
    for (std::size_t i = 0; i <= n; ++i) edges.push_back(i);
    return edges;
  }
  const std::size_t chunks = std::min(n, 4 * cells);
  const auto edgeOf = [&](std::size_t chunk) { return chunk * n / chunks; };
  std::vector<double> spread(chunks);
  double all = 0;
  for (std::size_t c = 0; c < chunks; ++c) {
    const double width =
        static_cast<double>(sums[std::min(n - 1, edgeOf(c + 1))]) - static_cast<double>(sums[edgeOf(c)]);
    all += spread[c] = std::cbrt(width * width);
  }
  edges.push_back(0);
  double passed = 0;
  for (std::size_t c = 0; c < chunks; ++c) {
    const std::size_t begin = edgeOf(c), length = edgeOf(c + 1) - begin;
    const double before = passed / all * static_cast<double>(cells);
    passed += spread[c];
    const double after = passed / all * static_cast<double>(cells);
    for (double cell = std::floor(before) + 1; cell <= after; cell += 1) {
      const auto within =
          static_cast<std::size_t>((cell - before) / (after - before) * static_cast<double>(length));
      if (begin + within > edges.back() && begin + within < n) edges.push_back(begin + within);
    }
  }
  edges.push_back(n);
  return edges;
}

/// The optimal partition of cells into `clusters` neighbourhoods.
class Partition {
 public:
  Partition(const SortedSums& sums, std::vector<std::size_t> edges, std::size_t clusters)
      : m_sums(sums), m_edges(std::move(edges)), m_cells(m_edges.size() - 1) {
    m_before.resize(m_cells + 1), m_least = m_before;
    for (std::size_t i = 1; i <= m_cells; ++i) m_before[i] = m_sums.error(0, m_edges[i]);
    for (std::size_t k = 1; k < std::min(clusters, m_cells); ++k) {
      m_starts.emplace_back(m_cells + 1);
      solve(k + 1, m_cells, k, m_cells - 1);
      m_before.swap(m_least);
    }
  }

  /// Edges of the clusters, as indices of the numbers.
  std::vector<std::size_t> edges() const {
    std::vector<std::size_t> result{m_edges.back()};
    std::size_t end = m_cells;
    for (std::size_t k = m_starts.size(); k-- > 0;) {
      end = m_starts[k][end];
      result.push_back(m_edges[end]);
    }
    result.push_back(0);
    std::ranges::reverse(result);
    return result;
  }

 private:
  /// For the ends [low, high]: where the last cluster starts, which rises with its end.
  void solve(std::size_t low, std::size_t high, std::size_t first, std::size_t last) {
    if (low > high) return;
    const std::size_t end = low + (high - low) / 2;
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = first;
    for (std::size_t start = first; start <= std::min(last, end - 1); ++start) {
      const double found = m_before[start] + m_sums.error(m_edges[start], m_edges[end]);
      if (found < least) least = found, best = start;
    }
    m_least[end] = least;
    m_starts.back()[end] = static_cast<std::uint32_t>(best);
    solve(low, end - 1, first, best);
    solve(end + 1, high, best, last);
  }

  const SortedSums& m_sums;
  std::vector<std::size_t> m_edges;
  std::size_t m_cells;
  std::vector<double> m_before, m_least;
  std::vector<std::vector<std::uint32_t>> m_starts;
};

/// Lloyd's steps from these edges until they stand still.
void settle(const SortedSums& sums, std::vector<std::size_t>& edges) {
  constexpr int most = 100;
  for (int step = 0; step < most; ++step) {
    bool moved = false;
    double left = sums.mean(edges[0], edges[1]);
    for (std::size_t k = 1; k + 1 < edges.size(); ++k) {
      const double right = sums.mean(edges[k], edges[k + 1]);
      const std::size_t edge = std::clamp(sums.upTo((left + right) / 2), edges[k - 1] + 1, edges[k + 1] - 1);
      moved = moved || edge != edges[k];
      edges[k] = edge;
      left = right;
    }
    if (!moved) return;
  }
}

}  // namespace

std::vector<float> kMeansCentres(std::vector<WeightedValue> values, std::size_t clusters) {
  const SortedSums sums(std::move(values));
  if (sums.size() == 0 || clusters == 0) return {};
  if (const auto distinct = distinctUpTo(sums, clusters); !distinct.empty()) return distinct;
  const std::size_t cells = std::max<std::size_t>(512, 8 * clusters);
  std::vector<std::size_t> edges = Partition(sums, cellEdges(sums, cells), clusters).edges();
  settle(sums, edges);
  std::vector<float> centres;
  for (std::size_t k = 0; k + 1 < edges.size(); ++k)
    centres.push_back(static_cast<float>(sums.mean(edges[k], edges[k + 1])));
  centres.erase(std::unique(centres.begin(), centres.end()), centres.end());
  return centres;
}

}  // namespace lapidary::core
