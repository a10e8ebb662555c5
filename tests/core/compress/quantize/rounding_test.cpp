// SPDX-License-Identifier: GPL-3.0-or-later
// Rounding and pruning by inputs, beside naive textbook loops in double.
#include "core/compress/quantize/rounding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/compress/inputs/output_error.h"
#include "core/compress/inputs/row_products.h"
#include "core/compress/prune/prune_by_inputs.h"
#include "core/compress/prune/refit.h"
#include "core/compress/quantize/input_scaling.h"
#include "core/compress/quantize/quantize.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Samples of correlated inputs, some of them much greater than others.
std::vector<std::vector<double>> samplesOf(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> x(rows, std::vector<double>(columns));
  for (auto& row : x) {
    const double common = normal(random) + 0.5;
    for (std::size_t c = 0; c < columns; ++c)
      row[c] = (normal(random) + common) * (1 + static_cast<double>(c * 7 % 5));
  }
  return x;
}

std::shared_ptr<LayerInputs> inputsOf(const std::vector<std::vector<double>>& x) {
  auto inputs = std::make_shared<LayerInputs>();
  const std::size_t n = x[0].size();
  inputs->columns = n;
  inputs->rows = static_cast<std::int64_t>(x.size());
  inputs->sums.resize(n), inputs->squares.resize(n), inputs->magnitudes.resize(n);
  std::vector<double> gram(n * n);
  for (const auto& row : x)
    for (std::size_t a = 0; a < n; ++a) {
      inputs->sums[a] += row[a], inputs->squares[a] += row[a] * row[a];
      inputs->magnitudes[a] += std::fabs(row[a]);
      for (std::size_t b = 0; b < n; ++b) gram[a * n + b] += row[a] * row[b];
    }
  inputs->gram.assign(gram.begin(), gram.end());
  return inputs;
}

/// The inverse by Gauss and Jordan.
Matrix inverted(Matrix a) {
  const std::size_t n = a.size();
  Matrix inverse(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) inverse[i][i] = 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t pivot = i;
    for (std::size_t r = i; r < n; ++r)
      if (std::fabs(a[r][i]) > std::fabs(a[pivot][i])) pivot = r;
    std::swap(a[i], a[pivot]), std::swap(inverse[i], inverse[pivot]);
    for (std::size_t c = n; c-- > 0;) inverse[i][c] /= a[i][i];
    for (std::size_t c = n; c-- > i;) a[i][c] /= a[i][i];
    for (std::size_t r = 0; r < n; ++r) {
      if (r == i) continue;
      const double factor = a[r][i];
      for (std::size_t c = 0; c < n; ++c)
        a[r][c] -= factor * a[i][c], inverse[r][c] -= factor * inverse[i][c];
    }
  }
  return inverse;
}

/// Damped H with its columns in this order.
Matrix damped(const LayerInputs& inputs, const std::vector<std::size_t>& order) {
  const std::size_t n = order.size();
  double mean = 0;
  for (std::size_t c = 0; c < n; ++c)
    mean += static_cast<double>(inputs.gram[c * n + c]) / static_cast<double>(n);
  Matrix h(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      h[i][j] = static_cast<double>(inputs.gram[order[i] * n + order[j]]) + (i == j ? 0.01 * mean : 0);
  return h;
}

/// The optimal brain surgeon without any factorisation: after each column the inverse of what remains.
template <class Settle>
void naiveObs(Matrix h, std::vector<std::vector<double>>& rows, Settle&& settle) {
  const std::size_t n = h.size();
  for (std::size_t j = 0; j < n; ++j) {
    Matrix rest(n - j, std::vector<double>(n - j));
    for (std::size_t a = j; a < n; ++a)
      for (std::size_t b = j; b < n; ++b) rest[a - j][b - j] = h[a][b];
    const Matrix inverse = inverted(rest);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double value = settle(r, j, rows[r], inverse), error = (rows[r][j] - value) / inverse[0][0];
      rows[r][j] = value;
      for (std::size_t k = j + 1; k < n; ++k) rows[r][k] -= error * inverse[0][k - j];
    }
  }
}

