// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a hit as a small document.
#include "ui/manual/result_delegate.h"

#include <QListWidget>
#include <QPainter>
#include <algorithm>

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

constexpr int excerptRole = Qt::UserRole + 1;
constexpr int paddingX = 10, paddingY = 7;

QString markedUp(const ManualHit& hit) {
  QString html;
  qsizetype at = 0;
  for (const auto& mark : hit.marks) {
    if (mark.start < at) continue;  // terms that overlap
    html += hit.excerpt.mid(at, mark.start - at).toHtmlEscaped();
    html += QStringLiteral("<b>%1</b>").arg(hit.excerpt.mid(mark.start, mark.length).toHtmlEscaped());
    at = mark.start + mark.length;
  }
  return html + hit.excerpt.mid(at).toHtmlEscaped();
}

void layOut(QTextDocument& document, const QModelIndex& index, const QStyleOptionViewItem& option) {
  const Theme& theme = Theme::instance();
  const auto* list = qobject_cast<const QAbstractItemView*>(option.widget);
  const int width = list != nullptr ? list->viewport()->width() : option.rect.width();
  document.setDocumentMargin(0);
  document.setDefaultFont(theme.body());
  document.setTextWidth(std::max(80, width - 2 * paddingX));
  document.setHtml(QStringLiteral("<div style='color:%1; font-weight:700'>%2</div>"
                                  "<div style='color:%3; font-size:12px'>%4</div>")
                       .arg(theme.color(Role::Text).name(),
                            index.data(Qt::DisplayRole).toString().toHtmlEscaped(),
                            theme.color(Role::Muted).name(), index.data(excerptRole).toString()));
}

}  // namespace

void ResultDelegate::fill(QListWidgetItem& item, const ManualHit& hit) {
  item.setText(hit.title);
  item.setData(excerptRole, markedUp(hit));
  item.setData(Qt::AccessibleDescriptionRole, hit.excerpt);
}

void ResultDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
  const Theme& theme = Theme::instance();
  if (option.state.testFlag(QStyle::State_Selected))
    painter->fillRect(option.rect, theme.color(Role::CutSoft));
  else if (option.state.testFlag(QStyle::State_MouseOver))
    painter->fillRect(option.rect, theme.color(Role::Panel));
  QTextDocument document;
  layOut(document, index, option);
  painter->save();
  painter->translate(option.rect.left() + paddingX, option.rect.top() + paddingY);
  document.drawContents(painter);
  painter->restore();
}

QSize ResultDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QTextDocument document;
  layOut(document, index, option);
  return {120, static_cast<int>(document.size().height()) + 2 * paddingY};
}

}  // namespace lapidary::ui
