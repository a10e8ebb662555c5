// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog writes where it was told: an ending in capitals is that ending.
#include "ui/dialogs/export_dialog.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>

#include "core/files/archive.h"
#include "tests/ui/demo.h"
#include "ui/files/runtime_text.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

namespace {

class ExportDialogTest : public testing::Test {
 protected:
  void SetUp() override { m_document.open(demoSession()); }

  /// The path that the dialog says it has written; empty where it has not.
  QString written(ExportDialog::Kind kind, const QString& name, bool samples) {
    ExportDialog dialog(m_document, "cut");
    QTest::mouseClick(dialog.kinds()->button(kind), Qt::LeftButton);
    dialog.path()->setText(m_folder.filePath(name));
    dialog.withData()->setChecked(samples);
    QTest::mouseClick(dialog.writeButton(), Qt::LeftButton);
    if (!eventually([&] { return dialog.saved().has_value(); }, 60000)) return {};
    EXPECT_TRUE(quiet());
    return QString::fromStdString(dialog.saved()->path);
  }

  Document m_document;
  QTemporaryDir m_folder;
};

TEST_F(ExportDialogTest, SaysByWhatRulesTheFileAnswersElsewhere) {
  ExportDialog dialog(m_document, "cut");
  QTest::mouseClick(dialog.kinds()->button(ExportDialog::Onnx), Qt::LeftButton);
  dialog.path()->setText(m_folder.filePath("cut.onnx"));
  QTest::mouseClick(dialog.writeButton(), Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return dialog.saved().has_value(); }, 60000));
  EXPECT_TRUE(dialog.result()->text().contains(
      "Checked: answers as shown, by the rules proved against ONNX Runtime at every optimisation level."));
  EXPECT_EQ(runtimeText({}), QString());
  core::SavedFile doubtful;
  doubtful.unproved = core::UnprovedNodes{{"lookup", "GatherND", core::Unproved::Operator}};
  EXPECT_TRUE(runtimeText(doubtful).contains("lookup (GatherND)"));
}

TEST_F(ExportDialogTest, ABundleInCapitalsIsABundleWithItsSamples) {
  EXPECT_EQ(written(ExportDialog::Bundle, "cut.ZIP", true), m_folder.filePath("cut.ZIP"));
  std::size_t samples = 0;
  const core::ArchiveReader bundle(core::mapFile(m_folder.filePath("cut.ZIP").toStdString()));
  for (const core::ArchiveMember& member : bundle.members()) samples += member.name.starts_with("samples/");
  EXPECT_GT(samples, 0u);
  EXPECT_EQ(QDir(m_folder.path()).entryList(QDir::Files), QStringList{"cut.ZIP"});
}

TEST_F(ExportDialogTest, OtherKindsKeepTheirCapitalsAndGetTheEndingThatIsMissing) {
  EXPECT_EQ(written(ExportDialog::Onnx, "cut.ONNX", false), m_folder.filePath("cut.ONNX"));
  EXPECT_EQ(written(ExportDialog::Npz, "cut.zip", false), m_folder.filePath("cut.zip.npz"));
}

}  // namespace

}  // namespace lapidary::ui
