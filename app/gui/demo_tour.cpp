// SPDX-License-Identifier: GPL-3.0-or-later
// The tour's steps.
#include "app/gui/demo_tour.h"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>

#include "app/gui/window_walk.h"
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
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

class Tour : public WindowWalk {
 public:
  Tour(MainWindow& window, const QString& folder) : WindowWalk(window), m_folder(folder) {}

  void run();

 private:
  void picture(const QString& name, QWidget& widget);
  void picture(const QString& name) { picture(name, m_window); }
  void sayFigures(const QString& title);
  void cutTheModel();
  void lookAround();
  void exportBundle();

  QDir m_folder;
  int m_pictures = 0;
};

void Tour::picture(const QString& name, QWidget& widget) {
  pass(700);  // views that work in the background get a moment to finish
  const QString file =
      m_folder.filePath(QStringLiteral("%1-%2.png").arg(++m_pictures, 2, 10, QLatin1Char('0')).arg(name));
  write(shown(name, widget, widget.rect()), file);
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
  openDemo();
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
  Tour tour(window, folder);
  if (const int status = runWalk(folder, [&] { tour.run(); }); status != 0) return status;
  QFile file(QDir(folder).filePath("summary.txt"));
  if (!file.open(QIODevice::WriteOnly) || file.write(tour.summary().toUtf8()) < 0) return 4;
  return 0;
}

}  // namespace lapidary::ui
