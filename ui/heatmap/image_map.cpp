// SPDX-License-Identifier: GPL-3.0-or-later
// Painting is one table lookup a pixel; the picture is kept until the map, the view or the theme changes.
#include "ui/heatmap/image_map.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

#include "ui/charts/chart_export.h"
#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

constexpr int captionHeight = 20;
constexpr double zoomStep = 1.25;

}  // namespace

ImageMap::ImageMap(MapViewport& viewport, QWidget* parent) : QWidget(parent), m_viewport(viewport) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(&viewport, &MapViewport::changed, this, &ImageMap::refresh);
  connect(&viewport, &MapViewport::hoveredChanged, this, qOverload<>(&QWidget::update));
  connect(&Theme::instance(), &Theme::changed, this, &ImageMap::refresh);
}

void ImageMap::setMap(std::shared_ptr<const MapPyramid> map, const ColorScale& scale) {
  m_map = std::move(map);
  m_scale = scale;
  refresh();
}

void ImageMap::setUnderlay(const QImage& picture, double opacity) {
  m_underlay = picture;
  m_opacity = opacity;
  refresh();
}

void ImageMap::setCaption(const QString& caption) {
  m_caption = caption;
  setAccessibleName(caption);
  update();
}

void ImageMap::setPlaceholder(const QString& text) {
  m_placeholder = text;
  update();
}

void ImageMap::setDimmed(bool dimmed) {
  if (m_dimmed == dimmed) return;
  m_dimmed = dimmed;
  update();
}

void ImageMap::refresh() {
  m_rendered = {};
  update();
}

QRect ImageMap::mapArea() const { return rect().adjusted(1, captionHeight, -1, -1); }

QRectF ImageMap::contentArea() const {
  const QSize cells = m_viewport.content();
  const QRectF all(m_viewport.toPixel({0, 0}), m_viewport.toPixel(QPointF(cells.width(), cells.height())));
  return all.translated(mapArea().topLeft()).intersected(mapArea());
}

QImage ImageMap::render() const {
  const double ratio = devicePixelRatioF();
  const QSize pixels = (QSizeF(mapArea().size()) * ratio).toSize().expandedTo({1, 1});
  const std::vector<float> values = m_map->sample(m_viewport.shown(), pixels);
  const ColorTable table(m_scale);
  QImage image(pixels, QImage::Format_ARGB32);
  for (int y = 0; y < pixels.height(); ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
    const float* row = values.data() + static_cast<std::ptrdiff_t>(y) * pixels.width();
    for (int x = 0; x < pixels.width(); ++x) line[x] = table.color(row[x]);
  }
  image.setDevicePixelRatio(ratio);
  return image;
}

void ImageMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = Theme::instance();
  if (m_dimmed) painter.setOpacity(0.45);
  if (m_map) {
    paintMap(painter);
  } else {
    painter.setPen(theme.color(Role::Muted));
    painter.setFont(theme.caption());
    painter.drawText(mapArea().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
  }
  paintCaption(painter);
  if (hasFocus()) {
    painter.setOpacity(1);
    painter.setPen(QPen(theme.color(Role::Cut), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
  }
}

void ImageMap::paintMap(QPainter& painter) {
  const Theme& theme = Theme::instance();
  if (m_rendered.isNull()) m_rendered = render();
  const QRectF content = contentArea();
  painter.save();
  painter.setClipRect(content);
  painter.fillRect(content, theme.color(Role::Line));
  if (!m_underlay.isNull()) {
    const QSize cells = m_viewport.content();
    const QRectF target(m_viewport.toPixel({0, 0}),
                        m_viewport.toPixel(QPointF(cells.width(), cells.height())));
    painter.drawImage(target.translated(mapArea().topLeft()), m_underlay);
    painter.setOpacity(painter.opacity() * m_opacity);
  }
  painter.drawImage(mapArea().topLeft(), m_rendered);
  painter.restore();
  painter.setPen(QPen(theme.color(Role::Line), 1));
  painter.drawRect(content.adjusted(-0.5, -0.5, 0.5, 0.5));
  const QPoint cell = m_viewport.hovered();
  if (cell.x() < 0) return;
  QRectF frame(m_viewport.toPixel(cell), m_viewport.cellSize());
  frame.translate(mapArea().topLeft());
  const double grow = std::max(0.0, 3 - std::min(frame.width(), frame.height())) / 2;
  painter.setClipRect(mapArea());
  painter.setPen(QPen(theme.color(Role::Text), 1));
  painter.drawRect(frame.adjusted(-grow - 1, -grow - 1, grow, grow));
  painter.setClipping(false);
}

void ImageMap::paintCaption(QPainter& painter) const {
  const Theme& theme = Theme::instance();
  painter.setFont(theme.caption());
  painter.setPen(theme.color(Role::Muted));
  const QRect line(1, 0, width() - 2, captionHeight - 2);
  painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(m_caption, Qt::ElideRight, line.width()));
}

void ImageMap::resizeEvent(QResizeEvent*) {
  m_viewport.setPanel(mapArea().size());
  refresh();
}

void ImageMap::wheelEvent(QWheelEvent* event) {
  if (!m_map) return event->ignore();
  const double notches = event->angleDelta().y() / 120.0;
  m_viewport.zoomBy(std::pow(zoomStep, notches), event->position() - mapArea().topLeft());
  hoverAt(event->position());
  event->accept();
}

void ImageMap::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  m_grabbed = event->position();
  m_panning = m_viewport.zoom() > 1;
  if (m_panning) setCursor(Qt::ClosedHandCursor);
}

void ImageMap::mouseMoveEvent(QMouseEvent* event) {
  if (m_panning) {
    m_viewport.panBy(event->position() - m_grabbed);
    m_grabbed = event->position();
  }
  hoverAt(event->position());
}

void ImageMap::mouseReleaseEvent(QMouseEvent*) {
  m_panning = false;
  unsetCursor();
}

void ImageMap::mouseDoubleClickEvent(QMouseEvent*) { m_viewport.fit(); }

void ImageMap::leaveEvent(QEvent*) { m_viewport.setHovered({-1, -1}); }

void ImageMap::hoverAt(QPointF position) {
  const QPointF cell = m_viewport.toCell(position - mapArea().topLeft());
  const bool inside = m_map && mapArea().contains(position.toPoint());
  m_viewport.setHovered(
      inside ? QPoint(static_cast<int>(std::floor(cell.x())), static_cast<int>(std::floor(cell.y())))
             : QPoint(-1, -1));
}

void ImageMap::keyPressEvent(QKeyEvent* event) {
  const QPointF centre = QRectF(QPointF(0, 0), mapArea().size()).center();
  switch (event->key()) {
    case Qt::Key_Left:
      return m_viewport.moveHovered(-1, 0);
    case Qt::Key_Right:
      return m_viewport.moveHovered(1, 0);
    case Qt::Key_Up:
      return m_viewport.moveHovered(0, -1);
    case Qt::Key_Down:
      return m_viewport.moveHovered(0, 1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return m_viewport.zoomBy(zoomStep, centre);
    case Qt::Key_Minus:
      return m_viewport.zoomBy(1 / zoomStep, centre);
    case Qt::Key_0:
      return m_viewport.fit();
    default:
      QWidget::keyPressEvent(event);
  }
}

void ImageMap::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  menu.addAction(tr("Show all"), this, [this] { m_viewport.fit(); });
  menu.addAction(tr("Save as PNG…"), this, [this] { askAndSavePicture(*this, QStringLiteral("map.png")); });
  menu.addAction(tr("Save as SVG…"), this, [this] { askAndSavePicture(*this, QStringLiteral("map.svg")); });
  menu.exec(event->globalPos());
}

}  // namespace lapidary::ui
