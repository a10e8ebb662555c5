// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/walk/eyes.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QStyleOptionFrame>
#include <QTabBar>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

int widthOf(const QWidget& widget, const QString& text) {
  return widget.fontMetrics().size(Qt::TextShowMnemonic, text).width();
}

QString labelFault(const QLabel& label) {
  if (label.text().isEmpty() || label.textFormat() == Qt::RichText || !label.pixmap().isNull()) return {};
  if (qobject_cast<const ElidedLabel*>(&label)) return {};  // it says the whole text when asked
  if (label.wordWrap())
    return label.heightForWidth(label.width()) <= label.height() + 1 ? QString() : "lines are cut off";
  return label.sizeHint().width() <= label.width() + 1 ? QString() : "cut off";
}

QString buttonFault(const QAbstractButton& button) {
  if (button.text().isEmpty()) return {};
  const int icon = button.icon().isNull() ? 0 : button.iconSize().width() + 4;
  return widthOf(button, button.text()) + icon <= button.width() ? QString() : "cut off";
}

QString comboFault(const QComboBox& box) {
  if (box.currentText().isEmpty() || box.isEditable()) return {};
  QStyleOptionComboBox option;
  option.initFrom(&box);
  option.subControls = QStyle::SC_All;
  const QRect field =
      box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box);
  return widthOf(box, box.currentText()) <= field.width() || !box.toolTip().isEmpty() ? QString() : "cut off";
}

QString fieldFault(const QLineEdit& field) {
  const QString text = field.text().isEmpty() ? field.placeholderText() : field.text();
  QStyleOptionFrame option;
  option.initFrom(&field);
  const QRect room = field.style()->subElementRect(QStyle::SE_LineEditContents, &option, &field);
  constexpr int qtMargin = 2 * 2;  // QLineEdit's own, on both sides
  return widthOf(field, text) <= room.width() - qtMargin || !field.toolTip().isEmpty() ? QString()
                                                                                       : "cut off";
}

QString tabFault(const QTabBar& bar) {
  int needed = 0;
  for (int i = 0; i < bar.count(); ++i) needed += bar.isTabVisible(i) ? bar.tabRect(i).width() : 0;
  const auto* list = bar.parentWidget()->findChild<QWidget*>("tabList");
  return needed <= bar.width() + 1 || (list && list->isVisible()) ? QString()
                                                                  : "tabs are hidden without a list";
}

/// The text of the widget and what is wrong with it.
std::pair<QString, QString> faultOf(const QWidget& widget) {
  if (const auto* label = qobject_cast<const QLabel*>(&widget)) return {label->text(), labelFault(*label)};
  if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
    return {button->text(), buttonFault(*button)};
  if (const auto* box = qobject_cast<const QComboBox*>(&widget))
    return {box->currentText(), comboFault(*box)};
  if (const auto* field = qobject_cast<const QLineEdit*>(&widget)) return {field->text(), fieldFault(*field)};
  if (const auto* bar = qobject_cast<const QTabBar*>(&widget)) return {bar->tabText(0), tabFault(*bar)};
  return {};
}

/// Whether the widget may reach beyond its parent: what scrolls shows a part at a time.
bool scrolls(const QWidget& widget) {
  for (const QWidget* up = widget.parentWidget(); up; up = up->parentWidget())
    if (qobject_cast<const QAbstractScrollArea*>(up)) return true;
  return false;
}

/// The part that lies outside what is shown of its parent, sideways anywhere and downwards where nothing
/// scrolls.
bool reachesOut(const QWidget& widget) {
  const QWidget* parent = widget.parentWidget();
  if (!parent || widget.isWindow()) return false;
  const QRect place = widget.geometry();
  if (scrolls(widget)) return false;
  return place.left() < -1 || place.right() > parent->width() || place.top() < -1 ||
         place.bottom() > parent->height();
}

/// Sideways nothing may have to be scrolled in a form.
bool scrollsSideways(const QScrollArea& area) {
  return area.widget() && area.widget()->width() > area.viewport()->width() + 1 &&
         area.widget()->minimumSizeHint().width() > area.viewport()->width() + 1;
}

QString nameOf(const QWidget& widget) {
  QStringList names;
  for (const QWidget* up = &widget; up && names.size() < 4; up = up->parentWidget())
    names.prepend(QString::fromLatin1(up->metaObject()->className()).section("::", -1));
  return names.join("/");
}

}  // namespace

QStringList unreadableTexts(const QWidget& root) {
  QStringList faults;
  QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
  for (const QWidget* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->window() != root.window()) continue;
    const auto [text, fault] = faultOf(*widget);
    if (!fault.isEmpty()) faults << nameOf(*widget) + " \"" + text + "\": " + fault;
    if (reachesOut(*widget)) faults << nameOf(*widget) + " \"" + text + "\": outside its parent";
    const auto* area = qobject_cast<const QScrollArea*>(widget);
    if (area && scrollsSideways(*area)) faults << nameOf(*area) + ": has to be scrolled sideways";
  }
  return faults;
}

}  // namespace lapidary::ui
