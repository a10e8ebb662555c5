// SPDX-License-Identifier: GPL-3.0-or-later
// A row of 52 pixels on the grid of eight.
#include "ui/samples/sample_delegate.h"

#include <QImage>
#include <QPainter>

#include "ui/look/theme.h"
#include "ui/samples/sample_list_model.h"

namespace lapidary::ui {
namespace {

constexpr int rowHeight = 52, pictureSide = 40, margin = 6;

Role roleOf(int kind) {
  switch (kind) {
    case SampleListModel::Lost:
      return Role::Loss;
    case SampleListModel::Gained:
      return Role::Gain;
    case SampleListModel::Changed:
      return Role::Text;
    default:
      return Role::Muted;
  }
}

void paintPicture(QPainter& painter, const QRect& box, const QImage& image) {
  const Theme& theme = Theme::instance();
  painter.fillRect(box, theme.color(Role::Ground));
  if (image.isNull()) return;
  const QSize size = image.size().scaled(box.size(), Qt::KeepAspectRatio);
  QRect target(QPoint(0, 0), size);
  target.moveCenter(box.center());
  painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > box.width());
  painter.drawImage(target, image);
}

}  // namespace

QSize SampleDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  return {120, rowHeight};
}

void SampleDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
  const Theme& theme = Theme::instance();
  painter->save();
  if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme.color(Role::CutSoft));
  if (option.state & QStyle::State_HasFocus) {
    painter->setPen(QPen(theme.color(Role::Cut), 2));
    painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
  }
  const QRect picture(option.rect.left() + margin, option.rect.top() + margin, pictureSide, pictureSide);
  paintPicture(*painter, picture, index.data(SampleListModel::ImageRole).value<QImage>());
  QRect text = option.rect.adjusted(2 * margin + pictureSide + 2, margin, -margin, -margin);
  const QString answers = index.data(SampleListModel::AnswersRole).toString();
  const auto line = [&](const QRect& box, const QFont& font, const QColor& color, const QString& content) {
    painter->setFont(font);
    painter->setPen(color);
    painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(content, Qt::ElideRight, box.width()));
  };
  const QString title = index.data(SampleListModel::TitleRole).toString();
  if (answers.isEmpty()) {
    line(text, theme.caption(), theme.color(Role::Muted), title);
  } else {
    const QRect upper(text.left(), text.top(), text.width(), text.height() / 2);
    line(upper, theme.caption(), theme.color(Role::Muted), title);
    const bool fits = QFontMetrics(theme.body()).horizontalAdvance(answers) <= upper.width();
    line(upper.translated(0, upper.height()), theme.body(),
         theme.color(roleOf(index.data(SampleListModel::KindRole).toInt())),
         fits ? answers : index.data(SampleListModel::ShortAnswersRole).toString());
  }
  painter->restore();
}

}  // namespace lapidary::ui
