// SPDX-License-Identifier: GPL-3.0-or-later
// The meter of a search in a session: candidates raced on its samples, journalled.
#pragma once

#include <chrono>
#include <map>

#include "core/search/search_journal.h"
#include "core/session/trials.h"
#include "core/support/clock.h"

namespace lapidary::core {

class SessionMeter : public CandidateMeter {
 public:
  /// Throws Error where the session cannot be searched on, Cancelled.
  SessionMeter(const Session& session, Session::State& state, const SearchRequest& request,
               SearchJournal* journal, const Progress& progress);

  /// Looks at so many samples only that some candidates can be measured on them in the time that is left.
  void fitInto(double seconds);
  /// False where learning from samples would have taken too much of the time limit.
  bool learns() const { return m_learns; }
  /// The request with the moves alone that there is time for.
  SearchRequest allowed(SearchRequest request) const;

  QualityKind kind() const override { return m_trials.kind(); }
  std::size_t total() const override { return m_total; }
  std::uint64_t bytes(const Recipe& recipe) override;
  std::int64_t bytesAdded(const std::string& layer, const LayerEdit& edit) override;
  std::optional<double> noise(const std::string& layer, const LayerEdit& edit) override;
  std::vector<Measurement> measure(const std::vector<Recipe>& batch, const RaceRule& rule) override;
  double elapsed() const override;

  /// One recipe, from what is known of it on.
  Measurement race(const Recipe& recipe, const RaceRule& rule, Measurement begun = {});
  std::size_t resumed() const { return m_resumed; }

 protected:
  /// From the journal, where it is there.
  std::optional<Measurement> known(const Recipe& recipe, const RaceRule& rule);
  Measurement begun(const Recipe& recipe, const RaceRule& rule) const;
  void keep(const Recipe& recipe, const Measurement& measured);
  const Progress& progress() const { return m_progress; }

 private:
  void learnInputs(const SearchRequest& request);
  void learnInputsBy(const CutSetting& move, const Progress& progress);
  void addDrift(const Recipe& recipe, Measurement& measured);
  double uncutBytes(LayerId layer);

  Session::State& m_state;
  SizeKind m_size;
  SearchJournal* m_journal;
  const Progress& m_progress;
  Trials m_trials;
  Clock::time_point m_start = Clock::now();
  std::size_t m_total = 0, m_resumed = 0;
  bool m_learns = true;
  std::map<std::uint32_t, double> m_uncutBytes;  ///< by layer: asked for again with every move
};

}  // namespace lapidary::core
