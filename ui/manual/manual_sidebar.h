// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the page: the search, and below it the contents of the manual or the places that were found.
#pragma once

#include <QWidget>
#include <memory>

#include "ui/manual/manual_pages.h"
#include "ui/manual/search_terms.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QStackedWidget;
class QTreeWidget;

namespace lapidary::ui {

class ManualSearch;

class ManualSidebar : public QWidget {
  Q_OBJECT

 public:
  explicit ManualSidebar(QWidget* parent = nullptr);
  ~ManualSidebar() override;

  /// Also in another language; what was searched is searched again.
  void setPages(std::shared_ptr<const ManualPages> pages);
  /// Marks the entry of the section that is shown, or of the page for -1.
  void select(const ManualPage& page, int section);
  void focusSearch();
  /// Back to the contents. False: they were there already.
  bool clearSearch();

  QLineEdit* searchField() const { return m_search; }
  QListWidget* results() const { return m_results; }
  QTreeWidget* contents() const { return m_contents; }

 signals:
  /// `terms`: what led there, to be marked in the page.
  void wanted(const lapidary::ui::ManualPlace& place, const std::vector<lapidary::ui::SearchTerm>& terms);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void fillContents();
  void showResults();
  void openResult(int row);

  std::shared_ptr<const ManualPages> m_pages;
  std::unique_ptr<ManualSearch> m_index;  ///< null until something is searched
  QLineEdit* m_search;
  QStackedWidget* m_stack;
  QTreeWidget* m_contents;
  QListWidget* m_results;
  QLabel* m_nothing;
};

}  // namespace lapidary::ui
