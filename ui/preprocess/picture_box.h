// SPDX-License-Identifier: GPL-3.0-or-later
// A picture scaled to the room there is, pixels kept square and, when enlarged, sharp.
#pragma once

#include <QImage>
#include <QWidget>

namespace lapidary::ui {

class PictureBox : public QWidget {
  Q_OBJECT

 public:
  explicit PictureBox(const QString& caption, QWidget* parent = nullptr);
  void setCaption(const QString& caption);
  /// Null: `placeholder` instead.
  void setPicture(const QImage& picture, const QString& placeholder);
  QSize sizeHint() const override { return {232, 256}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_caption, m_placeholder;
  QImage m_picture;
};

}  // namespace lapidary::ui
