// SPDX-License-Identifier: GPL-3.0-or-later
// The four kinds of data.
#include "ui/dialogs/open_data_dialog.h"

#include <QBoxLayout>
#include <QFileDialog>

#include "ui/files/file_filters.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

OpenDataDialog::OpenDataDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Open data"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(14);
  auto* intro = makeLabel(
      tr("Samples to measure the cut on. They are read where they are and stay on this machine."), "muted");
  intro->setWordWrap(true);
  column->addWidget(intro);
  addKind(tr("Arrays or a list"), tr("npz with x and, for labels, y; or a CSV of file,label"), [this] {
    return QFileDialog::getOpenFileName(this, tr("Open data"), {},
                                        tr("Data (%1);;All files (*)").arg(dataPatterns()), nullptr,
                                        QFileDialog::HideNameFilterDetails);
  });
  addKind(
      tr("Folder of pictures or sounds"),
      tr("PNG, JPEG, WAV, FLAC or Ogg; one folder for each class, or none for data without labels"),
      [this] { return QFileDialog::getExistingDirectory(this, tr("Open a folder of pictures or sounds")); });
  addKind(tr("IDX pair"), tr("pictures and labels as MNIST has them, gz too"), [this] { return askIdx(); });
  auto* cancel = makeButton(tr("Cancel"), "");
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(help::addTo(this));
  buttons->addStretch();
  buttons->addWidget(cancel);
  column->addLayout(buttons);
  setMinimumWidth(480);
}

void OpenDataDialog::addKind(const QString& title, const QString& sentence,
                             const std::function<QString()>& ask) {
  auto* row = new QHBoxLayout;
  auto* texts = new QVBoxLayout;
  texts->setSpacing(2);
  texts->addWidget(makeLabel(title, "title"));
  auto* label = makeLabel(sentence, "muted");
  label->setWordWrap(true);
  texts->addWidget(label);
  auto* choose = makeButton(tr("Choose…"), "");
  choose->setAccessibleName(title);
  connect(choose, &QPushButton::clicked, this, [this, ask] {
    m_chosen = ask();
    if (!m_chosen.isEmpty()) accept();
  });
  row->addLayout(texts, 1);
  row->addWidget(choose, 0, Qt::AlignVCenter);
  static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

QString OpenDataDialog::askIdx() {
  const QString pictures = QFileDialog::getOpenFileName(this, tr("IDX file of the pictures"));
  if (pictures.isEmpty()) return {};
  const QString labels =
      QFileDialog::getOpenFileName(this, tr("IDX file of the labels"), QFileInfo(pictures).path());
  return labels.isEmpty() ? QString() : pictures + QLatin1Char(':') + labels;
}

}  // namespace lapidary::ui
