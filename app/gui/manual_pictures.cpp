// SPDX-License-Identifier: GPL-3.0-or-later
// The walk of the pictures: one function for each part of the window that a page shows.
#include "app/gui/manual_pictures.h"

#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>

#include "app/gui/window_walk.h"
#include "ui/audit/audit_dialog.h"
#include "ui/classes/classes_view.h"
#include "ui/cut/cut_panel.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/quantize_section.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/distill/distill_dialog.h"
#include "ui/distill/student_form.h"
#include "ui/distill/student_result.h"
#include "ui/figures/figures_strip.h"
#include "ui/live/live_panel.h"
#include "ui/look/language.h"
#include "ui/manual/manual_pages.h"
#include "ui/planner/planner_view.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/repair/repair_charts.h"
#include "ui/repair/repair_dialog.h"
#include "ui/repair/repair_form.h"
#include "ui/robustness/robustness_view.h"
#include "ui/saliency/saliency_view.h"
#include "ui/samples/sample_list_model.h"
#include "ui/samples/samples_view.h"
#include "ui/search/search_dialog.h"
#include "ui/sensitivity/sensitivity_view.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

/// All tabs have room beside each other then, and one is about as wide as a page of the manual.
constexpr QSize roomForTabs{1480, 860};
constexpr int minutesAtMost = 10 * 60;  ///< seconds that a training or a measurement may take

class ManualPictures : public WindowWalk {
 public:
  ManualPictures(MainWindow& window, const QString& folder, const QString& audited)
      : WindowWalk(window), m_folder(QDir(folder).absolutePath()), m_audited(audited) {}

  void run();

 private:
  Workspace& workspace() const { return *m_window.workspace(); }
  /// Of a part of a window, with the ground that it stands on.
  void picture(const QString& name, QWidget& window, const QRect& part);
  void picture(const QString& name, QWidget& window) { picture(name, window, window.rect()); }
  void pictureOfTab(QWidget& view);
  QRect rectOf(const QWidget& part) const { return {part.mapTo(&m_window, QPoint(0, 0)), part.size()}; }
  void select(const std::string& layer);
  void takeStep(ValueSlider& slider, const QString& value);
  void waitForAllFigures();

  void cutTheModel();
  void measureSensitivity();
  void explainAChangedSample();
  void showClasses();
  void attack();
  void plan();
  void exportBundle();
  void preprocess();
  void audit();
  void distil();
  void search();
  void repair();
  void compareWithPages() const;

  QDir m_folder;
  QString m_audited;
  QTemporaryDir m_own;  ///< what the walk writes but no page shows
  QStringList m_made;
};

void ManualPictures::picture(const QString& name, QWidget& window, const QRect& part) {
  // Whatever comes first has the focus when a window opens; a ring around it would say more than is meant.
  if (QWidget* focused = window.focusWidget(); focused != nullptr) focused->clearFocus();
  write(shown(name, window, part), m_folder.filePath(name + QStringLiteral(".png")));
  m_made << name;
}

/// Named by its number, as the key that opens it.
void ManualPictures::pictureOfTab(QWidget& view) {
  waitForRest();
  const QTabWidget& tabs = *workspace().tabs();
  picture(QStringLiteral("tab-%1").arg(tabs.indexOf(&view) + 1), m_window, rectOf(tabs));
}

void ManualPictures::select(const std::string& layer) {
  const auto& layers = m_window.document().session()->model().layers;
  for (std::uint32_t i = 0; i < layers.size(); ++i)
    if (layers[i].name == layer) return m_window.document().select({core::LayerId{i}});
  throw WalkFailure{QStringLiteral("the demo has no layer %1").arg(QString::fromStdString(layer))};
}

void ManualPictures::takeStep(ValueSlider& slider, const QString& value) {
  type(slider, value);
  waitForFinalFigures();
}

void ManualPictures::waitForAllFigures() {
  waitForFinalFigures();
  const FiguresStrip& figures = *workspace().figures();
  for (int i = 0; i < FiguresStrip::figureCount; ++i) {
    const FigureTile& tile = *figures.tile(static_cast<FiguresStrip::Figure>(i));
    wait("all figures", [&] { return tile.text().known && !tile.old(); });
  }
  waitForRest();
}

/// As the first steps of the manual do, with stops on the way: each is a point of the trade-off chart.
void ManualPictures::cutTheModel() {
  auto& cut = *workspace().cut();
  select("ip1");
  auto& sparsity = *cut.prune()->sparsity();
  wait("sorted weights", [&] { return sparsity.isEnabled(); });
  for (const char* percent : {"50", "70", "80", "95", "90"}) takeStep(sparsity, percent);
  m_window.selectAllLayers();
  cut.quantize()->schemes()->choose(static_cast<int>(core::Scheme::Affine));
  for (const char* bits : {"8", "6", "3", "4"}) takeStep(*cut.quantize()->bits(), bits);
  select("ip1");
  waitForAllFigures();
  picture("quantized", m_window);
}

/// Down to the last layer: below there is nothing.
void ManualPictures::measureSensitivity() {
  auto& view = *workspace().sensitivity();
  workspace().tabs()->setCurrentWidget(&view);
  view.measure();
  wait(
      "the sensitivity", [&] { return !view.measuring(); }, minutesAtMost);
  waitForRest();
  constexpr int margin = 12;
  const QTableView& table = *view.table();
  QRect shown = rectOf(*workspace().tabs());
  shown.setBottom(rectOf(*table.viewport()).top() + table.verticalHeader()->length() + margin);
  picture("tab-2", m_window, shown);
}

