// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/input_manners.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QTabBar>

#include "ui/widgets/slider_track.h"

namespace lapidary::ui {

namespace {

bool changesByWheel(const QWidget& widget) {
  return qobject_cast<const QComboBox*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget) ||
         qobject_cast<const QTabBar*>(&widget) || qobject_cast<const SliderTrack*>(&widget);
}

/// A control's event may come to a part of it: the field of a spin box.
const QWidget* controlOf(const QWidget* widget) {
  while (widget && !widget->isWindow() && !changesByWheel(*widget)) widget = widget->parentWidget();
  return widget && changesByWheel(*widget) ? widget : nullptr;
}

bool holdsFocus(const QWidget& control) {
  const QWidget* focused = control.window()->focusWidget();
  return focused && (focused == &control || control.isAncestorOf(focused));
}

void prepare(QWidget& widget) {
  if (changesByWheel(widget) && widget.focusPolicy() == Qt::WheelFocus)
    widget.setFocusPolicy(Qt::StrongFocus);
  if (auto* view = qobject_cast<QAbstractItemView*>(&widget)) view->setTabKeyNavigation(false);
}

}  // namespace

bool InputManners::eventFilter(QObject* watched, QEvent* event) {
  auto* widget = event->type() == QEvent::Polish || event->type() == QEvent::Wheel
                     ? qobject_cast<QWidget*>(watched)
                     : nullptr;
  if (!widget) return false;
  if (event->type() == QEvent::Polish) {
    prepare(*widget);
    return false;
  }
  const QWidget* control = controlOf(widget);
  if (!control || holdsFocus(*control)) return false;
  event->ignore();  // so that it goes on to what scrolls
  return true;
}

}  // namespace lapidary::ui