std::vector<std::size_t> naturalOrder(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::vector<std::size_t> fallingOrder(const LayerInputs& inputs) {
  auto order = naturalOrder(inputs.columns);
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t c) { return inputs.gram[c * inputs.columns + c]; });
  return order;
}

std::vector<std::vector<double>> rowsOf(std::span<const float> weights,
                                        const std::vector<std::size_t>& order) {
  std::vector<std::vector<double>> rows(weights.size() / order.size());
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const std::size_t c : order) rows[r].push_back(static_cast<double>(weights[r * order.size() + c]));
  return rows;
}

struct RoundingCase {
  std::size_t outputs = 6, columns = 20;
  Shape shape{6, 20};
  Tensor weight = test::normalWeight({6, 20}, 11);
  std::shared_ptr<LayerInputs> inputs = inputsOf(samplesOf(60, 20, 12));
  WeightMatrix matrix = weightMatrix(shape, 0);

  std::span<const float> weights() const { return weight.as<float>(); }
  double error(std::span<const float> after) const {
    return outputError(*inputs, matrix, weights(), after, false);
  }
};

struct Rounded {
  std::shared_ptr<const WeightEncoding> encoding;
  std::vector<float> nearest;
  CodeGrid grid;
};

Rounded nearestOf(const RoundingCase& c, const Quantize& quantize, std::span<const float> weights) {
  std::vector<float> values(weights.begin(), weights.end());
  auto encoding = quantizeInPlace(values, c.shape, 0, quantize, false);
  CodeGrid grid(*encoding, quantize, c.matrix);
  return {encoding, values, std::move(grid)};
}

std::vector<float> valuesOf(const RoundingCase& c, const CodeGrid& grid,
                            const std::vector<std::int32_t>& codes) {
  std::vector<float> values;
  for (std::size_t i = 0; i < codes.size(); ++i)
    values.push_back(grid.valueOf(i / c.columns, i % c.columns, codes[i]));
  return values;
}

std::vector<Quantize> schemes() {
  return {{Scheme::Symmetric, 4, Granularity::Channel},
          {Scheme::Symmetric, 3, Granularity::Tensor},
          {Scheme::Affine, 3, Granularity::Channel},
          {Scheme::Symmetric, 1, Granularity::Channel}};
}

TEST(Gptq, CodesAreThoseOfANaiveSurgeon) {
  const RoundingCase c;
  for (const Quantize& quantize : schemes()) {
    const Rounded rounded = nearestOf(c, quantize, c.weights());
    const auto codes = gptqCodes({c.weights(), {}, c.matrix, rounded.grid, *c.inputs}, {});
    const auto order = fallingOrder(*c.inputs);
    auto rows = rowsOf(c.weights(), order);
    std::vector<std::int32_t> naive(codes.size());
    naiveObs(damped(*c.inputs, order), rows,
             [&](std::size_t r, std::size_t j, const std::vector<double>& row, const Matrix&) {
               const double scale = static_cast<double>(rounded.grid.scaleAt(r, order[j]));
               const int zero = rounded.grid.zeroAt(r, order[j]);
               const double level = std::clamp(std::nearbyint(row[j] / scale),
                                               static_cast<double>(rounded.grid.least() - zero),
                                               static_cast<double>(rounded.grid.most() - zero));
               naive[r * c.columns + order[j]] = static_cast<std::int32_t>(level) + zero;
               return level * scale;
             });
    EXPECT_EQ(codes, naive) << name(quantize.scheme) << quantize.bits;
  }
}

