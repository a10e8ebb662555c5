// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/search_meter.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/sizes/entropy_bytes.h"
#include "core/analyze/trials/sensitivity.h"
#include "core/compress/cut/ranking.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/compress/quantize/stored_encoding.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/search/search_moves.h"
#include "core/support/deadline.h"

namespace lapidary::core {
namespace {

/// Of a time limit: what learning from samples may take at most, and what is for joint candidates.
constexpr double learningShare = 0.15, candidatesShare = 0.5;
/// Candidates that have to fit into that, and samples that the first look takes.
constexpr double fewestCandidates = 24;
constexpr std::size_t firstLook = 20;

std::vector<std::string> layerNames(const Model& model) {
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) names.push_back(layer.name);
  return names;
}

/// The one layer of this name. Throws Error(InvalidInput) where there is none.
LayerId layerNamed(const Model& model, const std::string& name) {
  for (std::uint32_t i = 0; i < model.layers.size(); ++i)
    if (model.layers[i].name == name) return LayerId{i};
  throw Error(ErrorKind::InvalidInput, "the model has no layer '" + name + "'");
}

/// Throws Error where there is nothing to run, or nothing to run it on.
const Session& searchable(const Session& session, const Session::State& state) {
  state.requireExecutor();
  state.requireData();
  return session;
}

}  // namespace

SessionMeter::SessionMeter(const Session& session, Session::State& state, const SearchRequest& request,
                           SearchJournal* journal, const Progress& progress)
    : m_state(state),
      m_size(request.size),
      m_journal(journal),
      m_progress(progress),
      m_trials(searchable(session, state), state, progress),
      m_total(m_trials.total()) {
  if (kind() == QualityKind::Noise)
    throw Error(ErrorKind::Unsupported,
                "the model's outputs are not scores of classes: there is no drop to search within");
  if (request.minSaliency && !state.driftOf(state.prepare({}, {}), progress))
    throw Error(ErrorKind::Unsupported, "the saliency method '" + state.options.drift.method +
                                            "' gives no maps of this model: no floor can be set for them");
  learnInputs(request);
}

/// Once the inputs of the layers are known, the noise of all moves is that of the outputs, by whatever method
/// they come about. Where that would take a large part of the time, such methods are left out.
void SessionMeter::learnInputs(const SearchRequest& request) {
  m_learns = request.learn;
  if (!m_learns) return;
  for (const CutSetting& move : joinedMoves(request)) {
    Recipe recipe;
    for (const Layer& layer : m_state.original().layers) recipe.set(layer.name, move.edit);
    if (!learnsFromSamples(recipe)) continue;
    std::optional<double> most;
    if (request.seconds) most = learningShare * *request.seconds;
    const Deadline limit(timeIn(most), m_progress);
    try {
      learnInputsBy(move, limit.progress());
    } catch (const Cancelled&) {
      m_progress.check();
      m_learns = false;
    }
    return;
  }
}

void SessionMeter::learnInputsBy(const CutSetting& move, const Progress& progress) {
  for (const Layer& layer : m_state.original().layers) {
    Recipe single;
    single.set(layer.name, move.edit);
    try {
      m_state.cutModel(single, {progress.stop, {}});
    } catch (const Error&) {
      continue;  // no move for this layer
    }
  }
}

/// Without the moves that learn from samples, where that takes too long.
SearchRequest SessionMeter::allowed(SearchRequest request) const {
  if (m_learns) return request;
  if (request.prunings.empty()) request.prunings = searchPrunings();
  if (request.quantizers.empty()) request.quantizers = searchQuantizers(request.maxLatency.has_value());
  const auto learns = [](const CutSetting& setting) {
    Recipe recipe;
    recipe.set("any", setting.edit);
    return learnsFromSamples(recipe);
  };
  std::erase_if(request.prunings, learns);
  std::erase_if(request.quantizers, learns);
  return request;
}

/// What the uncut model takes to answer the first samples, which every candidate is compared on, tells what a
/// candidate takes.
void SessionMeter::fitInto(double seconds) {
  const double start = elapsed();
  const std::size_t first = std::min(firstLook, m_total);
  const Measurement look = race({}, {first, std::nullopt});
  const double each = (elapsed() - start) / static_cast<double>(std::max<std::size_t>(1, look.trial.samples));
  const double affordable =
      candidatesShare * (seconds - elapsed()) / (fewestCandidates * std::max(each, 1e-9));
  if (affordable < static_cast<double>(m_total))
    m_total = std::max(first, static_cast<std::size_t>(std::max(0.0, affordable)));
}

double SessionMeter::elapsed() const { return std::chrono::duration<double>(Clock::now() - m_start).count(); }

std::uint64_t SessionMeter::bytes(const Recipe& recipe) { return m_trials.bytes(recipe, m_size, m_progress); }

/// Packed forms by their entropy: to pack each edit of each layer takes longer than to measure joint cuts.
std::int64_t SessionMeter::bytesAdded(const std::string& layer, const LayerEdit& edit) {
  if (m_size == SizeKind::Onnx) return CandidateMeter::bytesAdded(layer, edit);
  const LayerId id = layerNamed(m_state.original(), layer);
  Recipe recipe;
  recipe.set(layer, edit);
  const auto cut = m_state.cutter.cut(recipe, id, {m_progress.stop, {}});
  if (!cut) return 0;
  return std::llround(entropyBytes(*cut) - uncutBytes(id));
}

