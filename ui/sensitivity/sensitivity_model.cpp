// SPDX-License-Identifier: GPL-3.0-or-later
// Texts, tooltips and colours of the cells.
#include "ui/sensitivity/sensitivity_model.h"

#include <algorithm>
#include <cmath>

#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

constexpr double strongestPoints = 5;
/// A signal-to-noise ratio in dB from which on nothing is lost to speak of.
constexpr double cleanDecibel = 60;

std::optional<double> decibelOf(const core::SensitivityCell& cell) {
  if (cell.trial.power.signal > 0) return cell.trial.power.decibel().value_or(cleanDecibel);
  return cell.weightSnrDb;
}

}  // namespace

SensitivityModel::SensitivityModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {
  connect(&document, &Document::recipeChanged, this, [this] {
    if (rowCount() > 0)
      emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {AppliedRole});
  });
}

void SensitivityModel::setMatrix(const core::SensitivityMatrix& matrix) {
  const bool sameShape = matrix.layers == m_matrix.layers && matrix.settings == m_matrix.settings;
  if (!sameShape) beginResetModel();
  m_matrix = matrix;
  m_mostSaved = 1;
  for (const auto& cell : m_matrix.cells) m_mostSaved = std::max(m_mostSaved, cell.bytesSaved);
  if (!sameShape) return endResetModel();
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void SensitivityModel::clear() {
  beginResetModel();
  m_matrix = {};
  endResetModel();
}

ColorScale SensitivityModel::scale() const {
  return {ColorMap::Diverging, m_matrix.kind == core::QualityKind::Noise ? cleanDecibel : strongestPoints};
}

QString SensitivityModel::unit() const {
  switch (m_matrix.kind) {
    case core::QualityKind::Accuracy:
      return tr("points of accuracy lost");
    case core::QualityKind::Agreement:
      return tr("% that answer otherwise");
    case core::QualityKind::Noise:
      break;
  }
  return tr("dB below 60 dB");
}

int SensitivityModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_matrix.layers.size());
}

int SensitivityModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_matrix.settings.size());
}

const core::SensitivityCell& SensitivityModel::cellAt(const QModelIndex& index) const {
  return m_matrix.cell(static_cast<std::size_t>(index.row()), static_cast<std::size_t>(index.column()));
}

QString SensitivityModel::layerName(int row) const {
  return QString::fromStdString(m_document.session()->model().layer(layerOf(row)).name);
}

QString SensitivityModel::settingText(int column) const {
  const auto& setting = m_matrix.settings[static_cast<std::size_t>(column)];
  const auto& edit = setting.edit;
  if (edit.quantize.scheme == core::Scheme::None && edit.prune.mode == core::PruneMode::Sparsity)
    return tr("%1 zeros").arg(percentText(edit.prune.value, 0));
  if (edit.prune.mode == core::PruneMode::None && edit.quantize.scheme == core::Scheme::Symmetric)
    return tr("%n bit(s)", nullptr, edit.quantize.bits);
  return QString::fromStdString(setting.label);
}

QString SensitivityModel::text(const core::SensitivityCell& cell) const {
  if (!cell.failure.empty()) return QStringLiteral("–");
  if (cell.drop) return fixedText(cell.drop->value * 100, 2);
  if (m_matrix.kind != core::QualityKind::Noise) return {};
  const auto decibel = decibelOf(cell);
  return decibel ? tr("%1 dB").arg(fixedText(*decibel, 0)) : QString();
}

QStringList SensitivityModel::measuredLines(const core::SensitivityCell& cell) const {
  QStringList lines;
  if (cell.drop) {
    lines << tr("%1 %2, 95 %: %3 to %4")
                 .arg(fixedText(cell.drop->value * 100, 2), unit(),
                      fixedText(cell.drop->interval.low * 100, 2),
                      fixedText(cell.drop->interval.high * 100, 2));
    lines << tr("on %n sample(s)", nullptr, static_cast<int>(cell.trial.samples)) +
                 (cell.sharp ? QString() : QStringLiteral(" · ") + tr("not sharp yet"));
  }
  if (cell.trial.power.signal > 0)
    lines << (cell.trial.power.decibel()
                  ? tr("outputs: %1 dB signal to noise").arg(fixedText(*cell.trial.power.decibel(), 1))
                  : tr("outputs unchanged"));
  if (const auto divergence = cell.trial.meanDivergence())
    lines << tr("answers diverge by %1 nats").arg(significantText(*divergence));
  if (cell.weightSnrDb) lines << tr("weights: %1 dB signal to noise").arg(fixedText(*cell.weightSnrDb, 1));
  return lines;
}