void ManualPictures::explainAChangedSample() {
  auto& samples = *m_window.findChild<SamplesView*>();
  workspace().tabs()->setCurrentWidget(&samples);
  auto& lost = *samples.list()->model();
  wait("a sample that the cut lost", [&] { return lost.rowCount() > 0; });
  auto& saliency = *m_window.findChild<SaliencyView*>();
  saliency.showSample(lost.index(0, 0).data(SampleListModel::SampleRole).toULongLong());
  workspace().tabs()->setCurrentWidget(&saliency);
  pictureOfTab(saliency);
}

void ManualPictures::showClasses() {
  auto& view = *workspace().classes();
  workspace().tabs()->setCurrentWidget(&view);
  wait("the classes", [&] { return !view.isEmpty(); });
  pictureOfTab(view);
}

void ManualPictures::attack() {
  auto& view = *workspace().robustness();
  workspace().tabs()->setCurrentWidget(&view);
  view.samples()->setValue(100);
  view.measure();
  wait(
      "the attacks", [&] { return !view.measuring(); }, minutesAtMost);
  pictureOfTab(view);
}

void ManualPictures::plan() {
  auto& view = *workspace().planner();
  workspace().tabs()->setCurrentWidget(&view);
  waitForRest();
  view.measure();
  wait(
      "the plan", [&] { return !view.measuring(); }, minutesAtMost);
  pictureOfTab(view);
}

/// By its bare name: the picture shows no folder of whoever makes it.
void ManualPictures::exportBundle() {
  const QString before = QDir::currentPath();
  QDir::setCurrent(m_own.path());
  auto& dialog = *m_window.exportDialog();
  click(*dialog.kinds()->button(ExportDialog::Bundle));
  dialog.path()->setText(QStringLiteral("lenet5-cut.zip"));
  click(*dialog.writeButton());
  wait(
      "the bundle", [&] { return dialog.saved().has_value(); }, minutesAtMost);
  waitForRest();
  picture("export", dialog);
  dialog.close();
  QDir::setCurrent(before);
}

void ManualPictures::preprocess() {
  PreprocessDialog dialog(m_window.document(), &m_window);
  dialog.show();
  waitForRest();
  picture("preprocess", dialog);
}

void ManualPictures::audit() {
  auto& dialog = *m_window.auditDialog();
  dialog.audit(m_audited.isEmpty() ? m_own.filePath(QStringLiteral("lenet5-cut.zip")) : m_audited);
  wait("the audit", [&] { return !dialog.running(); });
  waitForRest();
  picture("audit", dialog);
  dialog.close();
}

void ManualPictures::distil() {
  auto& dialog = *m_window.distillDialog();
  dialog.training()->epochs()->setValue(5);
  wait("the student's sizes", [&] { return dialog.student()->possible(); });
  dialog.start();
  wait(
      "a student", [&] { return dialog.result() && !dialog.running(); }, minutesAtMost);
  waitForRest();
  picture("distill", dialog);
  dialog.close();
}

/// In the demo it ends by itself after about a minute.
void ManualPictures::search() {
  auto& dialog = *m_window.dialogs().search();
  waitForRest();
  dialog.start();
  wait(
      "a cut", [&] { return !dialog.searching(); }, minutesAtMost);
  waitForAllFigures();
  picture("search", dialog);
  dialog.close();
}

/// Few bits: there is something to repair. Epoch 0 is the cut before it.
void ManualPictures::repair() {
  constexpr std::size_t epochsSeen = 3;
  m_window.selectAllLayers();
  auto& cut = *workspace().cut();
  takeStep(*cut.quantize()->bits(), "2");
  auto& dialog = *m_window.dialogs().repair();
  dialog.form()->epochs()->setValue(5);
  waitForRest();
  dialog.start();
  const auto& epochs = dialog.charts()->epochs();
  wait(
      "a few epochs", [&] { return epochs.size() > epochsSeen || !dialog.running(); }, minutesAtMost);
  if (!dialog.running()) throw WalkFailure{"the repair ended before its picture: " + dialog.state()->text()};
  pass(700);
  picture("repair", dialog);
  dialog.discard();
  waitForRest();
  dialog.close();
}

void ManualPictures::compareWithPages() const {
  const ManualPages pages(language::current());
  for (const ManualPage& page : pages.pages())
    for (const QString& name : picturesOf(page.markdown))
      if (!m_made.contains(QFileInfo(name).completeBaseName()))
        throw WalkFailure{QStringLiteral("%1 shows %2, which this walk does not make").arg(page.file, name)};
}

void ManualPictures::run() {
  pass(300);
  picture("start", m_window);
  m_window.resize(roomForTabs);
  openDemo();
  waitForAllFigures();
  picture("opened", m_window);
  cutTheModel();
  auto& live = *workspace().live();
  pictureOfTab(*workspace().tabs()->widget(0));
  live.showChart(LivePanel::Bytes);
  waitForRest();
  picture("chart-bytes", m_window, rectOf(live));
  live.showChart(LivePanel::TradeOff);
  measureSensitivity();
  explainAChangedSample();
  showClasses();
  attack();
  plan();
  workspace().tabs()->setCurrentIndex(0);
  exportBundle();
  preprocess();
  audit();
  distil();
  search();
  repair();
  compareWithPages();
}

}  // namespace

int makeManualPictures(MainWindow& window, const QString& folder, const QString& audited) {
  ManualPictures pictures(window, folder, audited);
  return runWalk(folder, [&] { pictures.run(); });
}

}  // namespace lapidary::ui
