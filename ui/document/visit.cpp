// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a visit and the front of many.
#include "ui/document/visit.h"

#include <algorithm>

namespace lapidary::ui {

const QualityValue* Visit::on(TradeOffAxis axis) const {
  if (axis == TradeOffAxis::Quality) return quality ? &*quality : nullptr;
  const auto found = figures.find(axis);
  return found != figures.end() ? &found->second : nullptr;
}

std::map<TradeOffAxis, QualityValue> figuresOf(const core::Outcome& outcome) {
  std::map<TradeOffAxis, QualityValue> found;
  for (const TradeOffFigure& figure : tradeOffFigures().subspan(1))
    if (const auto value = figure.valueOf(outcome)) found.emplace(figure.axis, *value);
  return found;
}

std::vector<std::size_t> paretoFront(const std::vector<Visit>& visits, TradeOffAxis axis) {
  std::vector<std::size_t> order;
  std::size_t most = 0;
  for (const auto& visit : visits) most = std::max(most, visit.samples);
  for (std::size_t i = 0; i < visits.size(); ++i)
    if (visits[i].on(axis) && visits[i].samples == most) order.push_back(i);
  const double sign = figureOf(axis).fewerIsBetter ? -1 : 1;
  const auto merit = [&](std::size_t i) { return sign * visits[i].on(axis)->value; };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (visits[a].bytes != visits[b].bytes) return visits[a].bytes < visits[b].bytes;
    return merit(a) > merit(b);
  });
  std::vector<std::size_t> front;
  for (const auto i : order)
    if (front.empty() || merit(i) > merit(front.back())) front.push_back(i);
  return front;
}

}  // namespace lapidary::ui
