// SPDX-License-Identifier: GPL-3.0-or-later
// Edits how pictures or sounds become the network's input, and shows what the network then sees.
#pragma once

#include <QDialog>
#include <QTimer>

#include "core/data/preprocess.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class Document;
class PictureBox;
class PreprocessForm;
struct NetworkInput;

class PreprocessDialog : public QDialog {
  Q_OBJECT

 public:
  explicit PreprocessDialog(Document& document, QWidget* parent = nullptr);

  PreprocessForm* form() const { return m_form; }
  QComboBox* scoresOutput() const { return m_scoresOutput; }
  /// The one that was applied last; until then the one in use.
  const core::Preprocess& preprocess() const { return m_applied; }

 signals:
  /// The person wants this one: whoever listens opens the data anew with it, and reads the scores of classes
  /// from that output; empty: from the one that is chosen for the data.
  void applied(const core::Preprocess& preprocess, const QString& scoresOutput);

 private:
  void build();
  QWidget* buildPreview();
  QWidget* buildScores();
  void offerOutputs();
  void speakOfSounds();
  QString soundText(const NetworkInput& input) const;
  void preview();
  void showInput(const NetworkInput& input);
  void showProblem(const QString& problem);
  QString originText() const;
  QString proposedPath() const;
  void save();
  void apply();

  Document& m_document;
  BackgroundJob* m_job;
  QTimer m_delay;
  core::Preprocess m_applied;
  Card* m_fields;
  PreprocessForm* m_form;
  PictureBox *m_original, *m_seen;
  QSpinBox* m_sample;
  QWidget* m_scores;          ///< the row of the choice, shown where there are several outputs
  QComboBox* m_scoresOutput;  ///< the first choice leaves it to the program
  QLabel *m_origin, *m_shape, *m_ranges, *m_problem;
  QPushButton *m_save, *m_apply;
};

}  // namespace lapidary::ui
