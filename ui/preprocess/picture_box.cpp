// SPDX-License-Identifier: GPL-3.0-or-later
// Caption above, as over maps.
#include "ui/preprocess/picture_box.h"

#include <QPainter>

#include "ui/look/theme.h"

namespace lapidary::ui {

PictureBox::PictureBox(const QString& caption, QWidget* parent) : QWidget(parent), m_caption(caption) {
  setAccessibleName(caption);
  setMinimumSize(120, 140);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PictureBox::setCaption(const QString& caption) {
  m_caption = caption;
  setAccessibleName(caption);
  update();
}

void PictureBox::setPicture(const QImage& picture, const QString& placeholder) {
  m_picture = picture;
  m_placeholder = placeholder;
  update();
}

void PictureBox::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = Theme::instance();
  const QRect area = rect().adjusted(0, 20, -1, -1);
  painter.setFont(theme.caption());
  painter.setPen(theme.color(Role::Muted));
  painter.drawText(QRect(0, 0, width(), 18), Qt::AlignLeft | Qt::AlignVCenter, m_caption);
  painter.fillRect(area, theme.color(Role::Ground));
  if (m_picture.isNull()) {
    painter.drawText(area.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
  } else {
    QRect target(QPoint(0, 0), m_picture.size().scaled(area.size(), Qt::KeepAspectRatio));
    target.moveCenter(area.center());
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_picture.width() > target.width());
    painter.drawImage(target, m_picture);
  }
  painter.setPen(theme.color(Role::Line));
  painter.drawRect(area);
}

}  // namespace lapidary::ui
