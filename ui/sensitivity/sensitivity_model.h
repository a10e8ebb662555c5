// SPDX-License-Identifier: GPL-3.0-or-later
// The sensitivity matrix as a table: layers as rows, settings as columns, what is lost in each cell.
#pragma once

#include <QAbstractTableModel>

#include "core/analyze/trials/sensitivity.h"
#include "ui/charts/chart_export.h"
#include "ui/document/document.h"
#include "ui/heatmap/color_scale.h"

namespace lapidary::ui {

class SensitivityModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum DataRole {
    LossRole =
        Qt::UserRole,  ///< what the colour stands for, in points (or dB below 60); invalid: not measured
    SharpRole,         ///< false while more samples may come
    SavedRole,         ///< bytes saved as a share in [0, 1] of the most that any cell saves
    AppliedRole,       ///< whether the present recipe has this edit on this layer
  };

  explicit SensitivityModel(Document& document, QObject* parent = nullptr);

  void setMatrix(const core::SensitivityMatrix& matrix);
  void clear();
  const core::SensitivityMatrix& matrix() const { return m_matrix; }

  /// Of the colours, and the words for their unit.
  ColorScale scale() const;
  QString unit() const;
  DataTable dataTable() const;
  /// The recipe with the cell's edit laid over its layer, or taken off where it has it.
  core::Recipe toggled(const QModelIndex& index) const;
  bool applied(const QModelIndex& index) const;
  core::LayerId layerOf(int row) const { return m_matrix.layers.at(static_cast<std::size_t>(row)); }
  QString settingText(int column) const;

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

 private:
  const core::SensitivityCell& cellAt(const QModelIndex& index) const;
  QString layerName(int row) const;
  QString text(const core::SensitivityCell& cell) const;
  QString tip(const core::SensitivityCell& cell) const;
  QStringList measuredLines(const core::SensitivityCell& cell) const;

  Document& m_document;
  core::SensitivityMatrix m_matrix;
  std::int64_t m_mostSaved = 1;
};

}  // namespace lapidary::ui
