// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/memo.h"

#include <utility>

namespace lapidary::core {
namespace {

/// A node of a list or a map, besides its value; every entry has one in each.
constexpr std::size_t nodeBytes = 64;

std::size_t bytesOf(const std::string& fingerprint, const Predictions& predictions) {
  return 2 * (nodeBytes + fingerprint.size()) + sizeof(Predictions) +
         predictions.samples.size() * sizeof(SamplePrediction);
}

std::size_t bytesOf(const std::string& fingerprint, const Measured& measured) {
  std::size_t bytes = sizeof(Measured) + 2 * (nodeBytes + fingerprint.size());
  for (const auto& [layer, edit] : measured.outcome.recipe.edits)
    bytes += nodeBytes + layer.size() + sizeof edit;
  bytes += measured.done.size() * (nodeBytes + sizeof(MeasurementId));
  bytes += measured.outcome.figures.size() * sizeof(Figure);
  const Footprint& footprint = measured.outcome.footprint;
  if (footprint.forms) bytes += footprint.forms->layers.size() * sizeof(FormBytes);
  for (const auto* reliability : {&measured.outcome.reliability, &measured.outcome.originalReliability})
    if (*reliability) bytes += (*reliability)->bins.size() * sizeof(ReliabilityBin);
  return bytes + footprint.layers.size() * sizeof(LayerFootprint);
}

}  // namespace

Measured OutcomeMemo::find(const std::string& fingerprint) {
  const std::lock_guard lock(m_mutex);
  const Measured* known = m_measured.find(fingerprint);
  if (!known) return {};
  Measured found = *known;
  if (const auto* predictions = m_predictions.find(fingerprint)) found.predictions = *predictions;
  return found;
}

/// The newest predictions stay while they alone fit: whoever asks for the wrong ones asks for those.
void OutcomeMemo::store(const std::string& fingerprint, Measured measured) {
  const std::lock_guard lock(m_mutex);
  m_predictions.take(fingerprint);
  if (auto predictions = std::exchange(measured.predictions, nullptr)) {
    const std::size_t bytes = bytesOf(fingerprint, *predictions);
    m_predictions.put(fingerprint, std::move(predictions), bytes);
  }
  const std::size_t bytes = bytesOf(fingerprint, measured);
  m_measured.put(fingerprint, std::move(measured), bytes);
  while (all() > m_budget && !m_predictions.empty()) m_predictions.takeOldest();
  while (all() > m_budget && !m_measured.empty()) m_measured.takeOldest();
}

std::size_t OutcomeMemo::bytes() const {
  const std::lock_guard lock(m_mutex);
  return all();
}

std::vector<Outcome> OutcomeMemo::finished() const {
  const std::lock_guard lock(m_mutex);
  std::vector<Outcome> outcomes;
  for (const auto& entry : m_measured)
    if (entry.value.outcome.final) outcomes.push_back(entry.value.outcome);
  return outcomes;
}

}  // namespace lapidary::core
