// SPDX-License-Identifier: GPL-3.0-or-later
// The forecast of a search, from a few moves that are timed.
#include <algorithm>

#include "core/search/search_moves.h"
#include "core/session/search_meter.h"

namespace lapidary::core {
namespace {

/// The candidates that are measured of each layer, and until the floor is found on the first plan (see
/// search.cpp).
constexpr std::size_t seedsPerLayer = 6, singleSamples = 200, planned = 9;
constexpr std::size_t movesTimed = 3, samplesTimed = 100;

/// Seconds to learn noise and size of one move of a layer, for each of its weights.
double secondsPerWeight(SessionMeter& meter, const Layer& layer, const std::vector<CutSetting>& moves) {
  const double start = meter.elapsed();
  for (std::size_t i = 1; i <= movesTimed; ++i) {
    const LayerEdit& edit = moves[i * (moves.size() - 1) / movesTimed].edit;
    meter.noise(layer.name, edit);
    meter.bytesAdded(layer.name, edit);
  }
  const auto weights = static_cast<double>(std::max<std::int64_t>(1, layer.parameters()));
  return (meter.elapsed() - start) / movesTimed / weights;
}

/// Seconds of one sample of a cut of the first layer, which has everything to compute again.
double secondsPerSample(SessionMeter& meter, const Layer& first) {
  const RaceRule few{std::min(samplesTimed, meter.total()), std::nullopt, false};
  meter.race({}, few);
  Recipe recipe;
  recipe.set(first.name, bitsSetting(8).edit);
  const double start = meter.elapsed();
  meter.race(recipe, few);
  return (meter.elapsed() - start) / static_cast<double>(std::max<std::size_t>(1, few.samples));
}

/// Seconds to learn the size of a cut whose largest layer was not cut that way before.
double secondsPerSize(SessionMeter& meter, const Layer& largest, const LayerEdit& edit) {
  meter.bytes({});
  const double start = meter.elapsed();
  Recipe recipe;
  recipe.set(largest.name, edit);
  meter.bytes(recipe);
  return meter.elapsed() - start;
}

}  // namespace

SearchForecast Session::forecast(const SearchRequest& request, const Progress& progress) const {
  SessionMeter meter(*this, *m_state, request, nullptr, progress);
  SearchForecast forecast;
  forecast.memoryBytes = m_state->options.memoryBytes;
  if (model().layers.empty()) return forecast;
  const auto moves = joinedMoves(request);
  const Layer& largest = *std::ranges::max_element(model().layers, {}, &Layer::parameters);
  double weights = 0;
  for (const Layer& layer : model().layers) weights += static_cast<double>(layer.parameters());
  const double sizes = secondsPerWeight(meter, largest, moves) * weights * static_cast<double>(moves.size());
  const double sample = secondsPerSample(meter, model().layers.front());
  forecast.singles = model().layers.size() * seedsPerLayer;
  forecast.perCandidate =
      sample * static_cast<double>(meter.total()) + secondsPerSize(meter, largest, moves.back().edit);
  const auto first = std::min(planned, request.mostCandidates);
  forecast.firstPlan =
      sizes + sample * static_cast<double>(forecast.singles * std::min(singleSamples, meter.total())) +
      forecast.perCandidate * static_cast<double>(first);
  forecast.candidates = request.mostCandidates;
  if (request.seconds) {
    const double left = std::max(0.0, *request.seconds - forecast.firstPlan);
    const double more = left / std::max(1e-6, forecast.perCandidate);
    if (more < static_cast<double>(request.mostCandidates - first))
      forecast.candidates = first + static_cast<std::size_t>(more);
  }
  forecast.seconds =
      forecast.firstPlan + forecast.perCandidate * static_cast<double>(forecast.candidates - first);
  return forecast;
}

}  // namespace lapidary::core
