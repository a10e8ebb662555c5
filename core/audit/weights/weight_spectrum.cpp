// SPDX-License-Identifier: GPL-3.0-or-later
// Layers whose singular values do not fit those of their peers.
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/analyze/statistics.h"
#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"
#include "core/model/weight_matrix.h"
#include "core/support/number_text.h"
#include "core/support/parallel.h"
#include "core/support/symmetric_eigen.h"

namespace lapidary::core {
namespace {

constexpr std::size_t fewestPeers = 5, narrowest = 8, widest = 4096;
constexpr double oddScore = 6, leastSpread = 0.25;

struct SpectrumShape {
  double stableRank = 0, condition = 0;  ///< logarithms
};

/// By the eigenvalues of the smaller of W W^T and W^T W.
std::optional<SpectrumShape> shapeOf(const AuditedLayer& layer) {
  const WeightMatrix view = weightMatrix(layer.weight.shape(), layer.channelAxis);
  const std::size_t small = std::min(view.outputs, view.inputs), large = std::max(view.outputs, view.inputs);
  if (layer.weight.rank() < 2 || small < narrowest || small > widest || large > 16 * widest)
    return std::nullopt;
  const auto values = layer.weight.as<float>();
  Eigen::MatrixXf matrix(static_cast<Eigen::Index>(view.outputs), static_cast<Eigen::Index>(view.inputs));
  for (std::size_t o = 0; o < view.outputs; ++o)
    for (std::size_t i = 0; i < view.inputs; ++i)
      matrix(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(i)) = values[view.indexOf(o, i)];
  if (!matrix.allFinite()) return std::nullopt;
  if (view.outputs > view.inputs) matrix.transposeInPlace();
  const Eigen::MatrixXd gram = (matrix * matrix.transpose()).cast<double>();
  const auto found = eigenOf(gram, EigenParts::Values);
  if (!found) return std::nullopt;
  const Eigen::VectorXd& squares = found->values;
  const double first = squares(0), middle = squares((squares.size() - 1) / 2);
  if (!(first > 0)) return std::nullopt;
  // As a share of what the layer's own width allows, so that layers of different widths can be compared.
  return SpectrumShape{std::log(squares.sum() / first / static_cast<double>(small)),
                       0.5 * std::log(first / std::max(middle, first * 1e-12))};
}

double scoreOf(double value, const std::vector<double>& peers) {
  const double middle = median(peers);
  std::vector<double> apart;
  for (const double peer : peers) apart.push_back(std::abs(peer - middle));
  return (value - middle) / std::max(1.4826 * median(apart), leastSpread);
}

std::string told(const char* what, double score) {
  return std::string(what) + ": robust z-score " + fixedText(score, 1) + " against its peers";
}

}  // namespace

void findOddSpectra(const std::vector<AuditedLayer>& layers, const Progress& progress, unsigned workers,
                    std::vector<Finding>& findings) {
  std::vector<std::optional<SpectrumShape>> shapes(layers.size());
  parallelFor(layers.size(), workers, [&](std::size_t i, unsigned) {
    progress.check();
    shapes[i] = shapeOf(layers[i]);
  });
  std::map<std::string, std::vector<std::size_t>> kinds;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (shapes[i]) kinds[layers[i].opType].push_back(i);
  for (const auto& [kind, members] : kinds) {
    if (members.size() < fewestPeers) continue;
    std::vector<double> ranks, conditions;
    for (const std::size_t i : members) {
      ranks.push_back(shapes[i]->stableRank);
      conditions.push_back(shapes[i]->condition);
    }
    for (std::size_t k = 0; k < members.size(); ++k) {
      const double rank = scoreOf(ranks[k], ranks), condition = scoreOf(conditions[k], conditions);
      if (std::max(std::abs(rank), std::abs(condition)) < oddScore) continue;
      const bool byRank = std::abs(rank) >= std::abs(condition);
      findings.push_back(findingOf("weight-odd-spectrum", "layer '" + layers[members[k]].name + "'",
                                   byRank ? told("stable rank", rank)
                                          : told("largest singular value over the middle one", condition)));
    }
  }
}

}  // namespace lapidary::core
