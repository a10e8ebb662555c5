// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_moves.h"

#include <algorithm>

namespace lapidary::core {

std::vector<CutSetting> searchPrunings() {
  std::vector<CutSetting> rows;
  for (const double sparsity : {0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.96})
    rows.push_back(sparsitySetting(sparsity));
  return rows;
}

namespace {

/// Rounded column by column so that later ones make up for the error, within the range of least error.
CutSetting gptqSetting(int bits) {
  CutSetting setting = bitsSetting(bits);
  setting.label += " gptq";
  setting.edit.quantize.range = RangeMethod::MeanSquaredError;
  setting.edit.quantize.rounding = Rounding::Gptq;
  return setting;
}

}  // namespace

std::vector<CutSetting> searchQuantizers(bool integerActivations) {
  std::vector<CutSetting> rows;
  for (const int bits : {8, 6, 5, 4, 3, 2}) rows.push_back(bitsSetting(bits));
  for (const int bits : {5, 4, 3, 2}) rows.push_back(bitsSetting(bits, Scheme::Affine));
  for (const int bits : {4, 3, 2}) rows.push_back(gptqSetting(bits));
  for (const int bits : {4, 3, 2}) rows.push_back(bitsSetting(bits, Scheme::Codebook));
  if (!integerActivations) return rows;
  for (const int bits : {8, 7, 6, 5, 4}) {
    CutSetting row = bitsSetting(bits);
    row.label += " + activations";
    row.edit.activations = {ActivationMode::Static, RangeMethod::Percentile};
    rows.push_back(row);
  }
  return rows;
}

std::vector<CutSetting> joinedMoves(const SearchRequest& request) {
  const auto prunings = request.prunings.empty() ? searchPrunings() : request.prunings;
  const auto quantizers =
      request.quantizers.empty() ? searchQuantizers(request.maxLatency.has_value()) : request.quantizers;
  std::vector<CutSetting> moves{{}};
  const auto add = [&](CutSetting move) {
    const bool known = std::ranges::any_of(moves, [&](const auto& other) { return other.edit == move.edit; });
    if (!known) moves.push_back(std::move(move));
  };
  for (const auto& pruning : prunings) add(pruning);
  for (const auto& quantizer : quantizers) {
    add(quantizer);
    for (const auto& pruning : prunings)
      add({pruning.label + ", " + quantizer.label, laidOver(pruning.edit, quantizer.edit)});
  }
  return moves;
}

}  // namespace lapidary::core
