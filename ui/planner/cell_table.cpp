// SPDX-License-Identifier: GPL-3.0-or-later
// Cells, and the looks of the view.
#include "ui/planner/cell_table.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTableView>

namespace lapidary::ui {

namespace {
constexpr int rowHeight = 26, leastWidth = 72;
}

CellTable::CellTable(std::vector<Column> columns, QObject* parent)
    : QAbstractTableModel(parent), m_columns(std::move(columns)) {}

void CellTable::setRows(std::vector<Row> rows) {
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

DataTable CellTable::dataTable() const {
  QStringList titles;
  for (const Column& column : m_columns) titles << column.title;
  DataTable table{titles};
  for (const Row& row : m_rows) table.push_back(row.cells);
  return table;
}

int CellTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CellTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant CellTable::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return row.cells.value(index.column());
    case Qt::ToolTipRole:
      return row.tip;
    case Qt::DecorationRole:
      return index.column() == 0 && row.color.isValid() ? QVariant(row.color) : QVariant();
    case Qt::TextAlignmentRole:
      return headerData(index.column(), Qt::Horizontal, role);
    default:
      return {};
  }
}

QVariant CellTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& column = m_columns[static_cast<std::size_t>(section)];
  switch (role) {
    case Qt::DisplayRole:
      return column.title;
    case Qt::ToolTipRole:
      return column.tip;
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter) |
                                 (column.number ? Qt::AlignRight : Qt::AlignLeft));
    default:
      return {};
  }
}

QTableView* makeCellView(CellTable& table, const QString& accessibleName) {
  auto* view = new QTableView;
  view->setModel(&table);
  view->setAccessibleName(accessibleName);
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->setSelectionMode(QAbstractItemView::SingleSelection);
  view->setShowGrid(false);
  view->setWordWrap(false);
  view->setIconSize({10, 10});
  view->setTextElideMode(Qt::ElideMiddle);
  view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view->verticalHeader()->hide();
  view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  view->verticalHeader()->setDefaultSectionSize(rowHeight);
  view->horizontalHeader()->setHighlightSections(false);
  view->horizontalHeader()->setMinimumSectionSize(leastWidth);
  view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  view->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  auto* copy = new QAction(CellTable::tr("Copy data"), view);
  copy->setShortcut(QKeySequence::Copy);
  copy->setShortcutContext(Qt::WidgetShortcut);
  QObject::connect(copy, &QAction::triggered, view,
                   [&table] { QGuiApplication::clipboard()->setText(tableText(table.dataTable())); });
  view->addAction(copy);
  view->setContextMenuPolicy(Qt::ActionsContextMenu);
  fitToRows(*view);
  return view;
}

void fitToRows(QTableView& view) {
  view.setFixedHeight(view.horizontalHeader()->sizeHint().height() + rowHeight * view.model()->rowCount() +
                      2);
}

}  // namespace lapidary::ui
