// SPDX-License-Identifier: GPL-3.0-or-later
// The preview follows the fields with a short delay; what is wrong stands beside them.
#include "ui/preprocess/preprocess_dialog.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QSpinBox>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/manual/help.h"
#include "ui/preprocess/network_input.h"
#include "ui/preprocess/picture_box.h"
#include "ui/preprocess/preprocess_form.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

constexpr int delay = 80;  // milliseconds

}  // namespace

PreprocessDialog::PreprocessDialog(Document& document, QWidget* parent)
    : QDialog(parent), m_document(document), m_job(new BackgroundJob(this)) {
  setWindowTitle(tr("Preprocessing"));
  build();
  m_delay.setSingleShot(true);
  m_delay.setInterval(delay);
  connect(&m_delay, &QTimer::timeout, this, &PreprocessDialog::preview);
  connect(m_form, &PreprocessForm::edited, &m_delay, qOverload<>(&QTimer::start));
  connect(m_sample, &QSpinBox::valueChanged, &m_delay, qOverload<>(&QTimer::start));
  connect(m_job, &BackgroundJob::failed, this, &PreprocessDialog::showProblem);
  const auto& session = document.session();
  const bool ready = session && session->data() && session->data()->size() > 0;
  m_apply->setEnabled(ready);
  m_save->setEnabled(ready);
  if (!ready) {
    showProblem(tr("Open data first: there is no sample to show."));
    return;
  }
  if (session->data()->source().audible()) speakOfSounds();
  m_applied = session->data()->preprocess();
  m_form->setValue(m_applied);
  offerOutputs();
  m_sample->setRange(0, static_cast<int>(session->data()->size()) - 1);
  m_origin->setText(originText());
  preview();
}

QWidget* PreprocessDialog::buildPreview() {
  auto* card = new Card(tr("What the network sees"));
  m_sample = new QSpinBox;
  m_sample->setPrefix(tr("sample "));
  m_sample->setAccessibleName(tr("Sample that is shown"));
  card->addToHead(m_sample);
  m_original = new PictureBox(tr("The data's picture"));
  m_seen = new PictureBox(tr("The input, least value black, largest white"));
  auto* row = new QHBoxLayout;
  row->setSpacing(16);
  row->addWidget(m_original, 1);
  row->addWidget(m_seen, 1);
  card->body()->addLayout(row, 1);
  m_shape = makeLabel({}, "");
  m_ranges = makeLabel({}, "muted");
  card->body()->addWidget(m_shape);
  card->body()->addWidget(m_ranges);
  return card;
}

QWidget* PreprocessDialog::buildScores() {
  m_scores = new QWidget;
  auto* row = new QHBoxLayout(m_scores);
  row->setContentsMargins(0, 0, 0, 0);
  auto* label = makeLabel(tr("Scores of the classes"), "");
  m_scoresOutput = new QComboBox;
  m_scoresOutput->setToolTip(
      tr("The output that answers are read from: the one with a score for every class."));
  label->setBuddy(m_scoresOutput);
  row->addWidget(label);
  row->addWidget(m_scoresOutput, 1);
  m_scores->setVisible(false);
  return m_scores;
}

void PreprocessDialog::offerOutputs() {
  const core::Model& model = m_document.session()->model();
  const core::Graph& graph = *model.graph;
  m_scores->setVisible(graph.outputs.size() > 1);
  m_scoresOutput->clear();
  m_scoresOutput->addItem(tr("chosen for the data"), QString());
  for (const core::ValueId output : graph.outputs) {
    const QString name = QString::fromStdString(graph.value(output).name);
    m_scoresOutput->addItem(name, name);
  }
  if (model.scoresOutput) m_scoresOutput->setCurrentIndex(static_cast<int>(*model.scoresOutput) + 1);
}

void PreprocessDialog::build() {
  auto* fields = m_fields = new Card(tr("Picture to input"));
  m_origin = makeLabel({}, "muted");
  m_origin->setWordWrap(true);
  m_form = new PreprocessForm;
  m_problem = makeLabel({}, "");
  m_problem->setWordWrap(true);
  m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
  fields->body()->addWidget(m_origin);
  auto* scroll = new QScrollArea;
  scroll->setAccessibleName(tr("Preprocessing"));
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(m_form);
  // The card shows through.
  scroll->viewport()->setAutoFillBackground(false);
  m_form->setAutoFillBackground(false);
  fields->body()->addWidget(scroll, 1);
  fields->body()->addWidget(buildScores());
  fields->body()->addWidget(m_problem);
  m_save = makeButton(tr("Save…"), "");
  m_apply = makeButton(tr("Apply"), "primary");
  auto* close = makeButton(tr("Close"), "");
  m_apply->setDefault(true);
  connect(m_save, &QPushButton::clicked, this, &PreprocessDialog::save);
  connect(m_apply, &QPushButton::clicked, this, &PreprocessDialog::apply);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(m_save);
  buttons->addWidget(help::addTo(this));
  buttons->addStretch(1);
  buttons->addWidget(close);
  buttons->addWidget(m_apply);
  auto* columns = new QHBoxLayout;
  columns->setSpacing(12);
  columns->addWidget(fields, 2);
  columns->addWidget(buildPreview(), 3);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 16, 16, 16);
  layout->setSpacing(12);
  layout->addLayout(columns, 1);
  layout->addLayout(buttons);
  resize(1000, 520);
}

