// SPDX-License-Identifier: GPL-3.0-or-later
// The joint recipes that a search has measured, which of them are valid, and which one is best.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/search/search_table.h"

namespace lapidary::core {

struct SearchPoint {
  Choice choice;
  Candidate candidate;
};

class SearchPoints {
 public:
  SearchPoints(const SearchRequest& request, QualityKind kind, std::size_t total)
      : m_request(request), m_kind(kind), m_total(total) {}

  bool known(const Choice& choice) const { return m_seen.contains(choice); }
  /// Fills in the drop from the measurement.
  void add(const Choice& choice, Recipe recipe, std::uint64_t bytes, const Measurement& measured);
  /// After a batch: front and best.
  void judge();

  const std::vector<SearchPoint>& all() const { return m_points; }
  /// Index of the best valid point.
  std::optional<std::size_t> best() const { return m_best; }
  std::optional<Candidate> bestCandidate() const;
  /// Indices of the front, by rising bytes.
  const std::vector<std::size_t>& front() const { return m_front; }
  /// The drop that the search steers to: the floor, or none where only bytes count.
  std::optional<double> floor() const;
  /// Whether quality is sought within a budget of bytes, not bytes within a floor.
  bool seeksQuality() const { return m_request.maxBytes && !m_request.maxDrop; }
  bool valid(const Candidate& candidate) const;
  /// Whether as much saliency is left as is asked for; and whether it may be, within the mean's 95 %.
  bool keepsSaliency(const Candidate& candidate) const;
  bool mayKeepSaliency(const Candidate& candidate) const;
  /// Whether a larger cut may still be valid: not worse than the floor by more than its standard error, nor
  /// expected to lose more than twice what it allows.
  bool nearFloor(const Candidate& candidate) const;
  /// The divergence at which the floor is expected to be reached, seen from a point.
  double divergenceLimit(const SearchPoint& from) const;
  std::vector<Candidate> frontCandidates() const;

 private:
  double expectedLimit() const;
  const KeptFigure* saliencyOf(const Candidate& candidate) const;
  double saliencyRoom(const Candidate& candidate) const;
  bool better(const Candidate& a, const Candidate& b) const;

  const SearchRequest& m_request;
  QualityKind m_kind;
  std::size_t m_total;
  std::vector<SearchPoint> m_points;
  std::set<Choice> m_seen;
  std::vector<std::size_t> m_front;
  std::optional<std::size_t> m_best;
};

}  // namespace lapidary::core
