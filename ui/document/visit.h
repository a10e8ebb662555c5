// SPDX-License-Identifier: GPL-3.0-or-later
// A recipe that was measured, with its figures: a point of the trade-off chart.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/session/session.h"
#include "ui/document/trade_off_axis.h"
#include "ui/look/figure_text.h"

namespace lapidary::ui {

struct Visit {
  core::Recipe recipe;
  std::uint64_t bytes = 0;
  std::optional<QualityValue> quality;
  std::size_t samples = 0;
  /// Of the other axes of the chart, as far as they are known.
  std::map<TradeOffAxis, QualityValue> figures = {};

  /// Null where that figure is not known.
  const QualityValue* on(TradeOffAxis axis) const;
};

/// All that the outcome has, the quality aside.
std::map<TradeOffAxis, QualityValue> figuresOf(const core::Outcome& outcome);

/// Indices of the visits that no other one beats in both size and the figure of an axis, by rising size. Only
/// those measured on most samples take part: a lucky glimpse at a hundred is no front.
std::vector<std::size_t> paretoFront(const std::vector<Visit>& visits,
                                     TradeOffAxis axis = TradeOffAxis::Quality);

}  // namespace lapidary::ui