void PreprocessDialog::speakOfSounds() {
  m_fields->setTitle(tr("Sound to input"));
  m_original->setCaption(tr("The data's sound"));
  m_form->setSounds(true);
  resize(1000, 700);
}

QString PreprocessDialog::soundText(const NetworkInput& input) const {
  if (!input.sound) return {};
  const core::SoundPreprocess& sound = *input.sound;
  const double rate = *sound.rate;
  QString text = tr("%1 s of sound").arg(significantText(input.seconds));
  if (sound.length)
    text += tr(", taken as %1 s").arg(significantText(static_cast<double>(*sound.length) / rate));
  if (sound.features != core::SoundFeatures::LogMel) return text;
  return text + QLatin1Char('\n') +
         tr("%1 bands; windows of %2 ms, %3 ms apart")
             .arg(QString::number(*sound.mels), significantText(1000 * *sound.window / rate),
                  significantText(1000 * *sound.hop / rate));
}

QString PreprocessDialog::originText() const {
  const core::Session& session = *m_document.session();
  core::PreprocessOrigin origin = core::PreprocessOrigin::Given;
  QString guessed;
  try {
    const core::PreprocessChoice choice = core::choosePreprocess(session.model(), session.data()->source());
    if (choice.preprocess == session.data()->preprocess()) {
      origin = choice.origin;
      guessed = QString::fromStdString(choice.guessed);
    }
    if (session.data()->preprocessOrigin() == core::PreprocessOrigin::Tried)
      origin = core::PreprocessOrigin::Tried;
  } catch (const core::Error& error) {
    return QString::fromUtf8(error.what());
  }
  switch (origin) {
    case core::PreprocessOrigin::Guessed:
      return tr("Guessed from the model's input and the data: please check it.");
    case core::PreprocessOrigin::BesideModel:
      if (!guessed.isEmpty())
        return tr("Read from the file beside the model, which leaves these open. Guessed: %1. Please check "
                  "them.")
            .arg(guessed);
      return tr("Read from the file beside the model.");
    case core::PreprocessOrigin::Tried:
      return tr("Found by trying common forms on labelled samples.");
    case core::PreprocessOrigin::Given:
      break;
  }
  return tr("Given by you.");
}

void PreprocessDialog::preview() {
  const auto& session = m_document.session();
  if (!session || !session->data()) return;
  const std::optional<core::Preprocess> wanted = m_form->value();
  if (!wanted) {
    m_job->cancel();
    return showProblem(m_form->problem());
  }
  m_job->start([session, wanted, sample = static_cast<std::size_t>(m_sample->value()),
                this](const core::Progress&) -> BackgroundJob::Deliver {
    const NetworkInput input = networkInput(session->data()->source(), sample, *wanted, session->model());
    return [this, input] { showInput(input); };
  });
}

void PreprocessDialog::showInput(const NetworkInput& input) {
  m_original->setPicture(input.original, tr("The data holds arrays, not pictures."));
  if (!input.problem.isEmpty()) return showProblem(input.problem);
  showProblem({});
  if (input.sound)
    m_seen->setCaption(input.sound->features == core::SoundFeatures::LogMel
                           ? tr("The input: time by frequency")
                           : tr("The input: samples"));
  m_seen->setPicture(input.seen, tr("The input is no picture."));
  m_shape->setText(input.shape);
  QStringList lines;
  for (std::size_t i = 0; i < input.channels.size() && i < 4; ++i) {
    const ChannelRange& range = input.channels[i];
    lines << tr("channel %1: %2 to %3, mean %4")
                 .arg(QString::number(i), significantText(range.least), significantText(range.most),
                      significantText(range.mean));
  }
  if (input.sound) lines << soundText(input);
  m_ranges->setText(lines.join(QLatin1Char('\n')));
}

void PreprocessDialog::showProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
  m_problem->setStyleSheet(QStringLiteral("color: %1;").arg(Theme::instance().color(Role::Loss).name()));
  m_apply->setEnabled(problem.isEmpty());
  m_save->setEnabled(problem.isEmpty());
  if (problem.isEmpty()) return;
  m_seen->setPicture({}, tr("Nothing: see the fields."));
  m_shape->clear();
  m_ranges->clear();
}

QString PreprocessDialog::proposedPath() const {
  const QString model = QString::fromStdString(m_document.session()->model().source.path);
  if (model.isEmpty()) return QStringLiteral("model.preprocess.json");
  const QFileInfo info(model);
  return info.path() + QLatin1Char('/') + info.completeBaseName() + QStringLiteral(".preprocess.json");
}

void PreprocessDialog::save() {
  const std::optional<core::Preprocess> wanted = m_form->value();
  if (!wanted) return showProblem(m_form->problem());
  const QString path = QFileDialog::getSaveFileName(this, tr("Save preprocessing"), proposedPath(),
                                                    tr("Preprocessing (*.preprocess.json)"));
  if (path.isEmpty()) return;
  QSaveFile file(path);
  const QByteArray text = QByteArray::fromStdString(core::toJson(*wanted)) + '\n';
  if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
    m_origin->setText(tr("Saved as %1.").arg(QFileInfo(path).fileName()));
  else
    showProblem(tr("%1 could not be written: %2").arg(path, file.errorString()));
}

void PreprocessDialog::apply() {
  const std::optional<core::Preprocess> wanted = m_form->value();
  if (!wanted) return showProblem(m_form->problem());
  m_applied = *wanted;
  emit applied(m_applied, m_scoresOutput->currentData().toString());
  accept();
}

}  // namespace lapidary::ui
