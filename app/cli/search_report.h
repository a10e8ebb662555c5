// SPDX-License-Identifier: GPL-3.0-or-later
// search: what it found, as text and as JSON.
#pragma once

#include "core/search/search.h"
#include "core/session/session.h"
#include "terminal/output.h"

namespace lapidary::cli {

/// The file that was written, measured on samples that were never used to choose.
struct SearchReport {
  core::SearchResult result;
  std::optional<core::SavedFile> saved;      ///< nothing where no recipe is valid
  std::optional<core::Quality> quality;      ///< of the file written, on the samples held out
  std::optional<core::SaliencyDrift> drift;  ///< likewise, where saliency had to be kept
  std::uint64_t bytesIn = 0;
  std::size_t learning = 0, choosing = 0, reporting = 0;  ///< samples
  std::size_t unreported = 0;        ///< samples to report on for which there was no time
  std::string chosenOn, reportedOn;  ///< a few words each
  core::QualityKind kind = core::QualityKind::Accuracy;
  bool complete = true;  ///< false: a rank was lost
};

Json jsonOf(const SearchReport& report);
void printText(const SearchReport& report, const core::Model& model);
/// A sentence on what a search will take, `checking` being the seconds that the best is measured for at the
/// end.
std::string textOf(const core::SearchForecast& forecast, double checking);
/// Warns of all that was left out because the time was up, and of a result that is none.
void warnOfLeftOut(const SearchReport& report, double minutes);
/// Why there is nothing to write, and what to change.
std::string nothingFoundText(const SearchReport& report);

}  // namespace lapidary::cli
