// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the bars.
#include "ui/live/pair_bars.h"

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

class PairBars::Bars : public QWidget {
 public:
  static constexpr int rowHeight = 34;

  void setRows(std::vector<Row> rows) {
    m_rows = std::move(rows);
    setMinimumHeight(sizeHint().height());
    update();
  }
  const std::vector<Row>& rows() const { return m_rows; }
  QSize sizeHint() const override { return {200, rowHeight * static_cast<int>(m_rows.size()) + 8}; }

 protected:
  bool event(QEvent* event) override {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto row = static_cast<std::size_t>(std::max(0, help->pos().y()) / rowHeight);
    if (row >= m_rows.size() || m_rows[row].tip.isEmpty()) return QWidget::event(event);
    const int top = static_cast<int>(row) * rowHeight;
    QToolTip::showText(help->globalPos(), m_rows[row].tip, this, {0, top, width(), rowHeight});
    return true;
  }

  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    double most = 0;
    for (const Row& row : m_rows) most = std::max({most, row.before, row.after});
    double y = 0;
    for (const Row& row : m_rows) {
      paintRow(painter, row, most, y);
      y += rowHeight;
    }
  }

 private:
  void paintRow(QPainter& painter, const Row& row, double most, double y) const {
    const auto& theme = Theme::instance();
    const QFont font = theme.caption();
    const double numbersWidth = tabularWidth(font, row.numbers);
    painter.setFont(font);
    painter.setPen(theme.color(Role::Text));
    painter.drawText(QPointF(0, y + 12),
                     QFontMetricsF(font).elidedText(row.name, Qt::ElideMiddle, width() - numbersWidth - 16));
    painter.setPen(theme.color(Role::Muted));
    drawTabular(painter, {width() - numbersWidth - 4, y + 12}, row.numbers);
    painter.setPen(Qt::NoPen);
    const auto bar = [&](double top, double value, Role role) {
      if (value <= 0) return;
      painter.setBrush(theme.color(role));
      painter.drawRoundedRect(QRectF(0, top, std::max(2.0, (width() - 4) * value / most), 5), 2, 2);
    };
    bar(y + 17, row.before, Role::Original);
    bar(y + 23, row.after, Role::Cut);
  }

  std::vector<Row> m_rows;
};

PairBars::PairBars(const QString& pictureName, QWidget* parent)
    : QScrollArea(parent), m_pictureName(pictureName), m_bars(new Bars) {
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_bars->setObjectName("plain");
  setWidget(m_bars);
}

void PairBars::setRows(std::vector<Row> rows) { m_bars->setRows(std::move(rows)); }

const std::vector<PairBars::Row>& PairBars::rows() const { return m_bars->rows(); }

QPoint PairBars::pointOf(std::size_t row) const {
  return {m_bars->width() / 2, static_cast<int>(row) * Bars::rowHeight + Bars::rowHeight / 2};
}

void PairBars::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.addAction(tr("Copy data"), this,
                 [this] { QGuiApplication::clipboard()->setText(tableText(m_table)); });
  menu.addAction(tr("Save picture…"), this, [this] { askAndSavePicture(*m_bars, m_pictureName); });
  menu.exec(event->globalPos());
}

}  // namespace lapidary::ui
