// SPDX-License-Identifier: GPL-3.0-or-later
// Reads through the session's cutter, which remembers what the live evaluation computed already.
#include "ui/weights/layer_weights.h"

#include <cmath>

#include "ui/document/edited_weights.h"
#include "ui/weights/weight_cells.h"

namespace lapidary::ui {

std::shared_ptr<const OriginalWeights> readOriginal(const core::Session& session, const core::Recipe& recipe,
                                                    core::LayerId layer, std::stop_token stop) {
  auto original = std::make_shared<OriginalWeights>();
  original->layer = layer;
  original->repaired = recipe.repaired.id;
  original->cutter = editedWeights(session, recipe).cutter;
  const core::Cutter& cutter = *original->cutter;
  original->values = cutter.weight(layer);
  original->layout = WeightLayout(original->values.shape());
  const auto values = original->values.as<float>();
  const auto [low, high] = symmetricRange(values);
  original->bins = binCounts(values, low, high, histogramBins);
  original->map = std::make_shared<MapPyramid>(weightCells(original->layout, original->values), stop);
  original->statistics = &cutter.statistics(layer);
  const std::int64_t count = original->statistics->count();
  const double common = count > 0 ? original->statistics->magnitudeOfRank(count * 995 / 1000) : 0;
  original->colorLimit = std::isfinite(common) && common > 0 ? common : high;
  return original;
}

std::shared_ptr<const CutWeights> readCut(const core::Recipe& whole, const OriginalWeights& original,
                                          const core::Progress& progress) {
  const core::Cutter& cutter = *original.cutter;
  core::Recipe recipe = whole;
  recipe.repaired = {};
  const core::Layer& layer = cutter.original().layer(original.layer);
  auto cut = std::make_shared<CutWeights>();
  cut->recipe = whole;
  cut->edited = !recipe.editOf(layer.name).empty();
  if (!cut->edited) {
    cut->values = original.values;
    cut->zeros = original.statistics->zeros();
    cut->bins = original.bins;
    cut->map = original.map;
    return cut;
  }
  cut->threshold = cutter.threshold(recipe, original.layer);
  const std::optional<core::CutWeight> made = cutter.cut(recipe, original.layer);
  cut->values = made ? made->values : original.values;
  cut->zeros = made ? made->zeros : original.statistics->zeros();
  if (made) cut->encoding = made->encoding;
  if (cut->encoding) cut->planes = magnitudeBits(*cut->encoding);
  progress.check();
  const auto values = cut->values.as<float>();
  cut->bins = binCounts(values, original.bins.low, original.bins.high, histogramBins);
  progress.check();
  cut->map = std::make_shared<MapPyramid>(weightCells(original.layout, cut->values), progress.stop);
  cut->difference = std::make_shared<MapPyramid>(
      differenceCells(original.layout, original.values, cut->values), progress.stop);
  return cut;
}

}  // namespace lapidary::ui
