// SPDX-License-Identifier: GPL-3.0-or-later
// Samples as rows: all of a kind that the cut changed, or simply all, those changed first.
#pragma once

#include <QAbstractListModel>
#include <memory>
#include <optional>
#include <vector>

#include "core/session/session.h"

namespace lapidary::ui {

class ThumbnailStore;

class SampleListModel final : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Kind { Lost, Gained, Changed, All };
  enum Roles {
    SampleRole = Qt::UserRole,  ///< qulonglong
    ImageRole,                  ///< QImage, may be null
    TitleRole,                  ///< name and truth
    AnswersRole,                ///< both answers; empty where the cut changed nothing
    ShortAnswersRole,           ///< the same without probabilities
    KindRole,                   ///< Kind, All where the cut changed nothing
  };

  /// The store is not owned and outlives this.
  explicit SampleListModel(ThumbnailStore& thumbnails, QObject* parent = nullptr);

  /// Null: nothing is known to have changed.
  void setComparison(std::shared_ptr<const core::Comparison> comparison);
  void setKind(Kind kind);
  Kind kind() const { return m_kind; }
  /// Only samples of this truth (without labels: original answer) and this answer of the cut.
  void setCell(std::optional<std::pair<std::int64_t, std::int64_t>> truthAndAnswer);
  /// The data set changed.
  void refresh();

  /// Row of a sample, or -1.
  int rowOf(std::size_t sample) const;

  int rowCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final;

 private:
  struct Row {
    std::size_t sample = 0;
    Kind kind = All;
    const core::ChangedSample* change = nullptr;  ///< of m_comparison
  };
  void rebuild();
  void append(const std::vector<core::ChangedSample>& list, Kind kind);
  void appendUnchanged();
  bool matches(const core::ChangedSample& sample) const;
  QString title(const Row& row) const;
  QString answers(const Row& row, bool probabilities) const;

  ThumbnailStore& m_thumbnails;
  std::shared_ptr<const core::Comparison> m_comparison;
  Kind m_kind = Lost;
  std::optional<std::pair<std::int64_t, std::int64_t>> m_cell;
  std::vector<Row> m_rows;
};

}  // namespace lapidary::ui
