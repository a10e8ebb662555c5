// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/walk/hands.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSet>
#include <QTabBar>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>

#include "ui/widgets/slider_track.h"

namespace lapidary::ui {

namespace {

QString nameOf(const QWidget& widget) {
  QStringList names;
  for (const QWidget* up = &widget; up && names.size() < 4; up = up->parentWidget())
    names.prepend(QString::fromLatin1(up->metaObject()->className()).section("::", -1));
  return names.join("/") + " \"" + widget.accessibleName() + "\"";
}

bool takesTab(const QWidget& widget) {
  return widget.isVisible() && widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) != 0 &&
         !widget.focusProxy();
}

QList<QWidget*> partsOf(const QWidget& window) {
  QList<QWidget*> parts;
  for (QWidget* widget : window.findChildren<QWidget*>())
    if (widget->isVisible() && widget->window() == window.window()) parts << widget;
  return parts;
}

/// What the wheel could change of a control, as one text.
QString stateOf(const QWidget& control) {
  if (const auto* box = qobject_cast<const QComboBox*>(&control)) return QString::number(box->currentIndex());
  if (const auto* spin = qobject_cast<const QAbstractSpinBox*>(&control)) return spin->text();
  if (const auto* track = qobject_cast<const SliderTrack*>(&control))
    return QString::number(track->value(), 'g', 17);
  if (const auto* bar = qobject_cast<const QTabBar*>(&control)) return QString::number(bar->currentIndex());
  return {};
}

void turnWheel(QWidget& control) {
  const QPointF middle = control.rect().center();
  for (const int notch : {-120, 120, 120, -120, -120}) {
    QWheelEvent event(middle, control.mapToGlobal(middle), {}, {0, notch}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&control, &event);
  }
}

bool hasName(const QWidget& part) {
  auto* spoken = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(&part));
  return spoken && !spoken->text(QAccessible::Name).isEmpty();
}

/// Drawn by hand: nothing that a screen reader could find by itself.
bool isDrawing(const QWidget& part) {
  const QString type = QString::fromLatin1(part.metaObject()->className());
  for (const char* ending : {"Chart", "Map", "Bars", "Plot", "ChartView", "Tile", "Grid"})
    if (type.endsWith(QLatin1String(ending))) return true;
  return false;
}

}  // namespace

QStringList tabFaults(QWidget& window) {
  QStringList faults;
  if (std::ranges::count_if(partsOf(window), [](const QWidget* part) { return takesTab(*part); }) < 2)
    return faults;
  QSet<QWidget*> reached;
  window.activateWindow();
  QWidget* start = window.nextInFocusChain();
  while (start != &window && !takesTab(*start)) start = start->nextInFocusChain();
  if (start == &window) return faults;
  start->setFocus(Qt::TabFocusReason);
  for (int i = 0; i < 400; ++i) {
    QWidget* here = QApplication::focusWidget();
    if (!here || here->window() != window.window()) return faults << "the focus is lost";
    if (reached.contains(here)) break;
    reached << here;
    QTest::keyClick(here, Qt::Key_Tab);
    if (QApplication::focusWidget() == here) {
      faults << nameOf(*here) + ": Tab does not leave it";
      here->nextInFocusChain()->setFocus(Qt::TabFocusReason);
    }
  }
  for (QWidget* part : partsOf(window))
    if (takesTab(*part) && !reached.contains(part)) faults << nameOf(*part) + ": Tab does not come here";
  return faults;
}

QStringList wheelFaults(QWidget& window) {
  QStringList faults;
  for (QWidget* part : partsOf(window)) {
    const QString before = stateOf(*part);
    if (before.isEmpty() || !part->isEnabled()) continue;
    if (QWidget* focused = QApplication::focusWidget()) focused->clearFocus();
    turnWheel(*part);
    if (stateOf(*part) != before) faults << nameOf(*part) + ": " + before + " became " + stateOf(*part);
    if (part->hasFocus()) faults << nameOf(*part) + ": the wheel takes the focus";
  }
  return faults;
}

QStringList namelessParts(const QWidget& window) {
  QStringList faults;
  for (const QWidget* part : partsOf(window))
    if ((takesTab(*part) || isDrawing(*part)) && !hasName(*part)) faults << nameOf(*part) + ": has no name";
  return faults;
}

}  // namespace lapidary::ui
