// SPDX-License-Identifier: GPL-3.0-or-later
// Three rows of fixed height, so that nothing below jumps.
#include "ui/saliency/answer_bars.h"

#include <QPainter>
#include <algorithm>

#include "ui/look/number_text.h"

namespace lapidary::ui {
namespace {

constexpr int rowHeight = 20, answers = 3;

}  // namespace

AnswerBars::AnswerBars(Role role, QWidget* parent) : QWidget(parent), m_role(role) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAccessibleName(tr("No answers yet"));
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize AnswerBars::sizeHint() const { return {200, answers * rowHeight}; }

void AnswerBars::setRows(std::vector<Row> newRows) {
  m_rows = std::move(newRows);
  QString spoken;
  for (const Row& row : m_rows) spoken += tr("%1: %2. ").arg(row.name, percentText(row.probability, 1));
  setAccessibleName(spoken.isEmpty() ? tr("No answers yet") : spoken);
  update();
}

void AnswerBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = Theme::instance();
  painter.setFont(theme.caption());
  const QFontMetrics metrics = painter.fontMetrics();
  const int share = metrics.horizontalAdvance(QStringLiteral("100.0 %")) + 4;
  int name = 24;
  for (const Row& row : m_rows) name = std::max(name, metrics.horizontalAdvance(row.name) + 20);
  name = std::min(name, width() / 3);
  for (std::size_t i = 0; i < m_rows.size() && i < answers; ++i) {
    const Row& row = m_rows[i];
    const QRect line(0, static_cast<int>(i) * rowHeight, width(), rowHeight);
    painter.setPen(theme.color(i == 0 ? Role::Text : Role::Muted));
    const QString label = row.truth ? QStringLiteral("✓ ") + row.name : row.name;
    painter.drawText(QRect(0, line.top(), name, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(label, Qt::ElideRight, name - 4));
    painter.drawText(QRect(width() - share, line.top(), share, rowHeight), Qt::AlignRight | Qt::AlignVCenter,
                     percentText(row.probability, 1));
    const QRectF track(name, line.top() + 7, std::max(8, width() - name - share - 8), 6);
    painter.fillRect(track, theme.color(Role::Line));
    painter.fillRect(
        QRectF(track.left(), track.top(), track.width() * std::clamp(row.probability, 0.0, 1.0), 6),
        theme.color(m_role));
  }
}

}  // namespace lapidary::ui
