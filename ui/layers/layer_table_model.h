// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of the open model as table rows: what they are, what they take, what the cut makes of them.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "ui/document/document.h"
#include "ui/layers/stage_marks.h"

namespace lapidary::ui {

class LayerTableModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Weights, BytesBar, Zeros, Bits, Change, columnCount_ };
  enum DataRole {
    SubtitleRole = Qt::UserRole,  ///< "Conv 20×1×5×5"
    BeforeRole,                   ///< share in [0, 1] of the largest layer's original bytes
    AfterRole,                    ///< likewise, of the bytes after the cut
    SortRole,                     ///< a number, or text for the name
    FilterRole,                   ///< name and operator
    EmphasisRole,                 ///< true where the cut changed the cell
    StageRole,                    ///< of the plan that is drawn, from 1; 0: none
    StagesRole,                   ///< how many that plan has
  };

  explicit LayerTableModel(Document& document, QObject* parent = nullptr);

  /// Sets the marks that are drawn of a plan; nothing once another model is open.
  void setStages(StageMarks marks);

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

 private:
  struct Row {
    core::LayerFootprint footprint;  ///< zeroed until the first outcome
    bool measured = false;
    core::ActivationMode activations = core::ActivationMode::None;
  };
  void reset();
  void refresh();
  QString text(const core::Layer& layer, const Row& row, int column) const;
  QVariant sortKey(const core::Layer& layer, const Row& row, int column) const;
  QString tip(const core::Layer& layer, const Row& row) const;
  int stageOf(std::size_t row) const;

  Document& m_document;
  std::shared_ptr<const core::Session> m_session;
  std::vector<Row> m_rows;
  std::uint64_t m_largest = 1;
  StageMarks m_stages;
};

/// "20×1×5×5"
QString shapeText(const core::Shape& shape);

}  // namespace lapidary::ui