QString SensitivityModel::tip(const core::SensitivityCell& cell) const {
  const QString layer = layerName(static_cast<int>(cell.row));
  const QString setting = settingText(static_cast<int>(cell.column));
  QStringList lines{m_matrix.reverse ? tr("%1 on all layers but %2").arg(setting, layer)
                                     : layer + QStringLiteral(" · ") + setting};
  if (!cell.failure.empty()) return (lines << QString::fromStdString(cell.failure)).join(QLatin1Char('\n'));
  lines += measuredLines(cell);
  if (!cell.drop && m_matrix.kind != core::QualityKind::Noise) lines << tr("not measured yet");
  lines << (cell.bytesSaved >= 0
                ? tr("saves %1 (zipped)").arg(bytesText(static_cast<std::uint64_t>(cell.bytesSaved)))
                : tr("costs %1 (zipped)").arg(bytesText(static_cast<std::uint64_t>(-cell.bytesSaved))));
  const auto at = index(static_cast<int>(cell.row), static_cast<int>(cell.column));
  lines << (applied(at) ? tr("click to take it off this layer") : tr("click to apply it to this layer"));
  return lines.join(QLatin1Char('\n'));
}

QVariant SensitivityModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& cell = cellAt(index);
  switch (role) {
    case Qt::DisplayRole:
      return text(cell);
    case Qt::ToolTipRole:
      return tip(cell);
    case Qt::AccessibleTextRole:
      return layerName(index.row()) + QStringLiteral(", ") + settingText(index.column()) +
             QStringLiteral(": ") + text(cell);
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(Qt::Alignment(Qt::AlignCenter));
    case LossRole:
      if (cell.drop) return cell.drop->value * 100;
      if (m_matrix.kind == core::QualityKind::Noise)
        if (const auto decibel = decibelOf(cell))
          return std::clamp(cleanDecibel - *decibel, 0.0, cleanDecibel);
      return {};
    case SharpRole:
      return cell.sharp;
    case SavedRole:
      return std::clamp(static_cast<double>(cell.bytesSaved) / static_cast<double>(m_mostSaved), 0.0, 1.0);
    case AppliedRole:
      return applied(index);
    default:
      return {};
  }
}

QVariant SensitivityModel::headerData(int section, Qt::Orientation orientation, int role) const {
  const bool columns = orientation == Qt::Horizontal;
  if (section < 0 || section >= (columns ? columnCount() : rowCount())) return {};
  switch (role) {
    case Qt::DisplayRole:
      return columns ? settingText(section) : layerName(section);
    case Qt::ToolTipRole:
      return columns ? QString() : layerName(section);
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(Qt::Alignment(columns ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter));
    default:
      return {};
  }
}

bool SensitivityModel::applied(const QModelIndex& index) const {
  const auto& edit = m_matrix.settings[static_cast<std::size_t>(index.column())].edit;
  return core::holds(m_document.recipe().editOf(layerName(index.row()).toStdString()), edit);
}

core::Recipe SensitivityModel::toggled(const QModelIndex& index) const {
  core::Recipe recipe = m_document.recipe();
  const std::string layer = m_document.session()->model().layer(layerOf(index.row())).name;
  const auto& change = m_matrix.settings[static_cast<std::size_t>(index.column())].edit;
  const auto base = recipe.editOf(layer);
  recipe.set(layer, applied(index) ? core::takenOff(base, change) : core::laidOver(base, change));
  return recipe;
}

DataTable SensitivityModel::dataTable() const {
  DataTable rows{{tr("Layer"), tr("Setting"), tr("Drop, points"), tr("Low"), tr("High"), tr("Samples"),
                  tr("KL, nats"), tr("Output, dB"), tr("Weights, dB"), tr("Bytes saved")}};
  const auto number = [](const std::optional<double>& value) {
    return value ? QString::number(*value) : QString();
  };
  for (const auto& cell : m_matrix.cells) {
    const auto& drop = cell.drop;
    rows.push_back({layerName(static_cast<int>(cell.row)), settingText(static_cast<int>(cell.column)),
                    drop ? QString::number(drop->value * 100) : QString(),
                    drop ? QString::number(drop->interval.low * 100) : QString(),
                    drop ? QString::number(drop->interval.high * 100) : QString(),
                    QString::number(cell.trial.samples), number(cell.trial.meanDivergence()),
                    cell.trial.power.signal > 0 ? number(cell.trial.power.decibel()) : QString(),
                    number(cell.weightSnrDb), QString::number(cell.bytesSaved)});
  }
  return rows;
}

}  // namespace lapidary::ui
