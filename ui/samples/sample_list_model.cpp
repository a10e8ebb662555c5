// SPDX-License-Identifier: GPL-3.0-or-later
// Rows are rebuilt as a whole: lists of changed samples are short.
#include "ui/samples/sample_list_model.h"

#include <QImage>
#include <algorithm>
#include <unordered_set>

#include "ui/look/number_text.h"
#include "ui/samples/sample_image.h"
#include "ui/samples/thumbnail_store.h"

namespace lapidary::ui {

SampleListModel::SampleListModel(ThumbnailStore& thumbnails, QObject* parent)
    : QAbstractListModel(parent), m_thumbnails(thumbnails) {
  connect(&thumbnails, &ThumbnailStore::arrived, this, [this](qulonglong sample) {
    const int row = rowOf(sample);
    if (row >= 0) emit dataChanged(index(row), index(row), {ImageRole, Qt::DecorationRole});
  });
}

void SampleListModel::setComparison(std::shared_ptr<const core::Comparison> comparison) {
  beginResetModel();
  m_comparison = std::move(comparison);
  rebuild();
  endResetModel();
}

void SampleListModel::setKind(Kind kind) {
  beginResetModel();
  m_kind = kind;
  rebuild();
  endResetModel();
}

void SampleListModel::setCell(std::optional<std::pair<std::int64_t, std::int64_t>> truthAndAnswer) {
  beginResetModel();
  m_cell = truthAndAnswer;
  rebuild();
  endResetModel();
}

void SampleListModel::refresh() {
  beginResetModel();
  rebuild();
  endResetModel();
}

bool SampleListModel::matches(const core::ChangedSample& sample) const {
  if (!m_cell) return true;
  const std::int64_t row = sample.truth >= 0 ? sample.truth : sample.original.top1;
  return row == m_cell->first && sample.cut.top1 == m_cell->second;
}

void SampleListModel::append(const std::vector<core::ChangedSample>& list, Kind kind) {
  for (const core::ChangedSample& sample : list)
    if (matches(sample)) m_rows.push_back({sample.sample, kind, &sample});
}

void SampleListModel::appendUnchanged() {
  const auto& data = m_thumbnails.data();
  if (!data) return;
  std::unordered_set<std::size_t> known;
  for (const Row& row : m_rows) known.insert(row.sample);
  for (std::size_t sample = 0; sample < data->size(); ++sample)
    if (!known.contains(sample)) m_rows.push_back({sample, All, nullptr});
}

void SampleListModel::rebuild() {
  m_rows.clear();
  if (m_comparison) {
    if (m_kind == Lost || m_kind == All) append(m_comparison->lost, Lost);
    if (m_kind == Gained || m_kind == All) append(m_comparison->gained, Gained);
    if (m_kind == Changed || m_kind == All) append(m_comparison->changed, Changed);
  }
  if (m_kind == All) appendUnchanged();
}

int SampleListModel::rowOf(std::size_t sample) const {
  const auto row =
      std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.sample == sample; });
  return row == m_rows.end() ? -1 : static_cast<int>(row - m_rows.begin());
}

int SampleListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString SampleListModel::title(const Row& row) const {
  const auto& data = m_thumbnails.data();
  if (!data || row.sample >= data->size()) return QString::number(row.sample);
  const QString name = QString::fromStdString(data->source().sampleName(row.sample));
  if (!data->labelled()) return name;
  return tr("%1 · truth %2").arg(name, className(*data, data->source().label(row.sample)));
}

QString SampleListModel::answers(const Row& row, bool probabilities) const {
  const auto& data = m_thumbnails.data();
  if (!row.change || !data) return {};
  const core::Prediction &before = row.change->original, &after = row.change->cut;
  if (!probabilities)
    return QStringLiteral("%1 → %2").arg(className(*data, before.top1), className(*data, after.top1));
  return tr("%1 (%2) → %3 (%4)")
      .arg(className(*data, before.top1), percentText(before.probability, 0), className(*data, after.top1),
           percentText(after.probability, 0));
}

QVariant SampleListModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
      return title(row);
    case Qt::AccessibleTextRole:
      return title(row) + QLatin1Char(' ') + answers(row, true);
    case AnswersRole:
      return answers(row, true);
    case ShortAnswersRole:
      return answers(row, false);
    case SampleRole:
      return static_cast<qulonglong>(row.sample);
    case ImageRole:
      return m_thumbnails.thumbnail(row.sample);
    case KindRole:
      return row.kind;
    default:
      return {};
  }
}

}  // namespace lapidary::ui
