// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of one cell.
#include "ui/layers/layer_delegate.h"

#include <QPainter>

#include "ui/layers/layer_table_model.h"
#include "ui/layers/stage_marks.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

void paintName(QPainter& painter, const QRectF& box, const QModelIndex& index) {
  const auto& theme = Theme::instance();
  QFont bold = theme.body();
  bold.setWeight(QFont::DemiBold);
  const auto line = [&](const QFont& font, Role role, double base, const QString& text,
                        Qt::TextElideMode mode) {
    painter.setFont(font);
    painter.setPen(theme.color(role));
    painter.drawText(QPointF(box.left(), base), QFontMetricsF(font).elidedText(text, mode, box.width()));
  };
  // Names are paths whose end tells layers apart; of operator and shape the beginning matters most.
  line(bold, Role::Text, box.center().y() - 2, index.data().toString(), Qt::ElideLeft);
  line(theme.caption(), Role::Muted, box.center().y() + 14,
       index.data(LayerTableModel::SubtitleRole).toString(), Qt::ElideMiddle);
}

void paintBar(QPainter& painter, const QRectF& box, const QModelIndex& index) {
  const auto& theme = Theme::instance();
  const QRectF track(box.left(), box.center().y() - 3, box.width() - 8, 6);
  const auto bar = [&](double share, Role role) {
    if (share <= 0) return;
    painter.setBrush(theme.color(role));
    painter.drawRoundedRect(
        QRectF(track.left(), track.top(), std::max(3.0, track.width() * share), track.height()), 2, 2);
  };
  painter.setPen(Qt::NoPen);
  bar(index.data(LayerTableModel::BeforeRole).toDouble(), Role::Original);
  if (index.data(LayerTableModel::EmphasisRole).toBool())
    bar(index.data(LayerTableModel::AfterRole).toDouble(), Role::Cut);
}

void paintNumber(QPainter& painter, const QRectF& box, const QModelIndex& index) {
  const auto& theme = Theme::instance();
  const QString text = index.data().toString();
  const bool emphasis =
      index.column() == LayerTableModel::Change && index.data(LayerTableModel::EmphasisRole).toBool();
  painter.setFont(theme.body());
  painter.setPen(theme.color(emphasis ? Role::Cut : Role::Text));
  const QFontMetricsF metrics(theme.body());
  drawTabular(painter,
              {box.right() - tabularWidth(theme.body(), text), box.center().y() + metrics.capHeight() / 2},
              text);
}

/// A strip in the stage's colour along its rows, a rule over the first of them, and there its number.
void paintStage(QPainter& painter, const QRectF& cell, const QModelIndex& index) {
  const int stage = index.data(LayerTableModel::StageRole).toInt();
  if (stage == 0) return;
  const QColor color = stageColor(stage, index.data(LayerTableModel::StagesRole).toInt());
  const bool first = index.row() == 0 ||
                     index.siblingAtRow(index.row() - 1).data(LayerTableModel::StageRole).toInt() != stage;
  const bool atLeft = index.column() == LayerTableModel::Name;
  if (atLeft) painter.fillRect(QRectF(cell.left(), cell.top(), 4, cell.height()), color);
  if (!first) return;
  painter.fillRect(QRectF(cell.left(), cell.top(), cell.width(), 1), color);
  if (!atLeft) return;
  QFont font = Theme::instance().caption();
  font.setPixelSize(9);
  font.setWeight(QFont::Bold);
  const QString number = QString::number(stage);
  const QRectF tag(cell.left(), cell.top(), QFontMetricsF(font).horizontalAdvance(number) + 7, 12);
  painter.fillRect(tag, color);
  painter.setFont(font);
  painter.setPen(inkOn(color));
  painter.drawText(tag, Qt::AlignCenter, number);
}

}  // namespace

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
  const auto& theme = Theme::instance();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (option.state.testFlag(QStyle::State_Selected))
    painter->fillRect(option.rect, theme.color(Role::CutSoft));
  const bool first = index.column() == LayerTableModel::Name;
  const QRectF box = QRectF(option.rect).adjusted(first ? 14 : 4, 0, -6, 0);
  if (first)
    paintName(*painter, box, index);
  else if (index.column() == LayerTableModel::BytesBar)
    paintBar(*painter, box, index);
  else
    paintNumber(*painter, box, index);
  paintStage(*painter, QRectF(option.rect), index);
  painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  return {QStyledItemDelegate::sizeHint(option, index).width(), rowHeight};
}

}  // namespace lapidary::ui
