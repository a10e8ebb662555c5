// SPDX-License-Identifier: GPL-3.0-or-later
// The means of a walk through the real window without a hand: mouse events, waiting, and pictures.
#pragma once

#include <QImage>
#include <QMouseEvent>
#include <QString>
#include <functional>

namespace lapidary::ui {

class MainWindow;
class ValueSlider;

/// One step failed: the walk ends with this sentence.
struct WalkFailure {
  QString sentence;
};

class WindowWalk {
 public:
  explicit WindowWalk(MainWindow& window) : m_window(window) {}

  /// Everything that was said so far, a line each.
  const QString& summary() const { return m_summary; }

 protected:
  /// On standard output and in the summary.
  void say(const QString& line);
  /// Lets the window work.
  void pass(int milliseconds);
  void wait(const QString& what, const std::function<bool()>& done, int seconds = 60);
  /// For the figures of the recipe that is shown.
  void waitForFinalFigures();
  /// Until nothing works in the background.
  void waitForRest();
  /// Gives what the widget shows, or only a part of it, once it is painted at all.
  QImage shown(const QString& name, QWidget& widget, const QRect& part);
  void write(const QImage& image, const QString& file);

  void mouse(QWidget& widget, QEvent::Type type, QPoint at);
  void click(QWidget& widget);
  /// As a hand would, over the values between.
  void drag(ValueSlider& slider, double to);
  /// Into its field, without the unit.
  void type(ValueSlider& slider, const QString& text);
  /// Presses the button of the start page.
  void openDemo();

  MainWindow& m_window;

 private:
  QString m_summary;
};

/// Makes the folder, and walks. Returns an exit status, and says what failed: 0 where all went well, 1 where
/// a step failed, 4 where the folder cannot be made.
int runWalk(const QString& folder, const std::function<void()>& walk);

}  // namespace lapidary::ui
