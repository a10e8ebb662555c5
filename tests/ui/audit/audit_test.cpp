// SPDX-License-Identifier: GPL-3.0-or-later
// The audit in the window: findings, opcodes, saving, and the word on a file that was opened or refused.
#include <gmock/gmock.h>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTextBrowser>
#include <QTranslator>

#include "core/audit/rules/audit_rules.h"
#include "tests/ui/demo.h"
#include "ui/audit/audit_dialog.h"
#include "ui/audit/audit_texts.h"
#include "ui/audit/audit_watch.h"
#include "ui/audit/finding_model.h"
#include "ui/audit/opcode_model.h"
#include "ui/look/language.h"
#include "ui/widgets/banner.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {
namespace {

QString corpus(const char* name) { return QStringLiteral(LAPIDARY_SOURCE_DIR "/tests/data/audit/") + name; }

QString textOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

class AuditDialogTest : public testing::Test {
 protected:
  void audit(const char* name) {
    m_dialog.audit(corpus(name));
    ASSERT_TRUE(eventually([&] { return !m_dialog.running(); }));
  }
  AuditDialog m_dialog;
};

TEST_F(AuditDialogTest, ListsFindingsWorstFirstAndExplainsThem) {
  QAbstractItemModelTester tester(m_dialog.findings(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  audit("bad/crc.pt");
  auto* findings = m_dialog.findings();
  ASSERT_EQ(findings->rowCount(), 3);
  EXPECT_EQ(findings->data(findings->index(0, FindingModel::SeverityColumn), Qt::DisplayRole).toString(),
            "Critical");
  EXPECT_EQ(m_dialog.table()->currentIndex().row(), 0);
  EXPECT_TRUE(m_dialog.details()->toPlainText().contains("os.system"))
      << m_dialog.details()->toPlainText().toStdString();
  m_dialog.table()->selectRow(2);
  EXPECT_TRUE(m_dialog.details()->toPlainText().contains("CRC-32"))
      << m_dialog.details()->toPlainText().toStdString();
}

TEST_F(AuditDialogTest, ListsThePickleOpcodeByOpcode) {
  QAbstractItemModelTester tester(m_dialog.opcodes(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  audit("bad/inst.pkl");
  EXPECT_TRUE(m_dialog.tabs()->isTabVisible(1));
  ASSERT_TRUE(eventually([&] { return m_dialog.opcodes()->rowCount() == 4; }));
  EXPECT_EQ(m_dialog.opcodes()
                ->data(m_dialog.opcodes()->index(2, OpcodeModel::OpcodeColumn), Qt::DisplayRole)
                .toString(),
            "INST");
  EXPECT_EQ(m_dialog.opcodes()
                ->data(m_dialog.opcodes()->index(2, OpcodeModel::MeaningColumn), Qt::DisplayRole)
                .toString(),
            "os.system('echo audit')");
  EXPECT_EQ(m_dialog.opcodes()->pickle().steps[2].mark, core::StepMark::Dangerous);
}

TEST_F(AuditDialogTest, ACleanFileSaysSo) {
  audit("clean/model.onnx");
  EXPECT_EQ(m_dialog.findings()->rowCount(), 0);
  EXPECT_FALSE(m_dialog.tabs()->isTabVisible(1));
  EXPECT_EQ(m_dialog.result().sha256.size(), 64u);
}

TEST_F(AuditDialogTest, AFileThatIsNotThereSaysSo) {
  audit("bad/inst.pkl");
  audit("nothing.onnx");
  EXPECT_EQ(m_dialog.findings()->rowCount(), 0);
  EXPECT_FALSE(m_dialog.tabs()->isTabVisible(1));
}

TEST_F(AuditDialogTest, SavesJsonAndSarif) {
  audit("bad/torch.pt");
  const QTemporaryDir folder;
  ASSERT_TRUE(m_dialog.exportTo(folder.filePath("a.json")));
  EXPECT_TRUE(textOf(folder.filePath("a.json")).contains("\"pickle-dangerous-name\""));
  ASSERT_TRUE(m_dialog.exportTo(folder.filePath("a.sarif")));
  EXPECT_TRUE(textOf(folder.filePath("a.sarif")).contains("\"2.1.0\""));
  EXPECT_FALSE(m_dialog.exportTo(folder.filePath("none/a.json")));
}

TEST_F(AuditDialogTest, BeforeThereIsAFileOneButtonChoosesIt) {
  m_dialog.show();
  const auto offers = [&] {
    int count = 0;
    for (const auto* button : m_dialog.findChildren<QPushButton*>())
      count += button->isVisible() && button->text().startsWith(QStringLiteral("Choose file"));
    return count;
  };
  EXPECT_EQ(offers(), 1);
  audit("clean/model.onnx");
  EXPECT_EQ(offers(), 1);
}

TEST(AuditWindow, TheDemoIsLookedIntoLikeAnyFile) {
  MainWindow window;
  window.openModel({QStringLiteral("demo:lenet5"), {}, {}});
  ASSERT_TRUE(eventually([&] { return !window.opener().busy(); }));
  AuditDialog* dialog = window.auditDialog();
  ASSERT_TRUE(eventually([&] { return !dialog->running() && !dialog->result().sha256.empty(); }));
  EXPECT_TRUE(QString::fromStdString(dialog->result().path).endsWith(QStringLiteral("lenet5.onnx")));
  EXPECT_EQ(dialog->findings()->rowCount(), 0);
}

TEST(AuditWindow, ARefusedFileCanBeLookedInto) {
  MainWindow window;
  window.openPath(corpus("bad/torch.pt"));
  ASSERT_TRUE(eventually([&] { return !window.opener().busy(); }));
  EXPECT_TRUE(window.banner()->text().contains("os.system")) << window.banner()->text().toStdString();
  EXPECT_TRUE(window.banner()->text().contains("Audit a file"));
  AuditDialog* dialog = window.auditDialog();
  ASSERT_TRUE(eventually([&] { return !dialog->running() && dialog->findings()->rowCount() > 0; }));
  EXPECT_TRUE(QString::fromStdString(dialog->result().path).endsWith("torch.pt"));
}

TEST(AuditWindow, AnOpenedFileThatShouldBeExplainedIsToldOf) {
  MainWindow window;
  window.openPath(corpus("bad/whole_module.pt"));
  ASSERT_TRUE(eventually([&] { return window.banner()->text().contains("The audit of this file"); }))
      << window.banner()->text().toStdString();
}

TEST(AuditTexts, EveryRuleIsTranslated) {
  QTranslator chinese;
  ASSERT_TRUE(chinese.load(QStringLiteral(":/translations/lapidary_zh_CN.qm")));
  for (const core::AuditRule& rule : core::auditRules())
    for (const std::string_view text : {rule.title, rule.why, rule.cure})
      EXPECT_FALSE(chinese.translate("AuditRules", std::string(text).c_str()).isEmpty())
          << rule.id << ": " << text;
}

}  // namespace
}  // namespace lapidary::ui
