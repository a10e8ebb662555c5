// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_points.h"

#include <algorithm>
#include <limits>

namespace lapidary::core {
namespace {

/// Indices by rising bytes, of equal ones the better first, that nothing before beats in the drop.
template <class Get>
std::vector<std::size_t> frontIndices(std::size_t count, const Get& get) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i)
    if (get(i).complete) order.push_back(i);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::pair(get(a).bytes, get(a).drop) < std::pair(get(b).bytes, get(b).drop);
  });
  std::vector<std::size_t> front;
  for (const std::size_t i : order)
    if (front.empty() || get(i).drop < get(front.back()).drop) front.push_back(i);
  return front;
}

double standardError(const Candidate& candidate) {
  constexpr double z = 1.96;  // dropInterval holds 95 %
  return (candidate.dropInterval.high - candidate.dropInterval.low) / (2 * z);
}

double divergenceOf(const Candidate& candidate) { return candidate.trial.meanDivergence().value_or(0); }

}  // namespace

std::vector<Candidate> frontOf(const std::vector<Candidate>& candidates) {
  std::vector<Candidate> front;
  const auto get = [&](std::size_t i) -> const Candidate& { return candidates[i]; };
  for (const std::size_t i : frontIndices(candidates.size(), get)) front.push_back(candidates[i]);
  return front;
}

std::vector<Candidate> SearchPoints::frontCandidates() const {
  std::vector<Candidate> front;
  for (const std::size_t i : m_front) front.push_back(m_points[i].candidate);
  return front;
}

std::optional<Candidate> SearchPoints::bestCandidate() const {
  if (!m_best) return std::nullopt;
  return m_points[*m_best].candidate;
}

void SearchPoints::add(const Choice& choice, Recipe recipe, std::uint64_t bytes,
                       const Measurement& measured) {
  Candidate candidate{
      std::move(recipe), bytes, measured.trial, measured.latency, measured.trial.samples >= m_total, 0, {}, 0,
      measured.drift};
  if (const auto drop = dropOf(measured.trial, m_kind)) {
    candidate.drop = drop->value;
    candidate.dropInterval = drop->interval;
    candidate.expectedDrop =
        m_kind == QualityKind::Accuracy ? measured.trial.highRegret().value_or(drop->value) : drop->value;
  }
  m_seen.insert(choice);
  m_points.push_back({choice, std::move(candidate)});
}

std::optional<double> SearchPoints::floor() const {
  if (m_request.maxDrop) return m_request.maxDrop;
  return seeksQuality() ? std::nullopt : std::optional(0.0);
}

/// Under a floor of 0 all that flips a sample would be turned down: a tenth of a point may be expected.
double SearchPoints::expectedLimit() const { return std::max(floor().value_or(0), 0.001); }

bool SearchPoints::nearFloor(const Candidate& candidate) const {
  return candidate.complete && candidate.drop <= floor().value_or(0) + standardError(candidate) &&
         candidate.expectedDrop <= 2 * expectedLimit() && mayKeepSaliency(candidate);
}

const KeptFigure* SearchPoints::saliencyOf(const Candidate& candidate) const {
  return m_request.minSaliency && candidate.drift ? &candidate.drift->of(m_request.saliencyMeasure) : nullptr;
}

/// What was not compared, because no map can be had of it, keeps nothing.
bool SearchPoints::keepsSaliency(const Candidate& candidate) const {
  if (!m_request.minSaliency) return true;
  const KeptFigure* kept = saliencyOf(candidate);
  return kept != nullptr && kept->mean >= *m_request.minSaliency;
}

bool SearchPoints::mayKeepSaliency(const Candidate& candidate) const {
  if (!m_request.minSaliency) return true;
  const KeptFigure* kept = saliencyOf(candidate);
  return kept != nullptr && kept->interval.high >= *m_request.minSaliency;
}

/// How many times as much may be lost of the saliency as is.
double SearchPoints::saliencyRoom(const Candidate& candidate) const {
  const KeptFigure* kept = saliencyOf(candidate);
  if (kept == nullptr) return m_request.minSaliency ? 1 : std::numeric_limits<double>::infinity();
  const double lost = 1 - kept->mean;
  return lost > 0 ? (1 - *m_request.minSaliency) / lost : std::numeric_limits<double>::infinity();
}

bool SearchPoints::valid(const Candidate& candidate) const {
  if (!candidate.complete) return false;
  if (m_request.maxBytes && candidate.bytes > *m_request.maxBytes) return false;
  if (m_request.maxLatency && candidate.latency.value_or(*m_request.maxLatency * 2) > *m_request.maxLatency)
    return false;
  if (!keepsSaliency(candidate)) return false;
  const auto limit = floor();
  if (!limit || candidate.recipe.empty()) return true;
  if (m_request.rule == FloorRule::UpperEnd) return candidate.dropInterval.high <= *limit;
  return candidate.drop <= *limit + 1e-12 && candidate.expectedDrop <= expectedLimit();
}

bool SearchPoints::better(const Candidate& a, const Candidate& b) const {
  if (!seeksQuality()) return std::pair(a.bytes, a.drop) < std::pair(b.bytes, b.drop);
  return std::pair(a.expectedDrop, divergenceOf(a)) < std::pair(b.expectedDrop, divergenceOf(b));
}

void SearchPoints::judge() {
  m_front = frontIndices(m_points.size(),
                         [this](std::size_t i) -> const Candidate& { return m_points[i].candidate; });
  m_best.reset();
  for (std::size_t i = 0; i < m_points.size(); ++i)
    if (valid(m_points[i].candidate) &&
        (!m_best || better(m_points[i].candidate, m_points[*m_best].candidate)))
      m_best = i;
}

double SearchPoints::divergenceLimit(const SearchPoint& from) const {
  const double here = divergenceOf(from.candidate), expected = from.candidate.expectedDrop;
  if (!floor()) return here;
  const double room = expected > 0 ? expectedLimit() / expected : 1.5;
  return here * std::clamp(std::min(room, saliencyRoom(from.candidate)), 0.6, 1.5);
}

}  // namespace lapidary::core
