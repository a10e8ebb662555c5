// Painting of the bars; scrolls where the model has many layers.
#include "ui/live/bytes_bars.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <algorithm>

#include "ui/number_text.h"
#include "ui/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

class BytesBars::Bars : public QWidget {
 public:
  explicit Bars(Document& document) : m_document(document) {}

  static constexpr int rowHeight = 34;
  QSize sizeHint() const override {
    return {200, rowHeight * static_cast<int>(m_document.outcome().footprint.layers.size()) + 8};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    std::uint64_t most = 1;
    for (const auto& layer : m_document.outcome().footprint.layers)
      most = std::max({most, layer.bytesBefore, layer.bytesAfter});
    double y = 0;
    for (const auto& layer : m_document.outcome().footprint.layers) {
      paintRow(painter, layer, static_cast<double>(most), y);
      y += rowHeight;
    }
  }

 private:
  void paintRow(QPainter& painter, const core::LayerFootprint& layer, double most, double y) const {
    const auto& theme = Theme::instance();
    const QString numbers =
        layer.bytesAfter == layer.bytesBefore
            ? bytesText(layer.bytesBefore)
            : QStringLiteral("%1 → %2").arg(bytesText(layer.bytesBefore), bytesText(layer.bytesAfter));
    const QFont font = theme.caption();
    const double numbersWidth = tabularWidth(font, numbers);
    const QString name = QString::fromStdString(m_document.session()->model().layer(layer.layer).name);
    painter.setFont(font);
    painter.setPen(theme.color(Role::Text));
    painter.drawText(QPointF(0, y + 12),
                     QFontMetricsF(font).elidedText(name, Qt::ElideMiddle, width() - numbersWidth - 16));
    painter.setPen(theme.color(Role::Muted));
    drawTabular(painter, {width() - numbersWidth - 4, y + 12}, numbers);
    painter.setPen(Qt::NoPen);
    const auto bar = [&](double top, std::uint64_t bytes, Role role) {
      painter.setBrush(theme.color(role));
      const double length = (width() - 4) * static_cast<double>(bytes) / most;
      if (bytes > 0) painter.drawRoundedRect(QRectF(0, top, std::max(2.0, length), 5), 2, 2);
    };
    bar(y + 17, layer.bytesBefore, Role::Original);
    bar(y + 23, layer.bytesAfter, Role::Cut);
  }

  Document& m_document;
};

BytesBars::BytesBars(Document& document, QWidget* parent)
    : QScrollArea(parent), m_document(document), m_bars(new Bars(document)) {
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_bars->setObjectName("plain");
  setWidget(m_bars);
  setToolTip(tr("Bytes of each layer in the file: before (slate) and after the cut (jade)"));
  const auto refresh = [this] {
    m_bars->setMinimumHeight(m_bars->sizeHint().height());
    m_bars->update();
  };
  connect(&document, &Document::outcomeChanged, this, refresh);
  connect(&document, &Document::opened, this, refresh);
  refresh();
}

void BytesBars::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.addAction(tr("Copy data"), this,
                 [this] { QGuiApplication::clipboard()->setText(tableText(table())); });
  menu.addAction(tr("Save picture…"), this, [this] { askAndSavePicture(*m_bars, "bytes-per-layer"); });
  menu.exec(event->globalPos());
}

DataTable BytesBars::table() const {
  DataTable rows{{tr("Layer"), tr("Bytes before"), tr("Bytes after")}};
  for (const auto& layer : m_document.outcome().footprint.layers)
    rows.push_back({QString::fromStdString(m_document.session()->model().layer(layer.layer).name),
                    QString::number(layer.bytesBefore), QString::number(layer.bytesAfter)});
  return rows;
}

}  // namespace lapidary::ui