double SessionMeter::uncutBytes(LayerId layer) {
  const auto [known, first] = m_uncutBytes.try_emplace(layer.index);
  if (first) {
    CutWeight whole;
    whole.values = m_state.cutter.weight(layer);
    const Model& original = m_state.original();
    if (const auto stored = storedEncoding(original, original.layer(layer), whole.values))
      whole.encoding = stored->encoding;
    known->second = entropyBytes(whole);
  }
  return known->second;
}

std::optional<double> SessionMeter::noise(const std::string& layer, const LayerEdit& edit) {
  const LayerId id = layerNamed(m_state.original(), layer);
  if (edit.activations.mode != ActivationMode::None &&
      !quantizableInput(m_state.original(), m_state.original().layer(id)))
    throw Error(ErrorKind::Unsupported, "the inputs of layer '" + layer + "' cannot be quantized");
  Recipe recipe;
  recipe.set(layer, edit);
  const auto cut = m_state.cutter.cut(recipe, id, {m_progress.stop, {}});
  if (const auto errors = m_state.cutter.outputErrors(recipe, id); errors && std::isfinite(errors->chosen))
    return errors->chosen;
  if (!cut || !cut->snrDb) return std::nullopt;
  return std::pow(10.0, -*cut->snrDb / 10);
}

Measurement SessionMeter::race(const Recipe& recipe, const RaceRule& rule, Measurement measured) {
  RacePolicy steps;
  for (const std::size_t look : looksOf(steps, rule.samples)) {
    if (look < measured.trial.samples) continue;
    m_trials.extend(recipe, look, measured.trial, m_progress);
    if (endsHere(measured.trial, rule, kind())) break;
  }
  if (measured.trial.samples < total()) return measured;
  if (rule.saliency) addDrift(recipe, measured);
  if (!rule.latency || measured.latency) return measured;
  Outcome timed;
  m_state.measureLatency(m_state.prepare(recipe, {m_progress.stop, {}}), timed, {m_progress.stop, {}});
  if (timed.latency) measured.latency = timed.latency->seconds;
  return measured;
}

/// A journal may hold the drift of another method or of other samples: that one is measured anew.
void SessionMeter::addDrift(const Recipe& recipe, Measurement& measured) {
  if (measured.drift && measured.drift->options == m_state.options.drift) return;
  measured.drift = m_state.driftOf(m_state.prepare(recipe, {m_progress.stop, {}}), {m_progress.stop, {}});
}

std::optional<Measurement> SessionMeter::known(const Recipe& recipe, const RaceRule& rule) {
  if (m_journal == nullptr) return std::nullopt;
  auto found = m_journal->find(fingerprint(recipe), rule, kind());
  if (found && rule.saliency && found->drift && found->drift->options != m_state.options.drift)
    return std::nullopt;
  if (found) ++m_resumed;
  return found;
}

Measurement SessionMeter::begun(const Recipe& recipe, const RaceRule& rule) const {
  if (m_journal == nullptr) return {};
  return m_journal->begun(fingerprint(recipe), rule).value_or(Measurement{});
}

void SessionMeter::keep(const Recipe& recipe, const Measurement& measured) {
  if (m_journal != nullptr) m_journal->add(recipe, measured);
}

std::vector<Measurement> SessionMeter::measure(const std::vector<Recipe>& batch, const RaceRule& rule) {
  std::vector<Measurement> measured;
  try {
    for (const Recipe& recipe : batch) {
      if (auto found = known(recipe, rule)) {
        measured.push_back(std::move(*found));
        continue;
      }
      measured.push_back(race(recipe, rule, begun(recipe, rule)));
      keep(recipe, measured.back());
    }
  } catch (const Cancelled&) {
    // What was measured counts; who asked looks at the stop next.
  }
  return measured;
}

/// One stop of the time limit ends whatever runs, from what is learned first to the last candidate.
SearchResult Session::search(const SearchRequest& request, const SearchHooks& hooks,
                             const Progress& progress) const {
  const Clock::time_point start = Clock::now();
  const Deadline limit(timeIn(request.seconds), progress);
  try {
    SessionMeter meter(*this, *m_state, request, hooks.journal, limit.progress());
    if (request.seconds) meter.fitInto(*request.seconds);
    SearchResult result =
        searchCuts(layerNames(model()), meter.allowed(request), meter, hooks, limit.progress());
    if (result.end == SearchEnd::Stopped && !progress.stop.stop_requested()) result.end = SearchEnd::Time;
    result.resumed = meter.resumed();
    result.leftOut.learning = !meter.learns();
    result.leftOut.samples = data()->size() - meter.total();
    return result;
  } catch (const Cancelled&) {
    if (!request.seconds) throw;
    SearchResult nothing;
    nothing.seconds = secondsSince(start);
    nothing.end = progress.stop.stop_requested() ? SearchEnd::Stopped : SearchEnd::Time;
    nothing.leftOut = {true, data()->size(), 0, 0, true};
    return nothing;
  }
}

/// Of large tensors the beginning alone is looked at: another training changes that too.
std::string Session::searchSubject() const {
  constexpr std::size_t most = std::size_t{1} << 16;
  std::string digests;
  for (const Layer& layer : model().layers) {
    const auto weight = model().weights.find(layer.weight);
    digests += layer.name + '\n';
    if (weight == model().weights.end()) continue;
    const auto bytes = weight->second.bytes();
    digests += sha256(bytes.first(std::min(most, bytes.size()))) + '\n';
  }
  if (data() != nullptr)
    for (const std::size_t sample : data()->order()) {
      digests += data()->source().sampleName(sample);
      if (data()->labelled()) digests += '=' + std::to_string(data()->source().label(sample));
      digests += '\n';
    }
  return sha256(std::as_bytes(std::span(digests)));
}

}  // namespace lapidary::core
