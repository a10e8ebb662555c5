// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sensitivity/sensitivity_delegate.h"

#include <QPainter>

#include "ui/look/theme.h"
#include "ui/sensitivity/sensitivity_model.h"

namespace lapidary::ui {

namespace {

/// Black or white, whichever stands out.
QColor inkOn(const QColor& ground) {
  const double light = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF();
  return light > 0.55 ? QColor(0x1C, 0x20, 0x24) : QColor(0xF6, 0xF7, 0xF8);
}

}  // namespace

void SensitivityDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  const Theme& theme = Theme::instance();
  const QRectF cell = QRectF(option.rect).adjusted(1, 1, -1, -1);
  const QVariant loss = index.data(SensitivityModel::LossRole);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QColor ground = loss.isValid()
                            ? QColor(theme.diverging(std::clamp(loss.toDouble() / m_scale.limit, -1.0, 1.0)))
                            : theme.color(Role::Panel);
  painter->setPen(Qt::NoPen);
  painter->setBrush(ground);
  painter->drawRoundedRect(cell, 3, 3);
  if (!loss.isValid()) {
    painter->setBrush(QBrush(theme.color(Role::Line), Qt::BDiagPattern));
    painter->drawRoundedRect(cell, 3, 3);
  }
  const QColor ink = loss.isValid() ? inkOn(ground) : theme.color(Role::Muted);
  QColor bar = ink;
  bar.setAlpha(130);
  const double saved = index.data(SensitivityModel::SavedRole).toDouble();
  painter->setBrush(bar);
  painter->drawRect(QRectF(cell.left() + 4, cell.bottom() - 5, (cell.width() - 8) * saved, 2.5));
  QFont font = theme.caption();
  font.setItalic(loss.isValid() && !index.data(SensitivityModel::SharpRole).toBool());
  painter->setFont(font);
  painter->setPen(ink);
  painter->drawText(cell.adjusted(0, -1, 0, -4), Qt::AlignCenter, index.data(Qt::DisplayRole).toString());
  painter->setBrush(Qt::NoBrush);
  if (index.data(SensitivityModel::AppliedRole).toBool()) {
    painter->setPen(QPen(theme.color(Role::Cut), 2.5));
    painter->drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3);
  }
  if (option.state & QStyle::State_HasFocus) {
    painter->setPen(QPen(theme.color(Role::Text), 1, Qt::DotLine));
    painter->drawRoundedRect(cell, 3, 3);
  }
  painter->restore();
}

}  // namespace lapidary::ui
