// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/locate.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

#include "ui/files/file_filters.h"
#include "ui/files/saved_session.h"
#include "ui/files/session_file.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {

namespace {

enum class Answer { Locate, Without, Cancel };

Answer ask(QWidget& window, const QString& sentence, const QString& without) {
  QMessageBox question(QMessageBox::Question, MainWindow::tr("Lapidary"), sentence, QMessageBox::Cancel,
                       &window);
  question.setObjectName(QStringLiteral("locate"));
  const auto* locate = question.addButton(MainWindow::tr("Locate…"), QMessageBox::AcceptRole);
  const QPushButton* leave =
      without.isEmpty() ? nullptr : question.addButton(without, QMessageBox::DestructiveRole);
  question.exec();
  if (question.clickedButton() == locate) return Answer::Locate;
  return leave && question.clickedButton() == leave ? Answer::Without : Answer::Cancel;
}

QString chosenFile(QWidget& window, const QString& title, const QString& gone, const QString& filter) {
  return QFileDialog::getOpenFileName(&window, title, QFileInfo(gone).path(), filter, nullptr,
                                      QFileDialog::HideNameFilterDetails);
}

}  // namespace

QString leftOutData(const QString& data) {
  const QString gone = missingFile(data);
  return gone.isEmpty() ? QString()
                        : MainWindow::tr(
                              "The data of this session, %1, are not there any more: it is opened "
                              "without them. File, Open data… chooses others.")
                              .arg(gone);
}

bool locateWhatMoved(SavedSession& saved, QWidget& window, bool asks) {
  const QString model = missingFile(saved.request.model);
  if (!model.isEmpty() && asks) {
    const QString sentence = MainWindow::tr("The model of this session is not there any more: %1").arg(model);
    if (ask(window, sentence, {}) != Answer::Locate) return false;
    const QString chosen = chosenFile(window, MainWindow::tr("Where the model is now"), model,
                                      MainWindow::tr("Models (%1);;All files (*)").arg(modelPatterns()));
    if (chosen.isEmpty()) return false;
    saved.request.model = chosen;
  }
  const QString data = missingFile(saved.request.data);
  if (data.isEmpty()) return true;
  const QString sentence = MainWindow::tr("The data of this session are not there any more: %1").arg(data);
  const Answer answer = asks ? ask(window, sentence, MainWindow::tr("Open without data")) : Answer::Without;
  if (answer == Answer::Cancel) return false;
  const QString chosen = answer == Answer::Locate
                             ? chosenFile(window, MainWindow::tr("Where the data are now"), data, {})
                             : QString();
  if (answer == Answer::Locate && chosen.isEmpty()) return false;
  if (chosen.isEmpty())
    saved.measureOn({});
  else
    saved.request.data = chosen;
  return true;
}

}  // namespace lapidary::ui
