// SPDX-License-Identifier: GPL-3.0-or-later
// A command of the program: its id, words, usual keys and where the keys hold, apart from any window.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>
#include <vector>

namespace lapidary::ui {

/// The part of the window in which keys are heard.
enum class KeyContext {
  Program,  ///< in every window and dialog
  Window,   ///< in the main window; a field that is typed in keeps the keys that it edits with
  Control,  ///< while a control of the main window, as a slider or a table, has focus
  Field,    ///< while a field is typed in: it takes its keys before the window does
};

struct ActionInfo {
  QString id;     ///< "file.export": in the settings, never shown
  QString group;  ///< the menu or the control that has it
  QString text, tip;
  QList<QKeySequence> keys;  ///< unless the user chose others; an editable action has one at most
  KeyContext context = KeyContext::Window;
  bool editable = true;  ///< false: the keys are those of a control, or the same in every window
  QString gesture;       ///< what the mouse does instead of keys
};

/// Whether keys of one context can be meant where those of the other are heard.
bool overlap(KeyContext a, KeyContext b);
/// Whether one of the sequences is the other, or its beginning.
bool clash(const QKeySequence& a, const QKeySequence& b);
/// Keys and gesture as the user reads them: "Ctrl+E".
QString keysText(const QList<QKeySequence>& keys, const QString& gesture = {});

}  // namespace lapidary::ui
