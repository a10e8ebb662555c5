// SPDX-License-Identifier: GPL-3.0-or-later
// Owns the manual's window and knows whom to show it beside.
#include "ui/manual/help.h"

#include <QApplication>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QWindow>

#include "ui/manual/help_topics.h"
#include "ui/manual/manual_window.h"

namespace lapidary::ui::help {

namespace {

struct HelpTr {
  Q_DECLARE_TR_FUNCTIONS(Manual)
};

QPointer<ManualWindow>& shown() {
  static QPointer<ManualWindow> window;
  return window;
}

void close() { delete shown().data(); }

/// A modal dialog lets only its own children be used: while it is open, the manual counts as one.
void standBeside(ManualWindow& manual, const QWidget* asker) {
  if (asker == nullptr || asker->window() == &manual) return;
  manual.winId();  // makes the window's handle
  QWidget* modal = QApplication::activeModalWidget();
  const bool needed = modal != nullptr && (modal == asker->window() || modal->isAncestorOf(asker));
  manual.windowHandle()->setTransientParent(needed ? modal->windowHandle() : nullptr);
}

/// A "?" that follows the language.
class HelpButton : public QPushButton {
 public:
  explicit HelpButton(QWidget* of) : QPushButton(QStringLiteral("?"), of) {
    setObjectName(QStringLiteral("help"));
    setProperty("look", "small");
    setCursor(Qt::PointingHandCursor);
    setAutoDefault(false);  // Return in a field of a dialog is not meant for it
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    retranslate();
    connect(this, &QPushButton::clicked, of, [of] { showFor(of); });
  }

 protected:
  void changeEvent(QEvent* event) override {
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
  }

 private:
  void retranslate() {
    setToolTip(HelpTr::tr("What the manual says about this (F1)"));
    setAccessibleName(HelpTr::tr("Help"));
  }
};

}  // namespace

ManualWindow& window() {
  if (shown().isNull()) {
    shown() = new ManualWindow;
    qAddPostRoutine(close);  // it has no parent that would delete it
  }
  return *shown();
}

void show(const QString& topic, const QWidget* asker) {
  ManualWindow& manual = window();
  standBeside(manual, asker);
  manual.open(topic);
}

void showFor(const QWidget* widget) {
  static const HelpTopics topics;
  show(topics.topicOf(widget), widget);
}

void answerKey(QWidget* window) {
  auto* key = new QShortcut(QKeySequence::HelpContents, window);
  QObject::connect(key, &QShortcut::activated, window, [window] {
    const QWidget* focus = window->focusWidget();
    showFor(focus != nullptr ? focus : window);
  });
}

QPushButton* makeButton(QWidget* of) { return new HelpButton(of); }

QPushButton* addTo(QWidget* dialog) {
  answerKey(dialog);
  return makeButton(dialog);
}

}  // namespace lapidary::ui::help
