// SPDX-License-Identifier: GPL-3.0-or-later
// A row of controls that goes on in the next line where the window is too narrow for it.
#pragma once

#include <QLayout>
#include <QList>

namespace lapidary::ui {

/// Every item keeps the width of its size hint; those of one line stand on its lower edge.
class FlowLayout : public QLayout {
  Q_OBJECT

 public:
  explicit FlowLayout(int spacing, QWidget* parent = nullptr);
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override;
  void addLayout(QLayout* layout);  ///< several widgets that stay together
  int count() const override;
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  Qt::Orientations expandingDirections() const override { return {}; }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;     ///< all in one line
  QSize minimumSize() const override;  ///< of the widest item
  void setGeometry(const QRect& rect) override;

 private:
  struct Line {
    QList<QLayoutItem*> items;
    int height = 0;
  };
  QList<Line> lines(int width) const;

  QList<QLayoutItem*> m_items;
};

}  // namespace lapidary::ui