TEST(Gptq, ErrsLessThanNearestAndAdaptiveLessStill) {
  const RoundingCase c;
  for (const Quantize& quantize : schemes()) {
    const Rounded rounded = nearestOf(c, quantize, c.weights());
    const RoundingTask task{c.weights(), {}, c.matrix, rounded.grid, *c.inputs};
    const double nearest = c.error(rounded.nearest);
    const double gptq = c.error(valuesOf(c, rounded.grid, gptqCodes(task, {})));
    const double adaptive = c.error(valuesOf(c, rounded.grid, adaptiveCodes(task, {})));
    EXPECT_LT(gptq, 0.9 * nearest) << name(quantize.scheme) << quantize.bits;
    EXPECT_LE(adaptive, gptq * 1.001) << name(quantize.scheme) << quantize.bits;
  }
}

TEST(Gptq, PrunedWeightsStayZeroAndAllCodesAreInRange) {
  const RoundingCase c;
  std::vector<float> pruned(c.weights().begin(), c.weights().end());
  std::vector<std::uint8_t> marks(pruned.size());
  for (std::size_t i = 0; i < pruned.size(); i += 3) pruned[i] = 0, marks[i] = 1;
  for (const Quantize& quantize : schemes()) {
    const Rounded rounded = nearestOf(c, quantize, pruned);
    const RoundingTask task{c.weights(), marks, c.matrix, rounded.grid, *c.inputs};
    for (const auto& codes : {gptqCodes(task, {}), adaptiveCodes(task, {})}) {
      const auto values = valuesOf(c, rounded.grid, codes);
      for (std::size_t i = 0; i < codes.size(); ++i) {
        if (marks[i] != 0) {
          EXPECT_EQ(values[i], 0.0f);
        }
        EXPECT_GE(codes[i], rounded.grid.least());
        EXPECT_LE(codes[i], rounded.grid.most());
      }
      EXPECT_LT(c.error(values), c.error(rounded.nearest));
    }
  }
}

TEST(Adaptive, NoSingleStepLowersTheObjectiveAnyMore) {
  const RoundingCase c;
  const Quantize quantize{Scheme::Symmetric, 3, Granularity::Channel};
  const Rounded rounded = nearestOf(c, quantize, c.weights());
  const auto codes = adaptiveCodes({c.weights(), {}, c.matrix, rounded.grid, *c.inputs}, {});
  const Matrix h = damped(*c.inputs, naturalOrder(c.columns));
  for (std::size_t r = 0; r < c.outputs; ++r) {
    const auto objective = [&](const std::vector<std::int32_t>& tried) {
      double sum = 0;
      std::vector<double> e;
      for (std::size_t i = 0; i < c.columns; ++i)
        e.push_back(static_cast<double>(c.weights()[r * c.columns + i] -
                                        rounded.grid.valueOf(r, i, tried[r * c.columns + i])));
      for (std::size_t i = 0; i < c.columns; ++i)
        for (std::size_t j = 0; j < c.columns; ++j) sum += e[i] * h[i][j] * e[j];
      return sum;
    };
    const double reached = objective(codes);
    for (std::size_t i = 0; i < c.columns; ++i)
      for (const int step : {-1, 1}) {
        auto tried = codes;
        tried[r * c.columns + i] += step;
        if (std::abs(tried[r * c.columns + i]) > rounded.grid.most()) continue;
        EXPECT_GE(objective(tried), reached * (1 - 1e-4));
      }
  }
}

TEST(RowProducts, AreThoseOfANaiveLoop) {
  for (const std::size_t columns : {1u, 7u, 16u, 53u})
    for (const std::size_t rows : {1u, 4u, 6u}) {
      const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
      const Tensor a = test::normalWeight({size(rows), size(columns)}, 1);
      const Tensor m = test::normalWeight({size(columns), size(columns)}, 2);
      const auto found = rowProducts(a.as<float>(), m.as<float>(), columns);
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) {
          double sum = 0;
          for (std::size_t k = 0; k < columns; ++k)
            sum += static_cast<double>(a.as<float>()[r * columns + k]) *
                   static_cast<double>(m.as<float>()[k * columns + c]);
          ASSERT_NEAR(found[r * columns + c], sum, 1e-6);
        }
    }
}

