// SPDX-License-Identifier: GPL-3.0-or-later
// Distillation from the window: sizes while sliders move, the run, both side by side, and the student opened
// in turn.
#include <gmock/gmock.h>

#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QValueAxis>

#include "tests/ui/demo.h"
#include "ui/distill/distill_dialog.h"
#include "ui/distill/student_form.h"
#include "ui/distill/student_result.h"
#include "ui/files/session_file.h"
#include "ui/jobs/long_job.h"
#include "ui/repair/repair_charts.h"
#include "ui/repair/repair_form.h"
#include "ui/samples/confusion_model.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {
namespace {

struct DistillWindow : testing::Test {
  DistillWindow() {
    document.open(demoSession());
    dialog.setDemo(true);
    dialog.training()->epochs()->setValue(2);
    dialog.student()->setKind(core::StudentKind::Mlp);
  }
  bool possible() {
    return eventually([&] { return dialog.student()->possible(); });
  }
  bool ended() {
    return eventually([&] { return !dialog.running(); }, 120000);
  }
  Document document;
  DistillDialog dialog{document};
};

TEST_F(DistillWindow, ShowsWhatTheSlidersComeTo) {
  ASSERT_TRUE(possible());
  EXPECT_TRUE(dialog.student()->figures()->text().contains("25,450 parameters"))
      << dialog.student()->figures()->text().toStdString();
  EXPECT_TRUE(dialog.startButton()->isEnabled());
  emit dialog.student()->slider("width")->changed(16);
  EXPECT_FALSE(dialog.startButton()->isEnabled());
  ASSERT_TRUE(possible());
  EXPECT_TRUE(dialog.student()->figures()->text().contains("12,730 parameters"));
  EXPECT_TRUE(dialog.student()->figures()->text().contains("times smaller"));
}

TEST_F(DistillWindow, SaysWhyAKindIsNotPossible) {
  dialog.student()->setKind(core::StudentKind::Shallow);
  ASSERT_TRUE(eventually([&] { return dialog.student()->figures()->text().contains("no residual blocks"); }));
  EXPECT_FALSE(dialog.startButton()->isEnabled());
}

TEST_F(DistillWindow, EveryKindHasItsSpecification) {
  StudentForm& form = *dialog.student();
  form.setKind(core::StudentKind::Cnn);
  emit form.slider("channels")->changed(4);
  EXPECT_EQ(core::toWords(form.spec()), "cnn:4-8,kernel=5,pool=2,head=flat");
  form.setKind(core::StudentKind::Transformer);
  emit form.slider("heads")->changed(2);
  EXPECT_EQ(core::toWords(form.spec()), "transformer:16,depth=2,heads=2,patch=7,feed_forward=32");
  const double steep = dialog.training()->rate()->value();
  form.setKind(core::StudentKind::Narrow);
  EXPECT_LT(dialog.training()->rate()->value(), steep);
  emit form.slider("keep")->changed(0.25);
  EXPECT_EQ(core::toWords(form.spec()), "narrow:0.25,weights=inherited");
  dialog.training()->rate()->setValue(0.25);
  form.setFile("/tmp/x.onnx");
  EXPECT_EQ(dialog.training()->rate()->value(), 0.25);
  EXPECT_EQ(core::toWords(form.spec()), "file:/tmp/x.onnx,weights=inherited");
}

TEST_F(DistillWindow, TrainsAndShowsBothSideBySide) {
  ASSERT_TRUE(possible());
  dialog.start();
  EXPECT_TRUE(dialog.running());
  EXPECT_FALSE(dialog.saveButton()->isEnabled());
  ASSERT_TRUE(ended());
  ASSERT_TRUE(dialog.result()) << dialog.state()->text().toStdString();
  EXPECT_EQ(dialog.charts()->epochs().size(), 3u);
  EXPECT_GT(dialog.charts()->steps(), 0);
  EXPECT_EQ(dialog.tabs()->currentIndex(), 1);
  const core::StudentComparison& found = dialog.result()->comparison;
  EXPECT_GT(*found.quality.top1, 0.8);
  EXPECT_TRUE(dialog.sideBySide()->teacherText(0).startsWith("98.60 %"));
  EXPECT_EQ(dialog.sideBySide()->studentText(2), "25,450");
  std::int64_t right = 0;
  for (int c = 0; c < 10; ++c) right += dialog.sideBySide()->confusion()->count(c, c);
  EXPECT_EQ(right, std::llround(*found.quality.top1 * 2000));
  ASSERT_TRUE(eventually([&] { return !dialog.sideBySide()->explaining(); }));
  EXPECT_TRUE(document.recipe().empty());
}

TEST_F(DistillWindow, AStopKeepsTheBestAndClosingLeavesItAtWork) {
  ASSERT_TRUE(possible());
  dialog.training()->epochs()->setValue(1000);
  dialog.start();
  ASSERT_TRUE(eventually([&] { return dialog.charts()->epochs().size() > 1; }, 60000));
  dialog.stop();
  ASSERT_TRUE(ended());
  ASSERT_TRUE(dialog.result());
  EXPECT_LT(dialog.result()->epochs.size(), 1000u);
  dialog.show();
  dialog.start();
  dialog.reject();
  EXPECT_TRUE(dialog.running());
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Running);
  dialog.discard();
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Idle);
  ASSERT_TRUE(ended());
  EXPECT_FALSE(dialog.result());
}

