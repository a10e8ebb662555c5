// SPDX-License-Identifier: GPL-3.0-or-later
// The likeliest classes of one sample as bars with their probabilities.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/look/theme.h"

namespace lapidary::ui {

class AnswerBars : public QWidget {
  Q_OBJECT

 public:
  struct Row {
    QString name;
    double probability = 0;
    bool truth = false;  ///< marked with a tick
  };

  /// `role` colours the bars.
  explicit AnswerBars(Role role, QWidget* parent = nullptr);
  void setRows(std::vector<Row> rows);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Role m_role;
  std::vector<Row> m_rows;
};

}  // namespace lapidary::ui