/// Wide enough for several blocks of columns.
TEST(Gptq, BlocksGiveWhatColumnByColumnGives) {
  const std::size_t columns = 300;
  RoundingCase c;
  c.columns = columns, c.outputs = 3, c.shape = {3, 300};
  c.weight = test::normalWeight(c.shape, 5);
  c.inputs = inputsOf(samplesOf(400, columns, 6));
  c.matrix = weightMatrix(c.shape, 0);
  const Quantize quantize{Scheme::Symmetric, 4, Granularity::Channel};
  const Rounded rounded = nearestOf(c, quantize, c.weights());
  const auto codes = gptqCodes({c.weights(), {}, c.matrix, rounded.grid, *c.inputs}, {});
  const auto factor = inverseFactor(c.inputs->gram, columns, ColumnOrder::Falling);
  std::size_t different = 0;
  for (std::size_t r = 0; r < c.outputs; ++r) {
    std::vector<double> row;
    for (const auto column : factor.order)
      row.push_back(static_cast<double>(c.weights()[r * columns + column]));
    for (std::size_t j = 0; j < columns; ++j) {
      const auto code = rounded.grid.nearest(r, factor.order[j], static_cast<float>(row[j]));
      different += code != codes[r * columns + factor.order[j]];
      const double error = (row[j] - static_cast<double>(rounded.grid.valueOf(r, factor.order[j], code))) /
                           static_cast<double>(factor.row(j)[j]);
      for (std::size_t k = j; k < columns; ++k) row[k] -= error * static_cast<double>(factor.row(j)[k]);
    }
  }
  EXPECT_LE(different, 2u);  // float32 sums in another order may tip a tie
}

TEST(Wanda, RowsLoseTheirLeastProducts) {
  const RoundingCase c;
  const Prune sparse{PruneMode::Sparsity, 0.37, Criterion::Wanda},
      pattern{PruneMode::Pattern, 0, Criterion::Wanda, 2, 4};
  const auto some = wandaPruned({c.weights(), c.matrix, sparse, *c.inputs});
  const auto twoOfFour = wandaPruned({c.weights(), c.matrix, pattern, *c.inputs});
  for (std::size_t r = 0; r < c.outputs; ++r) {
    std::vector<std::pair<double, std::size_t>> scores;
    for (std::size_t i = 0; i < c.columns; ++i)
      scores.emplace_back(
          std::fabs(static_cast<double>(c.weights()[r * c.columns + i])) * std::sqrt(c.inputs->squares[i]),
          i);
    auto sorted = scores;
    std::ranges::sort(sorted);
    for (std::size_t k = 0; k < c.columns; ++k) {
      const std::size_t at = r * c.columns + sorted[k].second;
      EXPECT_EQ(some[at], k < 7 ? 0.0f : c.weights()[at]);  // floor(0.37 * 20)
    }
    for (std::size_t from = 0; from < c.columns; from += 4) {
      std::sort(scores.begin() + static_cast<long>(from), scores.begin() + static_cast<long>(from) + 4);
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t at = r * c.columns + scores[from + k].second;
        EXPECT_EQ(twoOfFour[at], k < 2 ? 0.0f : c.weights()[at]);
      }
    }
  }
}

