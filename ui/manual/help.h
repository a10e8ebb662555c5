// SPDX-License-Identifier: GPL-3.0-or-later
// The way from a part of the window to its page of the manual: the help key and the "?" button.
#pragma once

#include <QString>

class QPushButton;
class QWidget;

namespace lapidary::ui {

class ManualWindow;

namespace help {

/// The one window of the manual, made when it is first asked for.
ManualWindow& window();
/// Shows a place, "page.md#anchor", or the home page for none. `asker`: the manual can be used beside it,
/// even where it is modal.
void show(const QString& topic, const QWidget* asker);
/// Shows the page of `widget`, or of the nearest parent that has one.
void showFor(const QWidget* widget);

/// Lets F1 in this window or dialog show the page of what has focus in it.
void answerKey(QWidget* window);
/// A "?" that shows the page of `of`.
QPushButton* makeButton(QWidget* of);
/// Both, for a dialog: the button is to be laid out by it.
QPushButton* addTo(QWidget* dialog);

}  // namespace help

}  // namespace lapidary::ui
