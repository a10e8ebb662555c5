// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of the layer table.
#include "ui/layers/layer_table_model.h"

#include <algorithm>

#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

bool same(const core::LayerFootprint& a, const core::LayerFootprint& b) {
  return a.zeros == b.zeros && a.bits == b.bits && a.bytesAfter == b.bytesAfter &&
         a.bytesBefore == b.bytesBefore && a.parameters == b.parameters && a.snrDb == b.snrDb;
}

double change(const core::LayerFootprint& f) {
  return f.bytesBefore == 0 ? 0 : static_cast<double>(f.bytesAfter) / static_cast<double>(f.bytesBefore) - 1;
}

/// Exporters end a path with the operator, which stands in the line below.
QString shownName(const core::Layer& layer) {
  const QString name = QString::fromStdString(layer.name);
  const QString end = QLatin1Char('/') + QString::fromStdString(layer.opType);
  return name.size() > end.size() && name.endsWith(end) ? name.chopped(end.size()) : name;
}

}  // namespace

QString shapeText(const core::Shape& shape) {
  QStringList sizes;
  for (const auto size : shape) sizes << QString::number(size);
  return sizes.join(QChar(0x00D7));
}

LayerTableModel::LayerTableModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {
  connect(&document, &Document::opened, this, &LayerTableModel::reset);
  connect(&document, &Document::outcomeChanged, this, &LayerTableModel::refresh);
  reset();
}

int LayerTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LayerTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : columnCount_;
}

void LayerTableModel::reset() {
  beginResetModel();
  m_session = m_document.session();
  m_rows.assign(m_session ? m_session->model().layers.size() : 0, {});
  m_largest = 1;
  m_stages = {};
  endResetModel();
  refresh();
}