TEST(SparseGpt, IsANaiveSurgeonThatChoosesWhatGoes) {
  const RoundingCase c;
  for (const bool patterned : {false, true}) {
    const Prune prune = patterned ? Prune{PruneMode::Pattern, 0, Criterion::Reconstruct, 2, 4}
                                  : Prune{PruneMode::Sparsity, 0.5, Criterion::Reconstruct};
    const auto found = sparseGptPruned({c.weights(), c.matrix, prune, *c.inputs}, {});
    const auto order = naturalOrder(c.columns);
    auto rows = rowsOf(c.weights(), order);
    const Matrix h = damped(*c.inputs, order);
    // [H^-1] of what remains at each column, as the scores of the columns to come need it.
    std::vector<double> diagonal;
    for (std::size_t j = 0; j < c.columns; ++j) {
      Matrix rest(c.columns - j, std::vector<double>(c.columns - j));
      for (std::size_t a = j; a < c.columns; ++a)
        for (std::size_t b = j; b < c.columns; ++b) rest[a - j][b - j] = h[a][b];
      diagonal.push_back(inverted(rest)[0][0]);
    }
    std::vector<std::vector<bool>> goes(c.outputs, std::vector<bool>(c.columns));
    if (!patterned) {  // all columns are one block
      std::vector<std::pair<double, std::size_t>> scores;
      for (std::size_t i = 0; i < rows.size() * c.columns; ++i)
        scores.emplace_back(std::pow(rows[i / c.columns][i % c.columns], 2) / diagonal[i % c.columns], i);
      std::ranges::sort(scores);
      for (std::size_t k = 0; k < scores.size() / 2; ++k)
        goes[scores[k].second / c.columns][scores[k].second % c.columns] = true;
    }
    naiveObs(h, rows, [&](std::size_t r, std::size_t j, const std::vector<double>& row, const Matrix&) {
      if (patterned && j % 4 == 0) {
        std::vector<std::pair<double, std::size_t>> scores;
        for (std::size_t k = j; k < j + 4; ++k) scores.emplace_back(row[k] * row[k] / diagonal[k], k);
        std::ranges::sort(scores);
        goes[r][scores[0].second] = goes[r][scores[1].second] = true;
      }
      return goes[r][j] ? 0.0 : row[j];
    });
    for (std::size_t i = 0; i < found.size(); ++i)
      ASSERT_NEAR(found[i], rows[i / c.columns][i % c.columns], 2e-5) << i;
    std::vector<float> plain(c.weights().begin(), c.weights().end());
    for (std::size_t i = 0; i < plain.size(); ++i)
      if (found[i] == 0.0f) plain[i] = 0;
    EXPECT_LT(c.error(found), 0.8 * c.error(plain));  // the same zeros without making up for them
  }
}

/// Against the normal equations of each row's weights that stay, solved by Gauss and Jordan.
TEST(Refit, FindsTheLeastSquaresOfWhatStays) {
  const RoundingCase c;
  std::vector<float> pruned(c.weights().begin(), c.weights().end());
  for (std::size_t i = 0; i < pruned.size(); ++i)
    if (i * 7 % 5 < 2) pruned[i] = 0;
  std::vector<float> found = pruned;
  refit(*c.inputs, c.matrix, c.weights(), found, {});
  const Matrix h = damped(*c.inputs, naturalOrder(c.columns));
  for (std::size_t r = 0; r < c.outputs; ++r) {
    std::vector<std::size_t> stays;
    for (std::size_t i = 0; i < c.columns; ++i)
      if (pruned[r * c.columns + i] != 0.0f) stays.push_back(i);
    Matrix rest(stays.size(), std::vector<double>(stays.size()));
    std::vector<double> right(stays.size());
    for (std::size_t a = 0; a < stays.size(); ++a) {
      for (std::size_t b = 0; b < stays.size(); ++b) rest[a][b] = h[stays[a]][stays[b]];
      for (std::size_t i = 0; i < c.columns; ++i)
        right[a] += h[stays[a]][i] * static_cast<double>(c.weights()[r * c.columns + i]);
    }
    const Matrix inverse = inverted(rest);
    for (std::size_t a = 0; a < stays.size(); ++a) {
      double exact = 0;
      for (std::size_t b = 0; b < stays.size(); ++b) exact += inverse[a][b] * right[b];
      EXPECT_NEAR(found[r * c.columns + stays[a]], exact, 1e-3);
    }
  }
  for (std::size_t i = 0; i < pruned.size(); ++i)
    if (pruned[i] == 0.0f) {
      EXPECT_EQ(found[i], 0.0f);
    }
}

