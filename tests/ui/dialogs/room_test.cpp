// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs open as large as what stands in them: nothing is cut off at its edge.
#include <gtest/gtest.h>

#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>

#include "tests/ui/demo.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/preprocess/preprocess_form.h"
#include "ui/repair/repair_dialog.h"
#include "ui/repair/repair_form.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

class RoomOfDialogs : public testing::Test {
 protected:
  void SetUp() override { m_document.open(demoSession()); }

  static void open(QWidget& dialog) {
    dialog.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  }

  Document m_document;
};

}  // namespace

TEST_F(RoomOfDialogs, NumbersOfARepairHaveTheirHeight) {
  RepairDialog dialog(m_document);
  open(dialog);
  const RepairForm& form = *dialog.form();
  for (const QAbstractSpinBox* box :
       {static_cast<QAbstractSpinBox*>(form.epochs()), static_cast<QAbstractSpinBox*>(form.rate()),
        static_cast<QAbstractSpinBox*>(form.batch()), static_cast<QAbstractSpinBox*>(form.seed())})
    EXPECT_GE(box->height(), box->minimumSizeHint().height()) << box->accessibleName().toStdString();
  dialog.reject();
  EXPECT_TRUE(quiet());
}

TEST_F(RoomOfDialogs, FieldsOfPreprocessingHaveTheirWidth) {
  PreprocessDialog dialog(m_document);
  open(dialog);
  const auto* area = dialog.findChild<QScrollArea*>();
  ASSERT_NE(area, nullptr);
  EXPECT_LE(dialog.form()->minimumSizeHint().width(), area->viewport()->width());
  EXPECT_TRUE(quiet());
}

TEST_F(RoomOfDialogs, AnExportShowsAWholeHash) {
  ExportDialog dialog(m_document, "cut");
  open(dialog);
  const QString widest(64, QLatin1Char('d'));
  const QMargins margins(24, 0, 24, 0);
  EXPECT_LE(dialog.fontMetrics().horizontalAdvance(widest), dialog.rect().marginsRemoved(margins).width());
}

TEST(RoomOfSliders, AUnitOfManyLettersIsShownWhole) {
  for (const QString& suffix : {QStringLiteral(" %"), QStringLiteral(" points of accuracy")}) {
    ValueSlider slider("Drop", {}, {1, suffix, [](double v) { return QString::number(v, 'f', 2); }});
    slider.setRange(0, 5);
    slider.setValue(0.5);
    slider.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&slider));
    const QLineEdit& field = *slider.editor();
    constexpr int frame = 2 * (1 + 6);  // border and padding of the style sheet
    EXPECT_LE(field.fontMetrics().horizontalAdvance(field.text()), field.width() - frame)
        << suffix.toStdString();
  }
}

}  // namespace lapidary::ui
