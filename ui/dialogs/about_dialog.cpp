// SPDX-License-Identifier: GPL-3.0-or-later
// Contents of the dialog.
#include "ui/dialogs/about_dialog.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDialog>

#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

struct AboutTr {
  Q_DECLARE_TR_FUNCTIONS(HelpDialogs)
};

void finish(QDialog& dialog, QVBoxLayout* column) {
  auto* close = makeButton(AboutTr::tr("Close"), "");
  QObject::connect(close, &QPushButton::clicked, &dialog, &QDialog::accept);
  column->addWidget(close, 0, Qt::AlignRight);
  help::answerKey(&dialog);
  dialog.exec();
}

QVBoxLayout* columnOf(QDialog& dialog) {
  auto* column = new QVBoxLayout(&dialog);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(12);
  return column;
}

}  // namespace

void showAbout(QWidget* parent) {
  QDialog dialog(parent);
  dialog.setObjectName(QStringLiteral("AboutDialog"));
  dialog.setWindowTitle(AboutTr::tr("About Lapidary"));
  auto* column = columnOf(dialog);
  column->addWidget(
      makeLabel(QStringLiteral("◆ Lapidary ") + QCoreApplication::applicationVersion(), "heading"));
  const QStringList paragraphs{
      AboutTr::tr("Makes neural networks smaller and measures what it costs, while you look."),
      AboutTr::tr(
          "Free software under the GNU General Public License, version 3 or later, without any warranty."),
      AboutTr::tr(
          "Built on Qt, oneDNN, ONNX, Eigen, QuaZip and nlohmann-json. The demo's digits come from the "
          "MNIST database.")};
  for (const auto& text : paragraphs) {
    auto* label = makeLabel(text, "muted");
    label->setWordWrap(true);
    column->addWidget(label);
  }
  dialog.setMinimumWidth(420);
  finish(dialog, column);
}

}  // namespace lapidary::ui
