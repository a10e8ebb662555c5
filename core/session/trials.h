// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates of one session, measured and sharpened in turn.
#pragma once

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/size_kind.h"
#include "core/analyze/trials/noise.h"
#include "core/analyze/trials/trial_meter.h"
#include "core/session/state.h"

namespace lapidary::core {

/// Used by one thread at a time; its runs use the session's workers. The session must outlive it.
class Trials {
 public:
  /// Runs the original on noise inputs where there are no data.
  Trials(const Session& session, Session::State& state, const Progress& progress);

  QualityKind kind() const { return m_kind; }
  /// Samples that a trial can see; 0 where nothing can be measured.
  std::size_t total() const { return m_total; }
  /// Extends to at least so many samples of the order, at most all. `keep`: others start from what this
  /// candidate computes.
  void extend(const Recipe& recipe, std::size_t samples, Trial& trial, const Progress& progress,
              bool keep = false);
  /// Bytes of the file that the recipe gives.
  std::uint64_t bytes(const Recipe& recipe, SizeKind kind, const Progress& progress);

 private:
  void extendOnData(const RunnableCut& cut, bool same, std::size_t samples, Trial& trial,
                    const Progress& progress, bool keep);

  Session::State& m_state;
  QualityKind m_kind;
  std::size_t m_total = 0;
  std::optional<BatchRunner> m_runner;
  std::optional<TrialMeter> m_meter;
  std::optional<NoiseMeter> m_noise;
};

}  // namespace lapidary::core