TEST(SparseGpt, ZeroesExactlyTheShareOverBlocksAndGroups) {
  RoundingCase c;
  c.columns = 150, c.outputs = 4, c.shape = {4, 150};
  c.weight = test::normalWeight(c.shape, 5);
  c.inputs = inputsOf(samplesOf(200, 150, 6));
  c.matrix = weightMatrix(c.shape, 0);
  for (const double share : {0.0, 0.3, 0.501, 1.0}) {
    const Prune prune{PruneMode::Sparsity, share, Criterion::Reconstruct};
    const auto found = sparseGptPruned({c.weights(), c.matrix, prune, *c.inputs}, {});
    EXPECT_EQ(std::ranges::count(found, 0.0f), static_cast<std::ptrdiff_t>(share * 600)) << share;
  }
}

TEST(SparseGpt, StopsWhenAsked) {
  const RoundingCase c;
  std::stop_source stop;
  stop.request_stop();
  const Prune prune{PruneMode::Sparsity, 0.5, Criterion::Reconstruct};
  EXPECT_THROW(sparseGptPruned({c.weights(), c.matrix, prune, *c.inputs}, {stop.get_token(), {}}), Cancelled);
}

TEST(OutputError, IsThatOfTheSamples) {
  const auto x = samplesOf(60, 20, 12);
  const RoundingCase c;
  std::vector<float> after(c.weights().begin(), c.weights().end());
  for (std::size_t i = 0; i < after.size(); i += 2) after[i] *= 0.8f;
  for (const bool corrected : {false, true}) {
    double noise = 0, signal = 0;
    for (std::size_t o = 0; o < c.outputs; ++o) {
      std::vector<double> lost;
      for (const auto& row : x) {
        double y = 0, z = 0;
        for (std::size_t i = 0; i < c.columns; ++i) {
          y += row[i] * static_cast<double>(c.weights()[o * c.columns + i]);
          z += row[i] * static_cast<double>(after[o * c.columns + i]);
        }
        signal += y * y;
        lost.push_back(y - z);
      }
      const double mean =
          corrected ? std::accumulate(lost.begin(), lost.end(), 0.0) / static_cast<double>(lost.size()) : 0;
      for (const double each : lost) noise += (each - mean) * (each - mean);
    }
    EXPECT_NEAR(outputError(*c.inputs, c.matrix, c.weights(), after, corrected), noise / signal, 1e-6);
  }
}

TEST(InputScaling, TheBestScalesErrLessThanNone) {
  const RoundingCase c;
  const Quantize quantize{Scheme::Symmetric, 3, Granularity::Channel};
  const auto rounded = [&](std::span<const float> scales) {
    const auto scaled = scaledColumns(c.matrix, c.weights(), scales);
    std::vector<float> factors;
    for (const float s : scales) factors.push_back(1 / s);
    return scaledColumns(c.matrix, nearestOf(c, quantize, scaled).nearest, factors);
  };
  const auto best = bestInputScales(*c.inputs, c.matrix, c.weights(), rounded, {});
  EXPECT_LT(c.error(rounded(best)), 0.95 * c.error(rounded(inputScales(*c.inputs, 0))));
  const auto divided = dividedInputs(*c.inputs, best);
  const auto scaled = scaledColumns(c.matrix, c.weights(), best);
  EXPECT_NEAR(outputPower(*divided, c.matrix, scaled, false),
              outputPower(*c.inputs, c.matrix, c.weights(), false),
              1e-3 * outputPower(*c.inputs, c.matrix, c.weights(), false));
}

}  // namespace
}  // namespace lapidary::core
