// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/label_check.h"

#include <algorithm>

namespace lapidary::core {
namespace {

/// Fewer samples may look like anything.
constexpr std::int64_t fewestSamples = 20;
/// Of all answers: an exchange of classes that makes as many right is none by chance.
constexpr double mostlyRight = 0.5, clearGain = 0.3;
/// So many samples for each class that is missing leave no doubt that it is.
constexpr std::size_t samplesForEachClass = 20;

std::string nameOf(const std::vector<std::string>& names, std::int64_t cls) {
  const auto i = static_cast<std::size_t>(cls);
  return i < names.size() && !names[i].empty() ? "'" + names[i] + "'" : std::to_string(cls);
}

struct SeenLabels {
  std::int64_t most = 0;
  bool several = false;
};

SeenLabels seenLabels(const DataSource& data) {
  SeenLabels seen;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::int64_t label = data.label(i);
    seen.several = seen.several || label != data.label(0);
    seen.most = std::max(seen.most, label);
  }
  return seen;
}

/// Names make the number of classes sure; numbers do where the data are many.
bool countDiffers(const DataSource& data, std::size_t found, std::size_t classes) {
  if (found == classes) return false;
  return !data.classNames().empty() || found > classes || data.size() >= samplesForEachClass * classes;
}

struct Exchange {
  std::int64_t right = 0, asIs = 0, samples = 0;
  /// Of the answers that the exchange makes right, those beyond the first of each pair, which any answer
  /// makes.
  std::int64_t repeated = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>>
      classes;  ///< the data's and the model's, where they differ
};

/// Pairs true classes with answers, the most frequent pair first; the best pairing makes at least as many
/// right.
Exchange exchangeOf(const AnswersByClass& answers) {
  struct Cell {
    std::int64_t count;
    std::size_t truth, answer;
  };
  const std::size_t classes = answers.classes;
  std::vector<Cell> cells;
  Exchange made;
  for (std::size_t t = 0; t < classes; ++t)
    for (std::size_t a = 0; a < classes; ++a) {
      const std::int64_t count = answers.counts[t * classes + a];
      made.samples += count;
      if (t == a) made.asIs += count;
      if (count > 0) cells.push_back({count, t, a});
    }
  std::ranges::stable_sort(cells, [](const Cell& a, const Cell& b) { return a.count > b.count; });
  std::vector<bool> truthTaken(classes), answerTaken(classes);
  for (const Cell& cell : cells) {
    if (truthTaken[cell.truth] || answerTaken[cell.answer]) continue;
    truthTaken[cell.truth] = answerTaken[cell.answer] = true;
    made.right += cell.count;
    made.repeated += cell.truth == cell.answer ? cell.count : cell.count - 1;
    if (cell.truth != cell.answer)
      made.classes.emplace_back(static_cast<std::int64_t>(cell.truth),
                                static_cast<std::int64_t>(cell.answer));
  }
  std::ranges::sort(made.classes);
  return made;
}

bool isQuestionable(const Exchange& exchange) {
  const auto samples = static_cast<double>(exchange.samples);
  return exchange.samples >= fewestSamples && static_cast<double>(exchange.right) >= mostlyRight * samples &&
         static_cast<double>(exchange.repeated - exchange.asIs) >= clearGain * samples;
}

/// "'cat' → 2, 'dog' → 0": the number in the model of what the data call so.
std::string listed(const Exchange& exchange, const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, exchange.classes.size()); ++i)
    text += (i == 0 ? "" : ", ") + nameOf(names, exchange.classes[i].first) + " → " +
            std::to_string(exchange.classes[i].second);
  return exchange.classes.size() > most ? text + ", ..." : text;
}

}  // namespace

std::vector<DataWarning> questionedLabels(const DataSource& data, const AnswersByClass& answers) {
  if (!data.labelled() || data.size() < 2 || answers.classes < 2) return {};
  const SeenLabels seen = seenLabels(data);
  const auto& names = data.classNames();
  if (!seen.several) return {{DataWarningKind::OneClass, nameOf(names, data.label(0)), data.size()}};
  std::vector<DataWarning> warnings;
  const std::size_t found = std::max(names.size(), static_cast<std::size_t>(seen.most) + 1);
  if (countDiffers(data, found, answers.classes))
    warnings.push_back({DataWarningKind::OtherClassCount, std::to_string(answers.classes), found});
  if (answers.counts.size() != answers.classes * answers.classes) return warnings;
  if (const Exchange exchange = exchangeOf(answers); isQuestionable(exchange))
    warnings.push_back({DataWarningKind::PermutedClasses, listed(exchange, names),
                        static_cast<std::size_t>(exchange.right),
                        static_cast<std::size_t>(exchange.samples)});
  return warnings;
}

}  // namespace lapidary::core
