// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window_walk.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QTextStream>

#include "ui/document/background_job.h"
#include "ui/start/start_page.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {

namespace {

/// Along the middle line and the diagonal: a window that was not painted yet.
bool isOneColor(const QImage& image) {
  for (int x = 0; x < image.width(); ++x) {
    const int diagonal = x * (image.height() - 1) / std::max(1, image.width() - 1);
    if (image.pixel(x, image.height() / 2) != image.pixel(0, 0) ||
        image.pixel(x, diagonal) != image.pixel(0, 0))
      return false;
  }
  return true;
}

}  // namespace

void WindowWalk::say(const QString& line) {
  QTextStream(stdout) << line << Qt::endl;
  m_summary += line + QLatin1Char('\n');
}

void WindowWalk::pass(int milliseconds) {
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < milliseconds) QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
}

void WindowWalk::wait(const QString& what, const std::function<bool()>& done, int seconds) {
  QElapsedTimer timer;
  timer.start();
  while (!done()) {
    if (timer.elapsed() > seconds * 1000)
      throw WalkFailure{QStringLiteral("waited %1 s in vain: %2").arg(seconds).arg(what)};
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
}

void WindowWalk::waitForFinalFigures() {
  auto& document = m_window.document();
  wait("final figures", [&] {
    return document.session() && document.outcome().final &&
           document.outcome().recipe == document.shownRecipe();
  });
}

void WindowWalk::waitForRest() {
  // One job's end starts another after a short delay.
  constexpr int still = 500;
  QElapsedTimer rest;
  rest.start();
  wait(
      "rest",
      [&] {
        if (BackgroundJob::atWork() > 0) rest.restart();
        return rest.elapsed() > still;
      },
      300);
}

QImage WindowWalk::shown(const QString& name, QWidget& widget, const QRect& part) {
  QElapsedTimer timer;
  timer.start();
  QImage image = widget.grab(part).toImage();
  while (isOneColor(image) && timer.elapsed() < 10'000) {
    pass(20);
    image = widget.grab(part).toImage();
  }
  if (isOneColor(image)) throw WalkFailure{QStringLiteral("nothing is painted for %1").arg(name)};
  return image;
}

void WindowWalk::write(const QImage& image, const QString& file) {
  if (!image.save(file)) throw WalkFailure{QStringLiteral("cannot write %1").arg(file)};
  say(QStringLiteral("picture  %1").arg(file));
}

void WindowWalk::mouse(QWidget& widget, QEvent::Type type, QPoint at) {
  const bool held = type != QEvent::MouseButtonRelease;
  const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
  QMouseEvent event(type, at, widget.mapToGlobal(at), button, held ? Qt::LeftButton : Qt::NoButton,
                    Qt::NoModifier);
  QCoreApplication::sendEvent(&widget, &event);
}

void WindowWalk::click(QWidget& widget) {
  mouse(widget, QEvent::MouseButtonPress, widget.rect().center());
  mouse(widget, QEvent::MouseButtonRelease, widget.rect().center());
}

void WindowWalk::drag(ValueSlider& slider, double to) {
  auto& track = *slider.track();
  const QPoint from = track.handle(), target = track.pointOf(to);
  mouse(track, QEvent::MouseButtonPress, from);
  constexpr int steps = 12;
  for (int i = 1; i <= steps; ++i) {
    mouse(track, QEvent::MouseMove, from + (target - from) * i / steps);
    pass(60);
  }
  mouse(track, QEvent::MouseButtonRelease, target);
}

void WindowWalk::type(ValueSlider& slider, const QString& text) {
  QLineEdit& field = *slider.editor();
  field.selectAll();
  field.insert(text);
  QKeyEvent enter(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier);
  QCoreApplication::sendEvent(&field, &enter);
}

void WindowWalk::openDemo() {
  auto* demo = m_window.startPage()->findChild<QPushButton*>("demo-lenet5");
  if (demo == nullptr) throw WalkFailure{"the start page has no demo button"};
  click(*demo);
  waitForFinalFigures();
}

int runWalk(const QString& folder, const std::function<void()>& walk) {
  if (!QDir().mkpath(folder)) {
    QTextStream(stderr) << "cannot make the folder " << folder << Qt::endl;
    return 4;
  }
  try {
    walk();
  } catch (const WalkFailure& failure) {
    QTextStream(stderr) << failure.sentence << Qt::endl;
    return 1;
  }
  return 0;
}

}  // namespace lapidary::ui
