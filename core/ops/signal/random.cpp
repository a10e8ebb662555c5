// SPDX-License-Identifier: GPL-3.0-or-later
// RandomNormal, RandomUniform, Multinomial, Bernoulli: numbers that are the same in every run.
//
// A node draws from an engine of its own, seeded by its `seed` attribute, or by 0 where it has none: what
// a model gives depends on nothing but the model and its inputs. The numbers differ from those of other
// runtimes, since the specification leaves the engine open.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <random>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/indexing/shape_ops.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// The standard fixes the engine's numbers but not those of its distributions, hence our own.
class Source {
 public:
  explicit Source(const Node& node) : m_engine(std::bit_cast<std::uint32_t>(node.floatOr("seed", 0.0f))) {}

  /// In [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1p-53; }

  double normal() {  // Box and Muller 1958
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::mt19937_64 m_engine;
};

double uniformIn(Source& source, double low, double high) { return low + (high - low) * source.uniform(); }

double normalWith(Source& source, double mean, double scale) { return mean + scale * source.normal(); }

DType typeOr(const Node& node, DType fallback) {
  const auto* number = node.find<std::int64_t>("dtype");
  return number ? dtypeOfNumber(*number, "dtype") : fallback;
}

using Draw = double (*)(Source&, double, double);

/// The two parameters of a distribution and their usual values.
struct Distribution {
  Draw draw;
  const char *first, *second;
  float firstValue, secondValue;
};
constexpr Distribution uniform{uniformIn, "low", "high", 0, 1};
constexpr Distribution normal{normalWith, "mean", "scale", 0, 1};

std::vector<Activation> drawn(const OpCall& call, const Distribution& distribution, const Shape& shape,
                              DType type) {
  if (!isFloating(type))
    failAttribute("dtype", "is " + std::string(name(type)) + ", a floating type was expected");
  Source source(call.node);
  const auto first = static_cast<double>(call.node.floatOr(distribution.first, distribution.firstValue));
  const auto second = static_cast<double>(call.node.floatOr(distribution.second, distribution.secondValue));
  TensorBuilder out(DType::Float64, checkedShape(shape));
  for (double& value : out.as<double>()) value = distribution.draw(source, first, second);
  return oneOutput(convert(std::move(out).build(), type));
}

template <const Distribution& distribution>
std::vector<Activation> ofShape(const OpCall& call) {
  const auto* shape = call.node.find<std::vector<std::int64_t>>("shape");
  if (!shape) failAttribute("shape", "is missing");
  return drawn(call, distribution, *shape, typeOr(call.node, DType::Float32));
}

template <const Distribution& distribution>
std::vector<Activation> likeInput(const OpCall& call) {
  if (!call.has(0)) call.input(0);  // throws the error that names it
  const DType own = call.inputs[0].dtype;
  return drawn(call, distribution, call.inputs[0].shape,
               typeOr(call.node, isFloating(own) ? own : DType::Float32));
}

/// 1 with the probability that each element gives.
std::vector<Activation> bernoulli(const OpCall& call) {
  const Tensor chances = call.input(0);
  const Tensor wide = convert(floatInput(call, 0), DType::Float64);
  Source source(call.node);
  TensorBuilder out(DType::UInt8, wide.shape());
  const auto to = out.as<std::uint8_t>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = source.uniform() < wide.as<double>()[i];
  return oneOutput(convert(std::move(out).build(), typeOr(call.node, chances.dtype())));
}

/// Running sums of e^x over one row of logarithms of weights, the largest taken as 1.
std::vector<double> runningWeights(std::span<const float> row) {
  const auto top = static_cast<double>(*std::ranges::max_element(row));
  if (!std::isfinite(top)) failInput(0, "input", "has no finite largest value in a row");
  std::vector<double> sums;
  double sum = 0;
  for (const float x : row) sums.push_back(sum += std::exp(static_cast<double>(x) - top));
  return sums;
}

std::vector<Activation> multinomial(const OpCall& call) {
  const Tensor logs = floatInput(call, 0);
  if (logs.rank() != 2 || logs.shape()[1] < 1)
    failInput(0, "input", "has shape " + toText(logs.shape()) + ", batch x classes was expected");
  const std::int64_t count = call.node.intOr("sample_size", 1);
  if (count < 1) failAttribute("sample_size", "is " + std::to_string(count));
  const DType type = typeOr(call.node, DType::Int32);
  if (type != DType::Int32 && type != DType::Int64)
    failAttribute("dtype", "is " + std::string(name(type)) + ", int32 or int64 was expected");
  TensorBuilder out(DType::Int64, checkedShape({logs.shape()[0], count}));
  Source source(call.node);
  const auto classes = static_cast<std::size_t>(logs.shape()[1]);
  auto to = out.as<std::int64_t>().begin();
  for (std::size_t row = 0; row < static_cast<std::size_t>(logs.shape()[0]); ++row) {
    const auto sums = runningWeights(logs.as<float>().subspan(row * classes, classes));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto found = std::ranges::upper_bound(sums, source.uniform() * sums.back());
      *to++ = std::min<std::int64_t>(found - sums.begin(), static_cast<std::int64_t>(classes) - 1);
    }
  }
  return oneOutput(convert(std::move(out).build(), type));
}

constexpr Op randomRows[] = {
    {"", "RandomUniform", ofShape<uniform>},
    {"", "RandomNormal", ofShape<normal>},
    {"", "RandomUniformLike", likeInput<uniform>},
    {"", "RandomNormalLike", likeInput<normal>},
    {.domain = "", .type = "Multinomial", .forward = multinomial, .sinceOpset = 7},
    {.domain = "", .type = "Bernoulli", .forward = bernoulli, .sinceOpset = 15},
};

}  // namespace

std::span<const Op> randomOps() { return randomRows; }

}  // namespace lapidary::core
