// SPDX-License-Identifier: GPL-3.0-or-later
// The tour's steps: real mouse events on real widgets, and waiting for what they bring about.
#include "app/gui/demo_tour.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QTabWidget>
#include <QTextStream>
#include <functional>

#include "ui/cut/cut_panel.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/quantize_section.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/live/live_panel.h"
#include "ui/live/profile_chart.h"
#include "ui/look/figure_text.h"
#include "ui/look/language.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/start/start_page.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

/// One step failed: the tour ends with this sentence.
struct TourFailure {
  QString sentence;
};

class Tour {
 public:
  Tour(MainWindow& window, const QString& folder) : m_window(window), m_folder(folder) {}

  void run();
  const QString& summary() const { return m_summary; }

 private:
  void say(const QString& line) {
    QTextStream(stdout) << line << Qt::endl;
    m_summary += line + QLatin1Char('\n');
  }
  void wait(const QString& what, const std::function<bool()>& done, int seconds = 60);
  void waitForFinalFigures();
  void picture(const QString& name, QWidget& widget);
  void picture(const QString& name) { picture(name, m_window); }
  void mouse(QWidget& widget, QEvent::Type type, QPoint at);
  void click(QWidget& widget) {
    mouse(widget, QEvent::MouseButtonPress, widget.rect().center());
    mouse(widget, QEvent::MouseButtonRelease, widget.rect().center());
  }
  void drag(ValueSlider& slider, double to);
  void sayFigures(const QString& title);
  void cutTheModel();
  void lookAround();
  void exportBundle();

  MainWindow& m_window;
  QDir m_folder;
  QString m_summary;
  int m_pictures = 0;
};

void Tour::wait(const QString& what, const std::function<bool()>& done, int seconds) {
  QElapsedTimer timer;
  timer.start();
  while (!done()) {
    if (timer.elapsed() > seconds * 1000)
      throw TourFailure{QStringLiteral("waited %1 s in vain: %2").arg(seconds).arg(what)};
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
}

void Tour::waitForFinalFigures() {
  auto& document = m_window.document();
  wait("final figures", [&] {
    return document.session() && document.outcome().final &&
           document.outcome().recipe == document.shownRecipe();
  });
}

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

void Tour::picture(const QString& name, QWidget& widget) {
  // Views that work in the background get a moment to finish.
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < 700) QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  QImage shown = widget.grab().toImage();
  while (isOneColor(shown) && timer.elapsed() < 10'000) {
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    shown = widget.grab().toImage();
  }
  if (isOneColor(shown)) throw TourFailure{QStringLiteral("nothing is painted for %1").arg(name)};
  const QString file =
      m_folder.filePath(QStringLiteral("%1-%2.png").arg(++m_pictures, 2, 10, QLatin1Char('0')).arg(name));
  if (!shown.save(file)) throw TourFailure{QStringLiteral("cannot write %1").arg(file)};
  say(QStringLiteral("picture  %1").arg(file));
}

void Tour::mouse(QWidget& widget, QEvent::Type type, QPoint at) {
  const bool held = type != QEvent::MouseButtonRelease;
  const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
  QMouseEvent event(type, at, widget.mapToGlobal(at), button, held ? Qt::LeftButton : Qt::NoButton,
                    Qt::NoModifier);
  QCoreApplication::sendEvent(&widget, &event);
}

void Tour::drag(ValueSlider& slider, double to) {
  auto& track = *slider.track();
  const QPoint from = track.handle(), target = track.pointOf(to);
  mouse(track, QEvent::MouseButtonPress, from);
  constexpr int steps = 12;
  for (int i = 1; i <= steps; ++i) {
    mouse(track, QEvent::MouseMove, from + (target - from) * i / steps);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60) QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
  }
  mouse(track, QEvent::MouseButtonRelease, target);
}

