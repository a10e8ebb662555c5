// SPDX-License-Identifier: GPL-3.0-or-later
// HannWindow, HammingWindow, BlackmanWindow and MelWeightMatrix: constants of signal processing.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/indexing/shape_ops.h"
#include "core/ops/signal/signal.h"

namespace lapidary::core {
namespace {

/// weights[0] - weights[1] cos(t) + weights[2] cos(2 t), as t goes once around.
struct Cosines {
  double weights[3];
};
constexpr Cosines hann{{0.5, 0.5, 0}};
constexpr Cosines hamming{{25.0 / 46, 21.0 / 46, 0}};
constexpr Cosines blackman{{0.42, 0.5, 0.08}};

DType resultType(const OpCall& call, const char* attribute) {
  return dtypeOfNumber(call.node.intOr(attribute, 1), attribute);
}

/// Symmetric windows end where they began; periodic ones a step before.
template <const Cosines& cosines>
std::vector<Activation> window(const OpCall& call) {
  const std::int64_t size = integerOf(call, 0, "size");
  TensorBuilder out(DType::Float64, checkedShape({size}));
  const double turn = static_cast<double>(call.node.intOr("periodic", 1) != 0 ? size : size - 1);
  for (std::int64_t i = 0; i < size; ++i) {
    // A symmetric window of one value is its middle.
    const double part = turn == 0 ? 0.5 : static_cast<double>(i) / turn;
    const double t = 2 * std::numbers::pi * part;
    out.as<double>()[static_cast<std::size_t>(i)] =
        cosines.weights[0] - cosines.weights[1] * std::cos(t) + cosines.weights[2] * std::cos(2 * t);
  }
  return oneOutput(convert(std::move(out).build(), resultType(call, "output_datatype")));
}

double melOf(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double hertzOf(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

/// The edge or sample rate as a finite number that is not negative.
double frequency(const OpCall& call, std::size_t i, const char* what) {
  const Tensor given = convert(call.input(i), DType::Float64);
  if (given.size() != 1) failInput(i, what, "holds " + std::to_string(given.size()) + " values, 1 expected");
  const double value = given.as<double>()[0];
  if (!(value >= 0 && value < 1e12)) failInput(i, what, "is " + std::to_string(value));
  return value;
}

/// Triangles between three neighbouring edges each; the edges are evenly spaced in mel, and rounded down
/// to bins.
std::vector<Activation> melWeightMatrix(const OpCall& call) {
  const std::int64_t bands = integerOf(call, 0, "num_mel_bins"), length = integerOf(call, 1, "dft_length");
  if (bands < 1) failInput(0, "num_mel_bins", "is " + std::to_string(bands));
  if (length < 1) failInput(1, "dft_length", "is " + std::to_string(length));
  const double rate = frequency(call, 2, "sample_rate");
  if (rate == 0) failInput(2, "sample_rate", "is zero");
  const double low = melOf(frequency(call, 3, "lower_edge_hertz"));
  const double high = melOf(frequency(call, 4, "upper_edge_hertz"));
  const Shape shape = checkedShape({length / 2 + 1, bands});
  const double step = (high - low) / static_cast<double>(bands + 2);
  const auto edge = [&](std::int64_t i) {
    const double hertz = hertzOf(static_cast<double>(i) * step + low);
    const double bin = std::floor(static_cast<double>(length + 1) * hertz / rate);
    return static_cast<std::int64_t>(std::clamp(bin, 0.0, 1e15));
  };
  TensorBuilder out = zeros(shape);
  const auto set = [&](std::int64_t bin, std::int64_t band, double value) {
    out.as<float>()[static_cast<std::size_t>(bin * bands + band)] = static_cast<float>(value);
  };
  for (std::int64_t band = 0; band < bands; ++band) {
    const std::int64_t lower = edge(band), center = edge(band + 1), upper = edge(band + 2);
    const std::int64_t end = shape[0];
    if (lower == center && center < end) set(center, band, 1);
    for (std::int64_t bin = lower; lower < center && bin <= center && bin < end; ++bin)
      set(bin, band, static_cast<double>(bin - lower) / static_cast<double>(center - lower));
    for (std::int64_t bin = center; bin < upper && bin < end; ++bin)
      set(bin, band, static_cast<double>(upper - bin) / static_cast<double>(upper - center));
  }
  return oneOutput(convert(std::move(out).build(), resultType(call, "output_datatype")));
}

constexpr Op signalWindowsRows[] = {
    {.domain = "", .type = "HannWindow", .forward = window<hann>, .sinceOpset = 17},
    {.domain = "", .type = "HammingWindow", .forward = window<hamming>, .sinceOpset = 17},
    {.domain = "", .type = "BlackmanWindow", .forward = window<blackman>, .sinceOpset = 17},
    {.domain = "", .type = "MelWeightMatrix", .forward = melWeightMatrix, .sinceOpset = 17},
};

}  // namespace

std::span<const Op> windowOps() { return signalWindowsRows; }

std::span<const Op> signalOps() {
  static const std::vector<Op> all = joinOps({fourierOps(), windowOps()});
  return all;
}

}  // namespace lapidary::core
