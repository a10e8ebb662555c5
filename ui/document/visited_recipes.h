// SPDX-License-Identifier: GPL-3.0-or-later
// Every recipe that was measured since the model was opened: the points of the trade-off chart.
#pragma once

#include <QObject>
#include <optional>
#include <vector>

#include "ui/document/document.h"
#include "ui/document/visit.h"

namespace lapidary::ui {

class VisitedRecipes : public QObject {
  Q_OBJECT

 public:
  explicit VisitedRecipes(Document& document);

  /// In the order of the first visit.
  const std::vector<Visit>& visits() const { return m_visits; }
  /// Index of the recipe that is shown now.
  std::optional<std::size_t> current() const;
  /// Takes in an outcome; more samples for a known recipe replace fewer, new figures join those that are
  /// known. Without quality it is ignored.
  void add(const core::Outcome& outcome);
  void restore(std::vector<Visit> visits);
  /// The recipes that a search has found to be no worse and no larger than any other, by rising bytes; its
  /// samples are not those of the visits. Another search replaces it, another model clears it.
  const std::vector<Visit>& searchFront() const { return m_searchFront; }
  void setSearchFront(std::vector<Visit> front);
  /// Of the uncut model, once it was measured.
  std::optional<QualityValue> originalQuality() const;

 signals:
  void changed();

 private:
  std::optional<std::size_t> find(const core::Recipe& recipe) const;

  Document& m_document;
  std::vector<Visit> m_visits, m_searchFront;
};

}  // namespace lapidary::ui