void LayerTableModel::setStages(StageMarks marks) {
  m_stages = std::move(marks);
  if (!m_rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
}

int LayerTableModel::stageOf(std::size_t row) const {
  return row < m_stages.stageOf.size() ? m_stages.stageOf[row] : 0;
}

void LayerTableModel::refresh() {
  int first = -1, last = -1;
  for (const auto& footprint : m_document.outcome().footprint.layers) {
    if (footprint.layer.index >= m_rows.size()) continue;
    m_largest = std::max(m_largest, footprint.bytesBefore);
    auto& row = m_rows[footprint.layer.index];
    const auto& name = m_session->model().layer(footprint.layer).name;
    const auto activations = m_document.outcome().recipe.editOf(name).activations.mode;
    if (row.measured && same(row.footprint, footprint) && row.activations == activations) continue;
    row = {footprint, true, activations};
    const int index = static_cast<int>(footprint.layer.index);
    first = first < 0 ? index : std::min(first, index);
    last = std::max(last, index);
  }
  if (first >= 0) emit dataChanged(index(first, 0), index(last, columnCount_ - 1));
}

QString LayerTableModel::text(const core::Layer& layer, const Row& row, int column) const {
  const auto& f = row.footprint;
  switch (column) {
    case Name:
      return shownName(layer);
    case Weights:
      return shortCountText(layer.parameters());
    default:
      break;
  }
  if (!row.measured) return {};
  switch (column) {
    case BytesBar:
      return bytesText(f.bytesAfter);
    case Zeros:
      return percentText(
          static_cast<double>(f.zeros) / static_cast<double>(std::max<std::int64_t>(1, f.parameters)), 0);
    case Bits:
      return row.activations == core::ActivationMode::None ? QString::number(f.bits)
                                                           : QStringLiteral("%1/8").arg(f.bits);
    case Change:
      return f.bytesAfter == f.bytesBefore ? QStringLiteral("–") : percentText(change(f), 0);
    default:
      return {};
  }
}

QVariant LayerTableModel::sortKey(const core::Layer& layer, const Row& row, int column) const {
  const auto& f = row.footprint;
  switch (column) {
    case Name:
      return static_cast<qlonglong>(&row - m_rows.data());  // the order of execution
    case Weights:
      return static_cast<qlonglong>(layer.parameters());
    case BytesBar:
      return static_cast<qulonglong>(f.bytesAfter);
    case Zeros:
      return static_cast<double>(f.zeros) / static_cast<double>(std::max<std::int64_t>(1, f.parameters));
    case Bits:
      return f.bits;
    case Change:
      return change(f);
    default:
      return {};
  }
}

QString LayerTableModel::tip(const core::Layer& layer, const Row& row) const {
  QStringList lines{QString::fromStdString(layer.name),
                    tr("%1 weights, %2").arg(countText(layer.parameters()), shapeText(layer.shape))};
  if (const int stage = stageOf(static_cast<std::size_t>(&row - m_rows.data())); stage > 0)
    lines << m_stages.tips.value(stage - 1);
  if (!row.measured) return lines.join(QLatin1Char('\n'));
  const auto& f = row.footprint;
  const auto all = std::max<std::uint64_t>(1, m_document.outcome().footprint.fileBefore);
  lines << tr("%1 → %2, %3 of the original file")
               .arg(bytesText(f.bytesBefore), bytesText(f.bytesAfter),
                    percentText(static_cast<double>(f.bytesBefore) / static_cast<double>(all), 1))
        << tr("%1 zeros, %n bit(s) a weight", nullptr, static_cast<int>(f.bits)).arg(countText(f.zeros));
  if (row.activations == core::ActivationMode::Static) lines << tr("reads 8-bit activations, static range");
  if (row.activations == core::ActivationMode::Dynamic)
    lines << tr("reads 8-bit activations, range of each sample");
  if (f.snrDb) lines << tr("signal-to-noise of the weights: %1 dB").arg(significantText(*f.snrDb, 3));
  return lines.join(QLatin1Char('\n'));
}

QVariant LayerTableModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
  const auto& row = m_rows[static_cast<std::size_t>(index.row())];
  const auto& layer = m_session->model().layers[static_cast<std::size_t>(index.row())];
  const auto share = [this](std::uint64_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(m_largest);
  };
  switch (role) {
    case Qt::DisplayRole:
      return text(layer, row, index.column());
    case Qt::ToolTipRole:
      return tip(layer, row);
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(index.column() == Name ? Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter)
                                                        : Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case SubtitleRole:
      return QString::fromStdString(layer.opType) + QLatin1Char(' ') + shapeText(layer.shape);
    case BeforeRole:
      return share(row.footprint.bytesBefore);
    case AfterRole:
      return share(row.footprint.bytesAfter);
    case SortRole:
      return sortKey(layer, row, index.column());
    case FilterRole:
      return QString::fromStdString(layer.name + " " + layer.opType);
    case EmphasisRole:
      return row.measured && row.footprint.bytesAfter != row.footprint.bytesBefore;
    case StageRole:
      return stageOf(static_cast<std::size_t>(index.row()));
    case StagesRole:
      return m_stages.stages;
    default:
      return {};
  }
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant::fromValue(Qt::Alignment(
        (section == Name || section == BytesBar ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const bool tip = role == Qt::ToolTipRole;
  switch (section) {
    case Name:
      return tip ? tr("Layers in the order of execution; whatever is selected is what the sliders cut")
                 : tr("Layer");
    case Weights:
      return tip ? tr("Number of weights") : tr("Weights");
    case BytesBar:
      return tip ? tr("Bytes before (slate) and after the cut (jade), against the largest layer")
                 : tr("Bytes");
    case Zeros:
      return tip ? tr("Share of the weights that are exactly zero") : tr("Zeros");
    case Bits:
      return tip ? tr("Bits a weight, as stored; behind the stroke those of the activations that the layer "
                      "reads")
                 : tr("Bits");
    case Change:
      return tip ? tr("Change of the layer's bytes in the file") : tr("Change");
    default:
      return {};
  }
}

}  // namespace lapidary::ui
