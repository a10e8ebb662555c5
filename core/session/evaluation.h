// SPDX-License-Identifier: GPL-3.0-or-later
// One evaluation of a recipe: the loop over the table of measurements, and what its rows work with.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/session/measurements.h"
#include "core/session/state.h"
#include "core/support/clock.h"

namespace lapidary::core {

/// Alone looks at the stop, takes the time, remembers and tells.
class Evaluation {
 public:
  using OnOutcome = std::function<void(const Outcome&)>;

  /// Begins with what is remembered of the recipe.
  Evaluation(Session::State& state, const Recipe& recipe, const Session::EvaluateOptions& options,
             const Progress& progress, const OnOutcome& onOutcome);

  /// All rows that are asked for and have what they need, but those that were done before.
  Outcome run();

  // Rows work with these.
  Session::State& state() const { return m_state; }
  const Progress& progress() const { return m_progress; }
  /// Of the cut's activations.
  Keep keep() const { return m_options.keepActivations ? Keep::Recurring : Keep::Nothing; }
  Measured& measured() { return m_measured; }
  Outcome& outcome() { return m_measured.outcome; }
  /// Made when it is first asked for.
  const RunnableCut& cut();
  /// To all samples; for rows that need scores of classes.
  const Predictions& originalAnswers();
  const Predictions& cutAnswers();
  /// Remembers and tells what a row has so far.
  void tellProgress();

 private:
  bool has(const Needs& needs) const;
  bool asks(const MeasurementRow& row) const;
  void measure(const MeasurementRow& row);
  void measureAll(bool first);
  void tell();

  Session::State& m_state;
  const Session::EvaluateOptions& m_options;
  const Progress& m_progress;
  const OnOutcome& m_onOutcome;
  const Clock::time_point m_start = Clock::now();
  const std::string m_fingerprint;
  Measured m_measured;
  std::optional<RunnableCut> m_cut;
  std::shared_ptr<const Predictions> m_originalAnswers, m_cutAnswers;
};

// Rows run these.
void addSize(Evaluation& evaluation);
void addQuality(Evaluation& evaluation);
void addLatency(Evaluation& evaluation);
void addForms(Evaluation& evaluation);
void addReliability(Evaluation& evaluation);
void addSaliency(Evaluation& evaluation);
void addAttacked(Evaluation& evaluation);

}  // namespace lapidary::core
