// SPDX-License-Identifier: GPL-3.0-or-later
// Colours stand as @names in the text below and are put in by meaning.
#include "ui/look/style_sheet.h"

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

constexpr auto controls = R"(
QWidget { color: @text; }
QMainWindow, QDialog, QMessageBox { background: @ground; }
QLabel[look="muted"] { color: @muted; }
QLabel[look="caption"] { color: @muted; font-size: 11px; }
QLabel[look="warning"] { color: @loss; font-size: 11px; font-weight: 600; }
QLabel[look="title"] { font-weight: 600; }
QLabel[look="heading"] { font-size: 20px; font-weight: 600; }
QPushButton, QToolButton[look="button"] {
  background: @panel; border: 1px solid @line; border-radius: 6px; padding: 5px 11px; min-height: 16px; }
QPushButton:hover, QToolButton[look="button"]:hover { border-color: @muted; }
QPushButton:pressed, QPushButton:checked { background: @soft; border-color: @cut; }
QPushButton:disabled, QToolButton[look="button"]:disabled { color: @muted; background: @ground; }
QPushButton:focus { border-color: @cut; }
QPushButton[look="primary"] { background: @cut; border-color: @cut; color: @onCut; font-weight: 600; }
QPushButton[look="primary"]:hover { border-color: @text; }
QPushButton[look="primary"]:disabled { background: @line; border-color: @line; color: @muted; }
QPushButton[look="flat"] { background: transparent; border: none; color: @muted; padding: 2px 6px; }
QPushButton[look="flat"]:hover { color: @text; }
QPushButton[look="small"] { font-size: 11px; padding: 1px 8px; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
  background: @panel; border: 1px solid @line; border-radius: 5px; padding: 2px 6px;
  selection-background-color: @soft; selection-color: @text; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus { border-color: @cut; }
QComboBox { padding: 4px 8px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url(:/icons/down.svg);
  width: 10px; height: 10px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url(:/icons/up.svg); width: 10px; height: 10px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  background: transparent; border: none; width: 16px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; selection-background-color: @soft; }
QCheckBox::indicator { width: 13px; height: 13px; border: 1px solid @muted; border-radius: 3px; background: @panel; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: @cut; }
QCheckBox::indicator:checked { background: @cut; border-color: @cut; image: url(:/icons/@tick.svg); }
QCheckBox::indicator:disabled { border-color: @line; }
QCheckBox::indicator:checked:disabled { background: @muted; border-color: @muted; }
QCheckBox:disabled { color: @muted; }
QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @cut; border-radius: 2px; }
QToolTip { background: @panel; color: @text; border: 1px solid @line; padding: 4px; }
)";

constexpr auto containers = R"(
QToolButton#jobTray { background: transparent; border: none; color: @cut; font-size: 11px; padding: 0 4px; }
QToolButton#jobTray:hover, QToolButton#jobTray:focus { color: @text; }
QToolButton#jobTray::menu-indicator { image: none; }
QFrame[look="card"] { background: @panel; border: 1px solid @line; border-radius: 8px; }
QFrame[look="segments"] { background: @panel; border: 1px solid @line; border-radius: 6px; }
QPushButton[look="segment"] { background: transparent; border: none; border-radius: 4px; padding: 3px 2px;
  font-size: 12px; color: @muted; }
QPushButton[look="segment"]:hover { color: @text; }
QPushButton[look="segment"]:checked { background: @soft; color: @text; font-weight: 600; }
QPushButton[look="segment"]:focus { color: @cut; }
QFrame[look="rule"] { background: @line; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="column"] { background: @line; border: none; max-width: 1px; min-width: 1px; }
QWidget#topBar, QWidget#figures, QWidget#statusBar { background: @panel; }
QMenuBar { background: @panel; padding: 0 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: @soft; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: @soft; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { background: @line; height: 1px; margin: 4px 8px; }
QTabWidget::pane { border: none; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; padding: 7px 8px; border: 1px solid transparent;
  border-bottom: none; border-top-left-radius: 6px; border-top-right-radius: 6px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { background: @panel; color: @text; border-color: @line; font-weight: 600; }
QTableView, QListView, QTreeView { background: @panel; border: 1px solid transparent; gridline-color: @line; outline: none;
  selection-background-color: @soft; selection-color: @text; }
QTableView, QListView[look="bare"], QTreeView[look="bare"] { background: transparent; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 1px solid @cut; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: @muted; border: none; border-bottom: 1px solid @line;
  padding: 4px 0 4px 4px; font-size: 11px; }
QHeaderView#tight::section { padding: 0 4px; }
QHeaderView#layers::section:first { padding-left: 14px; }
QHeaderView::down-arrow { image: url(:/icons/down.svg); width: 9px; height: 9px; }
QHeaderView::up-arrow { image: url(:/icons/up.svg); width: 9px; height: 9px; }
QTableCornerButton::section { background: transparent; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#plain { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter[look="line"]::handle { background: @line; }
QSplitter::handle:hover { background: @cut; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; min-height: 24px; min-width: 24px; margin: 1px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

}  // namespace

QString styleSheet(const Theme& theme) {
  QString text = QString::fromLatin1(controls) + QString::fromLatin1(containers);
  const auto put = [&](const char* name, const QColor& color) {
    text.replace(QLatin1String(name), color.name());
  };
  text.replace(QLatin1String("@tick"), QLatin1String(theme.dark() ? "tick-dark" : "tick-light"));
  put("@text", theme.color(Role::Text));
  put("@ground", theme.color(Role::Ground));
  put("@panel", theme.color(Role::Panel));
  put("@line", theme.color(Role::Line));
  put("@muted", theme.color(Role::Muted));
  put("@soft", theme.color(Role::CutSoft));
  put("@onCut", theme.dark() ? QColor(0x10, 0x20, 0x1E) : QColor(Qt::white));
  put("@cut", theme.color(Role::Cut));
  put("@loss", theme.color(Role::Loss));
  return text;
}

}  // namespace lapidary::ui
