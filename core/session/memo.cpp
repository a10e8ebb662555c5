#include "core/session/memo.h"

namespace lapidary::core {
namespace {

/// A node of a list or a map, besides its value.
constexpr std::size_t nodeBytes = 64;

std::size_t bytesOf(const std::shared_ptr<const Predictions>& predictions) {
  return predictions ? sizeof(Predictions) + predictions->samples.size() * sizeof(SamplePrediction) : 0;
}

std::size_t bytesOf(const std::string& fingerprint, const Measured& measured) {
  std::size_t bytes = sizeof(Measured) + 2 * (nodeBytes + fingerprint.size()) + bytesOf(measured.predictions);
  for (const auto& [layer, edit] : measured.outcome.recipe.edits)
    bytes += nodeBytes + layer.size() + sizeof edit;
  const Footprint& footprint = measured.outcome.footprint;
  if (footprint.forms) bytes += footprint.forms->layers.size() * sizeof(FormBytes);
  for (const auto* reliability : {&measured.outcome.reliability, &measured.outcome.originalReliability})
    if (*reliability) bytes += (*reliability)->bins.size() * sizeof(ReliabilityBin);
  return bytes + footprint.layers.size() * sizeof(LayerFootprint);
}

}  // namespace

Measured OutcomeMemo::find(const std::string& fingerprint) {
  const std::lock_guard lock(m_mutex);
  const auto it = m_places.find(fingerprint);
  if (it == m_places.end()) return {};
  m_entries.splice(m_entries.begin(), m_entries, it->second);
  return m_entries.front().measured;
}

void OutcomeMemo::store(const std::string& fingerprint, Measured measured) {
  const std::lock_guard lock(m_mutex);
  if (const auto it = m_places.find(fingerprint); it != m_places.end()) {
    m_bytes -= it->second->bytes;
    m_entries.erase(it->second);
    m_places.erase(it);
  }
  const std::size_t bytes = bytesOf(fingerprint, measured);
  m_entries.push_front({fingerprint, std::move(measured), bytes});
  m_places.emplace(fingerprint, m_entries.begin());
  m_bytes += bytes;
  shrink();
}

std::size_t OutcomeMemo::bytes() const {
  const std::lock_guard lock(m_mutex);
  return m_bytes;
}

std::vector<Outcome> OutcomeMemo::finished() const {
  const std::lock_guard lock(m_mutex);
  std::vector<Outcome> outcomes;
  for (const Entry& entry : m_entries)
    if (entry.measured.outcome.final) outcomes.push_back(entry.measured.outcome);
  return outcomes;
}

void OutcomeMemo::dropPredictions(Entry& entry) {
  const std::size_t bytes = bytesOf(entry.measured.predictions);
  entry.measured.predictions.reset();
  entry.bytes -= bytes;
  m_bytes -= bytes;
}

/// The newest predictions stay while they alone fit: whoever asks for the wrong ones asks for those.
void OutcomeMemo::shrink() {
  for (auto entry = m_entries.rbegin(); m_bytes > m_budget && entry != m_entries.rend(); ++entry)
    dropPredictions(*entry);
  while (m_bytes > m_budget && !m_entries.empty()) {
    m_bytes -= m_entries.back().bytes;
    m_places.erase(m_entries.back().fingerprint);
    m_entries.pop_back();
  }
}

}  // namespace lapidary::core
