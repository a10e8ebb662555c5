// SPDX-License-Identifier: GPL-3.0-or-later
// One search in the background: the data divided, candidates told of, the best measured on the other half.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "core/search/search.h"
#include "core/session/session.h"
#include "ui/document/trade_off_axis.h"

namespace lapidary::ui {

/// One point of the front as the chart draws it.
struct SearchFrontPoint {
  core::Recipe recipe;
  std::uint64_t onnxBytes = 0;  ///< whatever file's bytes the search counts
  double drop = 0;
  core::Interval interval;
  std::size_t samples = 0;
  std::map<TradeOffAxis, QualityValue> figures = {};  ///< of other axes, where they were measured
};

/// The news of a search that the window hears; copies, so that they may travel between threads.
struct SearchNews {
  core::SearchResult result;
  std::vector<SearchFrontPoint> front;
  core::SearchProgress::Stage stage = core::SearchProgress::Stage::Sizes;
  std::size_t done = 0, total = 0;
};

struct SearchOutcome {
  core::SearchResult result;
  std::vector<SearchFrontPoint> front;
  /// Of the best, on the samples that no choice has seen.
  std::optional<core::Quality> reported;
};

/// A session that sees the half of the data that choices are made on, and one that sees the other half; each
/// takes half of the memory that is allowed.
struct SearchHalves {
  std::shared_ptr<const core::Session> choosing, reporting;
};
/// Throws core::Error where the data cannot be divided.
SearchHalves searchHalves(const core::Session& session);

/// Runs until it ends or `stop` is asked for; what was found by then is measured and returned.
SearchOutcome runSearch(const core::Session& session, const core::SearchRequest& request,
                        const core::Progress& stop, const std::function<void(const SearchNews&)>& tell);

}  // namespace lapidary::ui