TEST_F(DistillWindow, APauseHoldsTheTrainingAndItGoesOn) {
  ASSERT_TRUE(possible());
  dialog.training()->epochs()->setValue(1000);
  dialog.start();
  ASSERT_TRUE(eventually([&] { return dialog.charts()->epochs().size() > 1; }, 60000));
  dialog.setPaused(true);
  EXPECT_EQ(dialog.pauseButton()->text(), "Go on");
  ASSERT_TRUE(eventually([&] { return dialog.resting(); }, 60000));
  QCoreApplication::sendPostedEvents();
  const std::size_t epochs = dialog.charts()->epochs().size();
  QTest::qWait(200);  // for an epoch that should not come
  EXPECT_EQ(dialog.charts()->epochs().size(), epochs);
  EXPECT_TRUE(dialog.state()->text().startsWith("Paused after epoch"))
      << dialog.state()->text().toStdString();
  QTest::mouseClick(dialog.pauseButton(), Qt::LeftButton);
  EXPECT_EQ(dialog.pauseButton()->text(), "Pause");
  ASSERT_TRUE(eventually([&] { return dialog.charts()->epochs().size() > epochs; }, 60000));
  dialog.setPaused(true);
  dialog.stop();  // a stop does not wait for the pause
  ASSERT_TRUE(ended());
  EXPECT_TRUE(dialog.result());
}

TEST(DistillCharts, AStartFarBelowDoesNotFlattenTheEpochs) {
  RepairCharts charts;
  const auto least = [&] {
    return qobject_cast<QValueAxis*>(charts.quality()->chart()->axes(Qt::Vertical).value(0))->min();
  };
  charts.begin(4, "Accuracy");
  const double qualities[]{0.08, 0.95, 0.96, 0.965};
  for (std::size_t i = 0; i < 4; ++i) charts.addEpoch({i, 1, qualities[i], 0.1});
  EXPECT_GT(least(), 0.9);
  charts.begin(2, "Accuracy");
  for (std::size_t i = 0; i < 3; ++i) charts.addEpoch({i, 1, 0.90 + 0.03 * static_cast<double>(i), 0.1});
  EXPECT_LE(least(), 0.90);
}

TEST(DistillWindowAlone, WithoutDataItSaysSo) {
  Document document;
  DistillDialog dialog(document);
  EXPECT_FALSE(dialog.startButton()->isEnabled());
  document.open(
      std::make_shared<const core::Session>(demoSession()->model(), nullptr, core::Session::Options{}));
  EXPECT_TRUE(dialog.state()->text().contains("open data first"));
}

TEST(DistillMainWindow, TheStudentIsSavedAndOpenedOnTheSameSamples) {
  const QTemporaryDir folder;
  MainWindow window;
  window.openModel({"demo:lenet300", {}, {}});
  ASSERT_TRUE(eventually([&] { return window.document().session() != nullptr; }));
  DistillDialog* dialog = window.distillDialog();
  dialog->training()->epochs()->setValue(1);
  dialog->student()->setKind(core::StudentKind::Mlp);
  ASSERT_TRUE(eventually([&] { return dialog->student()->possible(); }));
  dialog->start();
  ASSERT_TRUE(eventually([&] { return !dialog->running(); }, 120000));
  ASSERT_TRUE(dialog->result());
  const double top1 = *dialog->result()->comparison.quality.top1;
  const QString path = folder.filePath("student.onnx");
  dialog->saveTo(path);
  ASSERT_TRUE(eventually([&] { return dialog->state()->text().contains("student.onnx"); }));
  ASSERT_TRUE(QFileInfo::exists(path));
  dialog->openButton()->click();
  ASSERT_TRUE(eventually([&] {
    const auto& session = window.document().session();
    return session && session->model().source.path == path.toStdString();
  }));
  EXPECT_EQ(window.opener().current().request.data, OpenRequest::demoDigits());
  EXPECT_FALSE(dialog->isVisible());
  ASSERT_TRUE(eventually([&] { return window.document().outcome().final; }, 60000));
  EXPECT_DOUBLE_EQ(*window.document().outcome().quality->top1, top1);
  const QString file = folder.filePath("student.lapidary-session");
  ASSERT_TRUE(window.saveSessionTo(file));
  EXPECT_EQ(readSession(file).request.data, OpenRequest::demoDigits());
}

}  // namespace
}  // namespace lapidary::ui
