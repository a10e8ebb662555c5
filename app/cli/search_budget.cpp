// SPDX-License-Identifier: GPL-3.0-or-later
#include "search_budget.h"

#include <algorithm>

namespace lapidary::cli {

using namespace core;

namespace {

/// Runs of each sample: of the original, of the cut, and of the file that was read back.
constexpr double runsOfSample = 3;
/// Other work on the machine makes times differ.
constexpr double slack = 1.25;
/// Seconds to write, read back and open, besides the runs.
constexpr double writing = 0.4;
/// Share of the limit that checking may take of the search at most, and fewest samples that are worth it.
constexpr double checkingShare = 0.3;
constexpr std::size_t fewestReported = 20;

}  // namespace

SearchBudget::SearchBudget(Clock::time_point start, std::optional<double> minutes, std::size_t reporting)
    : m_start(start), m_reporting(reporting) {
  if (minutes) m_seconds = *minutes * 60;
}

std::optional<double> SearchBudget::left() const {
  if (!m_seconds) return std::nullopt;
  return std::max(0.0, *m_seconds - secondsSince(m_start));
}

double SearchBudget::checkingOf(std::size_t samples) const {
  return writing + m_forecast.learning + 2 * m_forecast.perDrift +
         slack * runsOfSample * m_forecast.perSample * static_cast<double>(samples);
}

double SearchBudget::checking() const { return checkingOf(m_reporting); }

std::optional<double> SearchBudget::forSearching() const {
  const auto seconds = left();
  if (!seconds) return std::nullopt;
  const double least = checkingOf(std::min(fewestReported, m_reporting));
  return std::max(0.0, *seconds - std::clamp(checking(), least, std::max(least, checkingShare * *m_seconds)));
}

std::size_t SearchBudget::samplesToReport(const SearchResult& result) const {
  const auto seconds = left();
  if (!seconds) return m_reporting;
  double each = m_forecast.perSample;
  if (!m_forecast.complete && result.evaluated > 0 && result.samples > 0)
    each = std::max(each, result.seconds / static_cast<double>(result.evaluated * result.samples));
  if (each <= 0) return m_reporting;
  const double room = *seconds - checkingOf(0);
  const double count = room / (slack * runsOfSample * each);
  return static_cast<std::size_t>(std::clamp(
      count, static_cast<double>(std::min(fewestReported, m_reporting)), static_cast<double>(m_reporting)));
}

}  // namespace lapidary::cli
