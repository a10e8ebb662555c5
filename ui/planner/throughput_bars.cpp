// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the bars.
#include "ui/planner/throughput_bars.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {
constexpr int barRowHeight = 38, barTop = 18, barHeight = 9;
constexpr double pieceGap = 2;
}  // namespace

ThroughputBars::ThroughputBars(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ThroughputBars::setRows(std::vector<Row> rows) {
  m_rows = std::move(rows);
  m_most = 0;
  for (const Row& row : m_rows) m_most = std::max({m_most, row.predicted, row.measured});
  updateGeometry();
  update();
}

QSize ThroughputBars::sizeHint() const { return {240, barRowHeight * static_cast<int>(m_rows.size())}; }

double ThroughputBars::widthOf(double value) const {
  return m_most > 0 ? std::max(2.0, (width() - 2) * value / m_most) : 0;
}

QRectF ThroughputBars::outlineOf(std::size_t row) const {
  const double top = static_cast<double>(row) * barRowHeight + barTop - 2.5;
  return {0.5, top, widthOf(m_rows[row].predicted), barHeight + 5};
}

std::vector<QRectF> ThroughputBars::piecesOf(std::size_t row) const {
  const double all = widthOf(m_rows[row].measured), top = static_cast<double>(row) * barRowHeight + barTop;
  const std::vector<double> shares =
      m_rows[row].shares.empty() ? std::vector<double>{1.0} : m_rows[row].shares;
  std::vector<QRectF> pieces;
  double left = 0.5;
  for (const double share : shares) {
    pieces.emplace_back(left, top, std::max(0.5, all * share - pieceGap), barHeight);
    left += all * share;
  }
  return pieces;
}

bool ThroughputBars::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto row = static_cast<std::size_t>(std::max(0, help->pos().y()) / barRowHeight);
  if (row >= m_rows.size()) return QWidget::event(event);
  QToolTip::showText(help->globalPos(), m_rows[row].tip, this,
                     {0, static_cast<int>(row) * barRowHeight, width(), barRowHeight});
  return true;
}

void ThroughputBars::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::instance();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(theme.caption());
  const QFontMetricsF metrics(theme.caption());
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    const double base = static_cast<double>(i) * barRowHeight + 11;
    const double numbers = tabularWidth(painter.font(), row.numbers);
    painter.setPen(theme.color(Role::Text));
    painter.drawText(QPointF(0, base), metrics.elidedText(row.name, Qt::ElideMiddle, width() - numbers - 16));
    painter.setPen(theme.color(Role::Muted));
    drawTabular(painter, {width() - numbers, base}, row.numbers);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Role::Cut));
    for (const QRectF& piece : piecesOf(i)) painter.drawRoundedRect(piece, 2, 2);
    painter.setPen(QPen(theme.color(Role::Muted), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(outlineOf(i), 3, 3);
  }
}

void ThroughputBars::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.addAction(tr("Copy data"), this,
                 [this] { QGuiApplication::clipboard()->setText(tableText(m_table)); });
  menu.addAction(tr("Save picture…"), this,
                 [this] { askAndSavePicture(*this, QStringLiteral("throughput")); });
  menu.exec(event->globalPos());
}

}  // namespace lapidary::ui
