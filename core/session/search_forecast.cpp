// SPDX-License-Identifier: GPL-3.0-or-later
// The forecast of a search, from a few moves that are timed.
#include <algorithm>

#include "core/search/search_moves.h"
#include "core/session/search_meter.h"
#include "core/support/deadline.h"

namespace lapidary::core {
namespace {

/// The candidates that are measured of each layer, and until the floor is found on the first plan (see
/// search.cpp).
constexpr std::size_t seedsPerLayer = 6, singleSamples = 200, planned = 9;
constexpr std::size_t movesTimed = 3, samplesTimed = 100, firstTimed = 20;
/// A layer that moves are timed on: large enough to tell, and no larger.
constexpr std::int64_t weightsTimed = 1 << 20;
/// Of the time that is given, what its forecast may take, together with what is learned and kept for the
/// search.
constexpr double forecastShare = 0.35;

class SearchTimer {
 public:
  SearchTimer(SessionMeter& meter, Session::State& state, const SearchRequest& request,
              const Progress& progress)
      : m_meter(meter),
        m_state(state),
        m_request(request),
        m_progress(progress),
        m_moves(joinedMoves(meter.allowed(request))) {
    const auto& layers = state.original().layers;
    m_cut.set(layers.front().name, bitsSetting(8).edit);
    m_largest = &*std::ranges::max_element(layers, {}, &Layer::parameters);
  }

  /// In the order of what a time limit must know first.
  void time(SearchForecast& forecast) {
    forecast.perSample = secondsPerSample();
    if (m_request.minSaliency) forecast.perDrift = seconds([&] { m_state.driftOf(cut(), m_progress); });
    if (m_request.maxLatency)
      forecast.perLatency = seconds([&] {
        Outcome timed;
        m_state.measureLatency(cut(), timed, m_progress);
      });
    perSize = secondsPerSize();
    sizes = secondsPerWeight() * weights() * static_cast<double>(m_moves.size());
  }

  double perSize = 0;  ///< of a joint cut
  double sizes = 0;    ///< of all edits of all layers

 private:
  template <class Work>
  double seconds(const Work& work) {
    const double start = m_meter.elapsed();
    work();
    return m_meter.elapsed() - start;
  }

  RunnableCut cut() { return m_state.prepare(m_cut, {m_progress.stop, {}}); }

  double weights() const {
    double sum = 0;
    for (const Layer& layer : m_state.original().layers) sum += static_cast<double>(layer.parameters());
    return sum;
  }

  double perSampleOf(std::size_t samples) {
    const RaceRule few{std::min(samples, m_meter.total()), std::nullopt};
    m_meter.race({}, few);
    Measurement measured;
    const double taken = seconds([&] { measured = m_meter.race(m_cut, few); });
    return taken / static_cast<double>(std::max<std::size_t>(1, measured.trial.samples));
  }

  /// Seconds of one sample of a cut of the first layer, which has everything to compute again. Slow models
  /// are timed on fewer samples.
  double secondsPerSample() {
    const double first = perSampleOf(firstTimed);
    if (m_request.seconds && 2 * first * samplesTimed > forecastShare / 3 * *m_request.seconds) return first;
    return perSampleOf(samplesTimed);
  }

  /// Seconds to learn noise and size of one move of a layer, for each of its weights.
  double secondsPerWeight() {
    const Layer& layer = timedLayer();
    const double start = m_meter.elapsed();
    for (std::size_t i = 1; i <= movesTimed; ++i) {
      const LayerEdit& edit = m_moves[i * (m_moves.size() - 1) / movesTimed].edit;
      try {
        m_meter.noise(layer.name, edit);
        m_meter.bytesAdded(layer.name, edit);
      } catch (const Error&) {
        continue;  // no move for this layer
      }
    }
    const auto count = static_cast<double>(std::max<std::int64_t>(1, layer.parameters()));
    return (m_meter.elapsed() - start) / movesTimed / count;
  }

  const Layer& timedLayer() const {
    const Layer* best = m_largest;
    for (const Layer& layer : m_state.original().layers) {
      const bool fits = layer.parameters() <= weightsTimed, bestFits = best->parameters() <= weightsTimed;
      if (fits ? !bestFits || layer.parameters() > best->parameters()
               : !bestFits && layer.parameters() < best->parameters())
        best = &layer;
    }
    return *best;
  }

  /// Seconds to learn the size of a cut whose largest layer was not cut that way before.
  double secondsPerSize() {
    m_meter.bytes({});
    Recipe recipe;
    recipe.set(m_largest->name, bitsSetting(2).edit);
    return seconds([&] { m_meter.bytes(recipe); });
  }

  SessionMeter& m_meter;
  Session::State& m_state;
  const SearchRequest& m_request;
  const Progress& m_progress;
  std::vector<CutSetting> m_moves;
  Recipe m_cut;
  const Layer* m_largest;
};

void addUp(const SearchTimer& timer, const SearchRequest& request, std::size_t samples,
           SearchForecast& forecast) {
  forecast.perCandidate = forecast.perSample * static_cast<double>(samples) + forecast.perDrift +
                          forecast.perLatency + timer.perSize;
  const auto first = std::min(planned, request.mostCandidates);
  forecast.firstPlan =
      forecast.learning + timer.sizes +
      forecast.perSample * static_cast<double>(forecast.singles * std::min(singleSamples, samples)) +
      forecast.perCandidate * static_cast<double>(first);
  if (request.seconds) {
    const double left = std::max(0.0, *request.seconds - forecast.firstPlan);
    const double more = left / std::max(1e-6, forecast.perCandidate);
    if (more < static_cast<double>(request.mostCandidates - first))
      forecast.candidates = first + static_cast<std::size_t>(more);
  }
  forecast.seconds =
      forecast.firstPlan + forecast.perCandidate * static_cast<double>(forecast.candidates - first);
  if (request.seconds) forecast.seconds = std::min(forecast.seconds, *request.seconds);
}

}  // namespace

SearchForecast Session::forecast(const SearchRequest& request, const Progress& progress) const {
  SearchForecast forecast;
  forecast.memoryBytes = m_state->options.memoryBytes;
  forecast.singles = model().layers.size() * seedsPerLayer;
  forecast.candidates = request.mostCandidates;
  if (model().layers.empty()) return forecast;
  std::optional<double> most;
  if (request.seconds) most = forecastShare * *request.seconds;
  const Deadline limit(timeIn(most), progress);
  forecast.learns = false;
  try {
    const Clock::time_point start = Clock::now();
    SessionMeter meter(*this, *m_state, request, nullptr, limit.progress());
    forecast.learns = meter.learns();
    if (forecast.learns) forecast.learning = secondsSince(start);
    SearchTimer timer(meter, *m_state, request, limit.progress());
    timer.time(forecast);
    addUp(timer, request, meter.total(), forecast);
  } catch (const Cancelled&) {
    progress.check();
    forecast.complete = false;
    forecast.seconds = *request.seconds;
  }
  return forecast;
}

}  // namespace lapidary::core
