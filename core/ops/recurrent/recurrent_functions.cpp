// SPDX-License-Identifier: GPL-3.0-or-later
// The activation functions of recurrent operators, by name, with alpha and beta.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "core/ops/checks.h"
#include "core/ops/kernels/vector_math.h"
#include "core/ops/recurrent/recurrent.h"

namespace lapidary::core {
namespace {

struct Parameters {
  float alpha, beta;
};

/// How many of alpha and beta a function takes, their defaults, and the function itself.
struct Known {
  int parameters;
  Parameters standard;
  void (*apply)(float* x, std::int64_t count, Parameters p);
};

template <float (*F)(float, Parameters)>
void each(float* x, std::int64_t count, Parameters p) {
  for (std::int64_t i = 0; i < count; ++i) x[i] = F(x[i], p);
}

void sigmoid(float* x, std::int64_t count, Parameters) {
  sigmoidArray(x, x, static_cast<std::size_t>(count));
}
void tangent(float* x, std::int64_t count, Parameters) { tanhArray(x, x, static_cast<std::size_t>(count)); }
void scaledTangent(float* x, std::int64_t count, Parameters p) {
  for (std::int64_t i = 0; i < count; ++i) x[i] *= p.beta;
  tangent(x, count, p);
  for (std::int64_t i = 0; i < count; ++i) x[i] *= p.alpha;
}

float affine(float x, Parameters p) { return p.alpha * x + p.beta; }
float relu(float x, Parameters) { return x > 0 ? x : 0.0f; }
float leakyRelu(float x, Parameters p) { return x >= 0 ? x : p.alpha * x; }
float thresholdedRelu(float x, Parameters p) { return x > p.alpha ? x : 0.0f; }
float hardSigmoid(float x, Parameters p) { return std::clamp(p.alpha * x + p.beta, 0.0f, 1.0f); }
float elu(float x, Parameters p) { return x >= 0 ? x : p.alpha * std::expm1(x); }
float softsign(float x, Parameters) { return x / (1 + std::fabs(x)); }
float softplus(float x, Parameters) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

const Known* find(std::string name) {
  static const std::map<std::string, Known> functions{
      {"affine", {2, {1, 0}, each<affine>}},
      {"relu", {0, {}, each<relu>}},
      {"leakyrelu", {1, {0.01f, 0}, each<leakyRelu>}},
      {"thresholdedrelu", {1, {1, 0}, each<thresholdedRelu>}},
      {"tanh", {0, {}, tangent}},
      {"scaledtanh", {2, {1, 1}, scaledTangent}},
      {"sigmoid", {0, {}, sigmoid}},
      {"hardsigmoid", {2, {0.2f, 0.5f}, each<hardSigmoid>}},
      {"elu", {1, {1, 0}, each<elu>}},
      {"softsign", {0, {}, each<softsign>}},
      {"softplus", {0, {}, each<softplus>}},
  };
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto found = functions.find(name);
  return found == functions.end() ? nullptr : &found->second;
}

template <class T>
std::vector<T> listOf(const Node& node, const char* key) {
  const auto* values = node.find<std::vector<T>>(key);
  return values == nullptr ? std::vector<T>() : *values;
}

}  // namespace

std::vector<GateFunctions> gateFunctions(const Node& node, std::size_t directions,
                                         const std::vector<std::string>& standard) {
  auto names = listOf<std::string>(node, "activations");
  if (names.empty())
    for (std::size_t d = 0; d < directions; ++d) names.insert(names.end(), standard.begin(), standard.end());
  if (names.size() != directions * standard.size())
    throw Error(ErrorKind::InvalidInput, "attribute 'activations': has " + std::to_string(names.size()) +
                                             " names, " + std::to_string(directions * standard.size()) +
                                             " expected");
  // The lists hold values for those functions alone that take one.
  const auto alphas = listOf<float>(node, "activation_alpha"), betas = listOf<float>(node, "activation_beta");
  std::size_t nextAlpha = 0, nextBeta = 0;
  std::vector<GateFunctions> all(directions);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Known* known = find(names[i]);
    if (known == nullptr) unsupported("attribute 'activations': no function is called '" + names[i] + "'");
    Parameters p = known->standard;
    if (known->parameters > 0 && nextAlpha < alphas.size()) p.alpha = alphas[nextAlpha++];
    if (known->parameters > 1 && nextBeta < betas.size()) p.beta = betas[nextBeta++];
    all[i / standard.size()].push_back(
        [apply = known->apply, p](float* x, std::int64_t count) { apply(x, count, p); });
  }
  return all;
}

}  // namespace lapidary::core