void Tour::sayFigures(const QString& title) {
  const auto& outcome = m_window.document().outcome();
  const auto quality = qualityValue(outcome);
  say(QStringLiteral("%1: top-1 %2 on %3 samples, %4 of %5, zeros %6")
          .arg(title, quality ? qualityValueText(*quality) : QStringLiteral("none"),
               countText(outcome.quality ? static_cast<std::int64_t>(outcome.quality->samples) : 0),
               bytesText(outcome.footprint.fileAfter), bytesText(outcome.footprint.fileBefore),
               percentText(static_cast<double>(outcome.footprint.zeros) /
                               static_cast<double>(std::max<std::int64_t>(1, outcome.footprint.parameters)),
                           1)));
  if (const auto latency = m_window.evaluation().lastLatency())
    say(QStringLiteral("first figure after %1 ms").arg(significantText(*latency, 3)));
}

void Tour::cutTheModel() {
  auto& cut = *m_window.workspace()->cut();
  wait("sorted weights", [&] { return cut.prune()->sparsity()->isEnabled(); });
  drag(*cut.prune()->sparsity(), 0.9);
  waitForFinalFigures();
  sayFigures("pruned to 90 %");
  picture("pruned");
  drag(*cut.quantize()->bits(), 4);
  waitForFinalFigures();
  sayFigures("and 4 bits");
  picture("quantized");
}

void Tour::lookAround() {
  auto& tabs = *m_window.workspace()->tabs();
  for (int i = 0; i < tabs.count(); ++i) {
    tabs.setCurrentIndex(i);
    picture(QStringLiteral("tab-%1").arg(i + 1));
  }
  tabs.setCurrentIndex(0);
  for (const auto& [chart, name] :
       {std::pair{LivePanel::Steps, "steps"}, std::pair{LivePanel::Bytes, "bytes"}}) {
    m_window.workspace()->live()->showChart(chart);
    picture(QLatin1String("chart-") + name);
  }
  auto& live = *m_window.workspace()->live();
  live.showChart(LivePanel::Profile);
  picture("chart-profile-empty");
  live.profile()->measure();
  wait("the profile", [&] { return live.profile()->profile() && !live.profile()->measuring(); });
  picture("chart-profile");
  live.showChart(LivePanel::TradeOff);
}

void Tour::exportBundle() {
  auto& dialog = *m_window.exportDialog();
  click(*dialog.kinds()->button(ExportDialog::Bundle));
  const QString path = m_folder.filePath("demo-cut.zip");
  QFile::remove(path);
  dialog.path()->setText(path);
  click(*dialog.writeButton());
  wait("the bundle", [&] { return dialog.saved().has_value(); });
  say(QStringLiteral("bundle   %1, %2, SHA-256 %3")
          .arg(path, bytesText(dialog.saved()->bytes), QString::fromStdString(dialog.saved()->sha256)));
  picture("export", dialog);
  dialog.close();
}

void Tour::run() {
  picture("start");
  auto* demo = m_window.startPage()->findChild<QPushButton*>("demo-lenet5");
  if (demo == nullptr) throw TourFailure{"the start page has no demo button"};
  click(*demo);
  waitForFinalFigures();
  sayFigures("opened");
  picture("opened");
  cutTheModel();
  lookAround();
  exportBundle();
  const bool wasDark = Theme::instance().dark();
  const QString spoken = language::current();
  Theme::instance().useForThisRun(wasDark ? Appearance::Light : Appearance::Dark);
  picture(wasDark ? "light" : "dark");
  language::install(spoken == "en" ? "zh_CN" : "en");
  picture("other-language");
  language::install(spoken);
  Theme::instance().useForThisRun(wasDark ? Appearance::Dark : Appearance::Light);
}

}  // namespace

int runDemoTour(MainWindow& window, const QString& folder) {
  if (!QDir().mkpath(folder)) {
    QTextStream(stderr) << "cannot make the folder " << folder << Qt::endl;
    return 4;
  }
  Tour tour(window, folder);
  try {
    tour.run();
  } catch (const TourFailure& failure) {
    QTextStream(stderr) << failure.sentence << Qt::endl;
    return 1;
  }
  QFile file(QDir(folder).filePath("summary.txt"));
  if (!file.open(QIODevice::WriteOnly) || file.write(tour.summary().toUtf8()) < 0) return 4;
  return 0;
}

}  // namespace lapidary::ui
