// SPDX-License-Identifier: GPL-3.0-or-later
// Table, filter and the two-way selection.
#include "ui/layers/layers_panel.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <algorithm>
#include <utility>

#include "ui/layers/layer_delegate.h"
#include "ui/layers/layer_table_model.h"
#include "ui/look/number_text.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {
/// With fewer layers everything is in sight, and the filter comes only when asked for.
constexpr std::size_t layersWorthFiltering = 10;
}  // namespace

LayersPanel::LayersPanel(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_model(new LayerTableModel(document, this)),
      m_proxy(new QSortFilterProxyModel(this)),
      m_summary(makeLabel({}, "muted")),
      m_filter(new QLineEdit),
      m_table(new QTableView) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(14, 0, 14, 0);
  head->addWidget(makeLabel(tr("Layers"), "title"));
  head->addStretch();
  head->addWidget(m_summary);
  head->addWidget(help::makeButton(this));
  column->addLayout(head);
  auto* filterRow = new QHBoxLayout;
  filterRow->setContentsMargins(12, 0, 12, 0);
  filterRow->addWidget(m_filter);
  column->addLayout(filterRow);
  column->addWidget(m_table, 1);
  m_filter->setPlaceholderText(tr("Filter by name or operator"));
  m_filter->setClearButtonEnabled(true);
  setUpTable();
  connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_syncing = true;
    m_proxy->setFilterFixedString(text);
    m_syncing = false;
    pullSelection();
  });
  connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &LayersPanel::pushSelection);
  connect(&document, &Document::selectionChanged, this, &LayersPanel::pullSelection);
  connect(&document, &Document::opened, this, &LayersPanel::showModel);
  showModel();
}

void LayersPanel::setUpTable() {
  m_proxy->setSourceModel(m_model);
  m_proxy->setSortRole(LayerTableModel::SortRole);
  m_proxy->setFilterRole(LayerTableModel::FilterRole);
  m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_table->setAccessibleName(tr("Layers"));
  m_table->setModel(m_proxy);
  m_table->setItemDelegate(new LayerDelegate(m_table));
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_table->setShowGrid(false);
  m_table->setWordWrap(false);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(LayerTableModel::Name, Qt::AscendingOrder);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  m_table->verticalHeader()->setDefaultSectionSize(LayerDelegate::rowHeight);
  auto* header = m_table->horizontalHeader();
  header->setObjectName("layers");
  header->setHighlightSections(false);
  header->setMinimumSectionSize(30);
  header->setSectionResizeMode(LayerTableModel::Name, QHeaderView::Stretch);
  static constexpr std::pair<LayerTableModel::Column, int> widths[] = {{LayerTableModel::Weights, 62},
                                                                       {LayerTableModel::BytesBar, 62},
                                                                       {LayerTableModel::Zeros, 48},
                                                                       {LayerTableModel::Bits, 42},
                                                                       {LayerTableModel::Change, 56}};
  for (const auto& [section, width] : widths) {
    header->setSectionResizeMode(section, QHeaderView::Fixed);
    header->resizeSection(section, width);
  }
}

void LayersPanel::showModel() {
  const auto& session = m_document.session();
  if (!session) return;
  const auto& model = session->model();
  m_summary->setText(
      tr("%1 · %2 parameters")
          .arg(countText(static_cast<std::int64_t>(model.layers.size())), countText(model.parameters())));
  m_filter->clear();
  m_filter->setVisible(model.layers.size() >= layersWorthFiltering);
  pullSelection();
}

void LayersPanel::focusFilter() {
  m_filter->show();
  m_filter->setFocus(Qt::ShortcutFocusReason);
}

void LayersPanel::pullSelection() {
  if (m_syncing) return;
  m_syncing = true;
  QItemSelection wanted;
  for (const auto layer : m_document.selection()) {
    const auto index = m_proxy->mapFromSource(m_model->index(static_cast<int>(layer.index), 0));
    if (index.isValid()) wanted.select(index, index);
  }
  m_table->selectionModel()->select(wanted, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  const auto current = m_document.currentLayer();
  if (current.valid()) {
    const auto index = m_proxy->mapFromSource(m_model->index(static_cast<int>(current.index), 0));
    if (index.isValid()) {
      m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
      m_table->scrollTo(index);
    }
  }
  m_syncing = false;
}

void LayersPanel::pushSelection() {
  if (m_syncing) return;
  std::vector<core::LayerId> layers;
  const auto layerOf = [this](const QModelIndex& index) {
    return core::LayerId{static_cast<std::uint32_t>(m_proxy->mapToSource(index).row())};
  };
  for (const auto& index : m_table->selectionModel()->selectedRows()) layers.push_back(layerOf(index));
  if (layers.empty()) return pullSelection();  // something is always selected
  std::sort(layers.begin(), layers.end());
  const auto current = m_table->currentIndex();
  const auto first =
      current.isValid() ? std::find(layers.begin(), layers.end(), layerOf(current)) : layers.end();
  if (first != layers.end()) std::rotate(layers.begin(), first, first + 1);
  m_syncing = true;
  m_document.select(std::move(layers));
  m_syncing = false;
}

}  // namespace lapidary::ui
