// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/changes/class_changes.h"

#include <algorithm>
#include <utility>

#include "core/analyze/statistics.h"

namespace lapidary::core {
namespace {

std::size_t rowSum(const std::vector<std::int64_t>& table, std::size_t cls, std::size_t classes) {
  std::int64_t sum = 0;
  for (std::size_t answer = 0; answer < classes; ++answer) sum += table[cls * classes + answer];
  return static_cast<std::size_t>(sum);
}

std::size_t diagonal(const std::vector<std::int64_t>& table, std::size_t cls, std::size_t classes) {
  return static_cast<std::size_t>(table[cls * classes + cls]);
}

/// By class, of the truth or, without labels, of the original's answer.
std::vector<std::size_t> countsOf(const std::vector<ChangedSample>& list, std::size_t classes) {
  std::vector<std::size_t> counts(classes, 0);
  for (const ChangedSample& changed : list)
    ++counts.at(static_cast<std::size_t>(changed.truth >= 0 ? changed.truth : changed.original.top1));
  return counts;
}

void addShares(ClassChange& row) {
  const auto samples = static_cast<double>(row.samples);
  row.before = static_cast<double>(row.rightBefore) / samples;
  row.after = static_cast<double>(row.rightAfter) / samples;
  row.beforeInterval = wilsonInterval(row.rightBefore, row.samples);
  row.afterInterval = wilsonInterval(row.rightAfter, row.samples);
  row.change = row.after - row.before;
  row.changeInterval = pairedInterval(row.gained, row.lost, row.samples);
}

}  // namespace

std::vector<ClassChange> classChanges(const Comparison& comparison) {
  const std::size_t classes = comparison.classes;
  const auto lost = countsOf(comparison.lost, classes), gained = countsOf(comparison.gained, classes);
  std::vector<ClassChange> rows;
  for (std::size_t cls = 0; cls < classes; ++cls) {
    ClassChange row;
    row.cls = static_cast<std::int64_t>(cls);
    row.samples = rowSum(comparison.confusion, cls, classes);
    if (row.samples == 0) continue;
    row.rightBefore = diagonal(comparison.originalConfusion, cls, classes);
    row.rightAfter = diagonal(comparison.confusion, cls, classes);
    row.lost = lost[cls];
    row.gained = gained[cls];
    addShares(row);
    rows.push_back(row);
  }
  std::ranges::stable_sort(rows, {}, &ClassChange::change);
  return rows;
}

}  // namespace lapidary::core
