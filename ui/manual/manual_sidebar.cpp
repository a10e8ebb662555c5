// SPDX-License-Identifier: GPL-3.0-or-later
// Contents as a tree, results as a list; one of them is in front.
#include "ui/manual/manual_sidebar.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QStackedWidget>
#include <QTreeWidget>

#include "ui/manual/manual_search.h"
#include "ui/manual/result_delegate.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int targetRole = Qt::UserRole + 2;

QTreeWidget* makeContents() {
  auto* contents = new QTreeWidget;
  contents->setProperty("look", "bare");
  contents->setHeaderHidden(true);
  contents->setIndentation(14);
  return contents;
}

QListWidget* makeResults() {
  auto* results = new QListWidget;
  results->setProperty("look", "bare");
  results->setItemDelegate(new ResultDelegate(results));
  results->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  results->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);  // the text must not be wrapped anew for it
  results->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  results->setResizeMode(QListView::Adjust);
  results->setMouseTracking(true);
  return results;
}

/// The entry of a section, or of the nearest one above it that has an entry; the page's own for none.
QTreeWidgetItem* entryOf(QTreeWidgetItem* page, const ManualPage& of, int section) {
  for (int i = section; i >= 0; --i) {
    const QString target = ManualPlace{of.file, of.sections[static_cast<std::size_t>(i)].anchor}.text();
    for (int child = 0; child < page->childCount(); ++child)
      if (page->child(child)->data(0, targetRole).toString() == target) return page->child(child);
  }
  return page;
}

}  // namespace

ManualSidebar::ManualSidebar(QWidget* parent)
    : QWidget(parent),
      m_search(new QLineEdit),
      m_stack(new QStackedWidget),
      m_contents(makeContents()),
      m_results(makeResults()),
      m_nothing(makeLabel({}, "muted")) {
  m_search->setClearButtonEnabled(true);
  m_nothing->setWordWrap(true);
  m_nothing->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_stack->addWidget(m_contents);
  m_stack->addWidget(m_results);
  m_stack->addWidget(m_nothing);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 12, 6, 8);
  column->setSpacing(8);
  column->addWidget(m_search);
  column->addWidget(m_stack, 1);
  setMinimumWidth(190);
  connect(m_search, &QLineEdit::textChanged, this, &ManualSidebar::showResults);
  connect(m_search, &QLineEdit::returnPressed, this, [this] { openResult(0); });
  const auto openItem = [this](QListWidgetItem* item) { openResult(m_results->row(item)); };
  connect(m_results, &QListWidget::itemClicked, this, openItem);
  connect(m_results, &QListWidget::itemActivated, this, openItem);
  const auto openEntry = [this](QTreeWidgetItem* item) {
    emit wanted(ManualPlace::parse(item->data(0, targetRole).toString()), {});
  };
  connect(m_contents, &QTreeWidget::itemClicked, this, openEntry);
  connect(m_contents, &QTreeWidget::itemActivated, this, openEntry);
  retranslate();
}

ManualSidebar::~ManualSidebar() = default;

void ManualSidebar::setPages(std::shared_ptr<const ManualPages> pages) {
  m_pages = std::move(pages);
  m_index.reset();
  fillContents();
  showResults();
}

void ManualSidebar::fillContents() {
  m_contents->clear();
  for (const ManualPage& page : m_pages->pages()) {
    auto* item = new QTreeWidgetItem(m_contents, {page.title});
    item->setData(0, targetRole, page.file);
    item->setToolTip(0, page.title);
    for (const MarkdownSection& section : page.sections) {
      if (section.level != 2) continue;
      auto* below = new QTreeWidgetItem(item, {section.heading});
      below->setData(0, targetRole, ManualPlace{page.file, section.anchor}.text());
      below->setToolTip(0, section.heading);
    }
  }
}

void ManualSidebar::select(const ManualPage& page, int section) {
  for (int i = 0; i < m_contents->topLevelItemCount(); ++i) {
    QTreeWidgetItem* item = m_contents->topLevelItem(i);
    const bool shown = item->data(0, targetRole).toString() == page.file;
    item->setExpanded(shown);
    if (shown) m_contents->setCurrentItem(entryOf(item, page, section));
  }
}

void ManualSidebar::focusSearch() {
  m_search->setFocus(Qt::ShortcutFocusReason);
  m_search->selectAll();
}

bool ManualSidebar::clearSearch() {
  if (m_search->text().isEmpty()) return false;
  m_search->clear();
  return true;
}

void ManualSidebar::showResults() {
  const QString words = m_search->text().trimmed();
  m_results->clear();
  if (words.isEmpty() || m_pages == nullptr) return m_stack->setCurrentWidget(m_contents);
  if (m_index == nullptr) m_index = std::make_unique<ManualSearch>(*m_pages);
  for (const ManualHit& hit : m_index->find(words)) {
    auto* item = new QListWidgetItem(m_results);
    ResultDelegate::fill(*item, hit);
    const auto& sections = m_pages->find(hit.file)->sections;
    item->setData(targetRole,
                  ManualPlace{hit.file, sections[static_cast<std::size_t>(hit.section)].anchor}.text());
  }
  m_nothing->setText(tr("The manual has nothing about “%1”. Try fewer or other words.").arg(words));
  m_stack->setCurrentWidget(m_results->count() > 0 ? static_cast<QWidget*>(m_results) : m_nothing);
}

void ManualSidebar::openResult(int row) {
  if (row < 0 || row >= m_results->count()) return;
  m_results->setCurrentRow(row);
  emit wanted(ManualPlace::parse(m_results->item(row)->data(targetRole).toString()),
              m_index->termsOf(m_search->text()));
}

void ManualSidebar::retranslate() {
  m_search->setPlaceholderText(tr("Search the manual"));
  m_search->setAccessibleName(tr("Search the manual"));
  m_contents->setAccessibleName(tr("Contents"));
  m_results->setAccessibleName(tr("Found places"));
}

void ManualSidebar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

}  // namespace lapidary::ui
