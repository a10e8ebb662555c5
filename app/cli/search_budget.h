// SPDX-License-Identifier: GPL-3.0-or-later
// The minutes of a search command, shared out: opening, forecast, searching, and checking what is written.
#pragma once

#include <optional>

#include "core/search/search.h"
#include "core/support/clock.h"

namespace lapidary::cli {

class SearchBudget {
 public:
  /// Counts from `start`. Without minutes nothing is limited. `reporting`: samples that the best is measured
  /// on.
  SearchBudget(core::Clock::time_point start, std::optional<double> minutes, std::size_t reporting);

  void learn(core::SearchForecast forecast) { m_forecast = forecast; }
  const core::SearchForecast& forecast() const { return m_forecast; }

  /// Seconds that are left of all; nothing without a limit.
  std::optional<double> left() const;
  /// Seconds that checking the best on all samples to report on takes, as forecast.
  double checking() const;
  /// Seconds that are left for the search, so that the best can still be checked.
  std::optional<double> forSearching() const;
  /// How many samples there is time for to report on once the search is over.
  std::size_t samplesToReport(const core::SearchResult& result) const;

 private:
  double checkingOf(std::size_t samples) const;

  core::Clock::time_point m_start;
  std::optional<double> m_seconds;
  std::size_t m_reporting;
  core::SearchForecast m_forecast;
};

}  // namespace lapidary::cli
