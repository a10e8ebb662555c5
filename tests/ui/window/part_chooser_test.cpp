// SPDX-License-Identifier: GPL-3.0-or-later
// Data in parts: which one is measured stands beside the name, is chosen by mouse and keys, and stays in the
// session.
#include "ui/window/part_chooser.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QTemporaryDir>

#include "core/io/numpy/npz.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/demo.h"
#include "ui/repair/repair_form.h"
#include "ui/repair/repair_run.h"
#include "ui/widgets/banner.h"
#include "ui/window/main_window.h"
#include "ui/window/top_bar.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {
namespace {

const std::string demoFolder = LAPIDARY_SOURCE_DIR "/resources/demo/";

core::Tensor firstRows(const core::Tensor& tensor, std::int64_t rows) {
  core::Shape shape = tensor.shape();
  const std::size_t bytes = tensor.bytes().size() / static_cast<std::size_t>(shape[0]);
  shape[0] = rows;
  return {
      tensor.dtype(), shape, {tensor.owner(), tensor.bytes().first(bytes * static_cast<std::size_t>(rows))}};
}

/// As Keras keeps them: 60 digits to test on, 30 to train on.
QString digitsInParts(const core::testing::TemporaryFolder& folder) {
  const auto arrays = core::readNpz(core::mapFile(demoFolder + "digits_test.npz"));
  const core::Tensor &x = arrays.at("x"), &y = arrays.at("y");
  std::string content;
  core::writeNpz({{"x_train", firstRows(x, 30)},
                  {"y_train", firstRows(y, 30)},
                  {"x_test", firstRows(x, 60)},
                  {"y_test", firstRows(y, 60)}},
                 [&](std::span<const std::byte> part) { content += core::textOf(part); });
  return QString::fromStdString(folder.write("keras.npz", content));
}

class PartsTest : public testing::Test {
 protected:
  PartsTest() : m_data(digitsInParts(m_folder)) {
    m_window.resize(1440, 900);
    m_window.show();
  }
  bool measuredOn(std::size_t samples) {
    return eventually([&] {
      const auto& d = m_window.document();
      return d.session() && d.session()->data() && d.session()->data()->size() == samples &&
             d.outcome().final;
    });
  }
  void open(const QString& data) {
    m_window.openPath(QString::fromStdString(demoFolder + "lenet300.onnx"), data);
  }
  PartChooser* parts() { return m_window.topBar()->parts(); }

  core::testing::TemporaryFolder m_folder;
  QString m_data;
  MainWindow m_window;
};

TEST_F(PartsTest, TheChoiceStandsBesideTheNameAndMeasuresAnother) {
  open(m_data);
  ASSERT_TRUE(measuredOn(60));
  EXPECT_TRUE(parts()->isVisible());
  EXPECT_EQ(parts()->text(), "test ▾");
  EXPECT_TRUE(m_window.banner()->text().contains("beside the data's name")) << "what was taken is said";
  const auto choices = parts()->menuOfParts()->actions();
  ASSERT_EQ(choices.size(), 2);
  EXPECT_EQ(choices[0]->text(), "test · 60 samples");
  EXPECT_TRUE(choices[0]->isChecked());
  EXPECT_EQ(choices[1]->text(), "training · 30 samples");
  m_window.document().setRecipe(
      recipeOf(*m_window.document().session(), {{core::PruneMode::Sparsity, 0.5}, {}, {}, {}}), "cut");
  choices[1]->trigger();
  ASSERT_TRUE(measuredOn(30));
  EXPECT_EQ(parts()->text(), "training ▾");
  EXPECT_FALSE(m_window.banner()->isVisible()) << "it was wished for";
  EXPECT_FALSE(m_window.document().recipe().empty()) << "the cut stays";
  EXPECT_EQ(m_window.document().session()->data()->source().path(), (m_data + ":train").toStdString());
}

TEST_F(PartsTest, KeysChoose) {
  open(m_data);
  ASSERT_TRUE(measuredOn(60));
  EXPECT_TRUE(parts()->toolTip().contains("Ctrl+Shift+D")) << parts()->toolTip().toStdString();
  QTest::keyClick(&m_window, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
  QMenu* menu = parts()->menuOfParts();
  ASSERT_TRUE(eventually([&] { return menu->isVisible(); }));
  EXPECT_EQ(menu->activeAction(), menu->actions()[0]) << "the present one";
  QTest::keyClick(menu, Qt::Key_Down);
  QTest::keyClick(menu, Qt::Key_Return);
  ASSERT_TRUE(measuredOn(30));
}

TEST_F(PartsTest, ThereIsNothingToChooseInDataOfOnePart) {
  open(QString::fromStdString(demoFolder + "digits_test.npz"));
  ASSERT_TRUE(measuredOn(2000));
  EXPECT_FALSE(parts()->isVisible());
  m_window.openPath(m_data);  // dropped on the open model
  ASSERT_TRUE(measuredOn(60));
  EXPECT_TRUE(parts()->isVisible());
  m_window.closeModel();
  EXPECT_FALSE(parts()->isVisible());
}

TEST_F(PartsTest, ThePartStaysInTheSession) {
  open(m_data + ":train");
  ASSERT_TRUE(measuredOn(30));
  const QTemporaryDir folder;
  const QString session = folder.filePath("s.lapidary-session");
  ASSERT_TRUE(m_window.saveSessionTo(session));
  m_window.closeModel();
  m_window.openPath(session);
  ASSERT_TRUE(measuredOn(30));
  EXPECT_EQ(parts()->text(), "training ▾");
  EXPECT_EQ(m_window.opener().current().request.data, m_data + ":train");
}

TEST_F(PartsTest, ARepairLearnsFromThePartToTrainOn) {
  const auto session =
      openModel({QString::fromStdString(demoFolder + "lenet300.onnx"), m_data, {}}, nullptr, {}).session;
  RepairForm form;
  form.setSession(session, false);
  const int part = form.dataChoice()->findText("the training part of the open data (30 samples)");
  ASSERT_GE(part, 0);
  form.dataChoice()->setCurrentIndex(part);
  emit form.dataChoice()->activated(part);
  EXPECT_EQ(form.data(), (TrainingData{TrainingData::Kind::File, m_data + ":train"}));
  EXPECT_EQ(trainingSession({session, form.data(), {}})->data()->size(), 30u);
  form.setFile(m_data);
  EXPECT_EQ(trainingSession({session, form.data(), {}})->data()->size(), 30u) << "not the one to test on";
  EXPECT_TRUE(form.warning()->text().contains("training part")) << form.warning()->text().toStdString();
  form.setFile(m_data + ":test");
  EXPECT_EQ(trainingSession({session, form.data(), {}})->data()->size(), 60u);
}

}  // namespace
}  // namespace lapidary::ui
