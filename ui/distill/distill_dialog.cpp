// SPDX-License-Identifier: GPL-3.0-or-later
// The student's form, the training, the result, and what becomes of it.
#include "ui/distill/distill_dialog.h"

#include <QBoxLayout>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTabWidget>

#include "ui/distill/student_form.h"
#include "ui/distill/student_result.h"
#include "ui/document/background_job.h"
#include "ui/files/file_filters.h"
#include "ui/jobs/long_job.h"
#include "ui/look/figure_text.h"
#include "ui/look/number_text.h"
#include "ui/look/settings.h"
#include "ui/manual/help.h"
#include "ui/repair/forecast_text.h"
#include "ui/repair/repair_charts.h"
#include "ui/repair/repair_form.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

constexpr int usualEpochs = 20, formWidth = 330;
constexpr int forecastDelay = 300;  // milliseconds
constexpr double usualShare = 0.9, usualRate = 0.005;
constexpr double inheritedRate = 0.0005;  ///< larger steps lose what is inherited

}  // namespace

DistillDialog::DistillDialog(Document& document, QWidget* parent)
    : QDialog(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_saving(new BackgroundJob(this)),
      m_forecastJob(new BackgroundJob(this)),
      m_long(new LongJob(tr("Distillation"), this)),
      m_gate(std::make_shared<PauseGate>()),
      m_student(new StudentForm),
      m_training(new RepairForm),
      m_charts(new RepairCharts),
      m_sideBySide(new StudentResult),
      m_tabs(new QTabWidget),
      m_forecast(makeLabel({}, "caption")),
      m_state(makeLabel({}, "muted")),
      m_progress(new QProgressBar),
      m_start(makeButton({}, "primary")),
      m_pause(makeButton({}, "")),
      m_save(makeButton(tr("Save student as…"), "")),
      m_open(makeButton(tr("Open the student"), "")),
      m_close(makeButton(tr("Close"), "")) {
  setWindowTitle(tr("Distil a student"));
  m_training->epochs()->setValue(usualEpochs);
  m_training->teacher()->setValue(usualShare);
  m_training->teacher()->setResetValue(usualShare);
  m_training->ramp()->hide();  // a student is not pruned
  m_training->setRate(usualRate);
  m_suggestedRate = usualRate;
  build();
  resize(1220, 770);
  connect(m_student, &StudentForm::changed, this, [this] {
    suggestRate();
    showState();
    m_forecastSoon.start();
  });
  m_forecastSoon.setSingleShot(true);
  m_forecastSoon.setInterval(forecastDelay);
  connect(&m_forecastSoon, &QTimer::timeout, this, &DistillDialog::askForecast);
  connect(m_training, &RepairForm::changed, &m_forecastSoon, qOverload<>(&QTimer::start));
  connect(m_forecastJob, &BackgroundJob::failed, m_forecast, &QLabel::setText);
  connect(m_student, &StudentForm::figuresChanged, this, &DistillDialog::showState);
  connect(m_start, &QPushButton::clicked, this, [this] { running() ? stop() : start(); });
  connect(m_pause, &QPushButton::clicked, this, [this] { setPaused(!paused()); });
  connect(m_save, &QPushButton::clicked, this, [this] {
    if (const QString path = askPath(); !path.isEmpty()) saveTo(path);
  });
  connect(m_open, &QPushButton::clicked, this, &DistillDialog::openStudent);
  connect(m_close, &QPushButton::clicked, this, &DistillDialog::reject);
  for (auto* job : {m_job, m_saving}) {
    connect(job, &BackgroundJob::finished, this, &DistillDialog::showState);
    connect(job, &BackgroundJob::cancelled, this, &DistillDialog::showState);
    connect(job, &BackgroundJob::failed, this, [this](const QString& message) {
      m_openWhenSaved = false;
      showState();
      end(message);
    });
  }
  m_long->setPausable(true);
  m_long->setStopText(tr("Stop and keep the best"));
  connect(m_long, &LongJob::pauseAsked, this, &DistillDialog::setPaused);
  connect(m_long, &LongJob::stopAsked, this, &DistillDialog::stop);
  connect(&document, &Document::opened, this, [this] {
    discard();
    reject();
    followDocument();
  });
  followDocument();
}

DistillDialog::~DistillDialog() {
  m_stop.request_stop();
  m_gate->setPaused(false);
}

QWidget* DistillDialog::buildTraining() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 10, 0, 0);
  column->setSpacing(10);
  column->addWidget(m_training);
  column->addWidget(m_charts, 1);
  return page;
}

void DistillDialog::build() {
  auto* intro =
      makeLabel(tr("A smaller model learns what the open one, its teacher, answers. The teacher is the model "
                   "as it was opened; cuts do not count."),
                "muted");
  for (auto* label : {intro, m_forecast, m_state}) label->setWordWrap(true);
  m_forecast->setMinimumHeight(m_forecast->fontMetrics().lineSpacing());
  m_state->setMinimumHeight(2 * m_state->fontMetrics().lineSpacing());
  m_state->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the distillation"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  auto* card = new Card(tr("Student"));
  card->body()->addWidget(m_student);
  card->setFixedWidth(formWidth);
  m_tabs->addTab(buildTraining(), tr("Training"));
  m_tabs->addTab(m_sideBySide, tr("Teacher and student"));
  auto* middle = new QHBoxLayout;
  middle->setSpacing(14);
  middle->addWidget(card);
  middle->addWidget(m_tabs, 1);
  auto* buttons = new QHBoxLayout;
  for (auto* button : {m_save, m_open}) buttons->addWidget(button);
  buttons->addWidget(help::addTo(this));
  buttons->addStretch();
  for (auto* button : {m_pause, m_close, m_start}) buttons->addWidget(button);
  m_pause->setToolTip(tr("Waits after the present step; nothing is lost"));
  m_close->setToolTip(tr("A training goes on; the line at the bottom of the window shows it"));
  m_start->setDefault(true);
  m_save->setToolTip(tr("Writes the student, opens the file again and measures it"));
  m_open->setToolTip(tr("Saves the student and opens it in place of the teacher, to be cut like any model"));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(intro);
  column->addLayout(middle, 1);
  column->addWidget(m_forecast);
  column->addWidget(m_progress);
  column->addWidget(m_state);
  column->addLayout(buttons);
}

void DistillDialog::setDemo(bool demo) {
  if (demo == m_demo) return;
  m_demo = demo;
  followDocument();
}

void DistillDialog::followDocument() {
  const auto& session = m_document.session();
  m_result = nullptr;
  m_savedPath.clear();
  m_sideBySide->setResult(nullptr);
  m_tabs->setCurrentIndex(0);
  if (session) m_training->setSession(session, m_demo);
  m_student->setSession(session);
  m_charts->begin(static_cast<std::size_t>(m_training->epochs()->value()),
                  qualityName(session ? session->qualityKind() : core::QualityKind::Accuracy));
  say({});
  showState();
}

QString DistillDialog::obstacle() const {
  const auto& session = m_document.session();
  if (!session) return tr("Open a model first.");
  if (!session->obstacles().empty()) return tr("This model cannot be run, so it cannot teach.");
  if (session->data() == nullptr || session->data()->size() == 0)
    return tr("A student learns from samples: open data first (File, Open data…).");
  if (session->qualityKind() == core::QualityKind::Noise)
    return tr("The model's outputs are not scores of classes: there is nothing to distil.");
  return {};
}

bool DistillDialog::running() const { return m_job->running(); }

void DistillDialog::say(const QString& sentence) {
  m_state->setText(sentence);
  m_long->tell(sentence, m_long->share());
}

void DistillDialog::end(const QString& sentence) {
  m_state->setText(sentence);
  m_long->end(sentence, !isVisible() || holdsResult());
}

void DistillDialog::showState() {
  const QString why = obstacle();
  const bool busy = running(), saving = m_saving->running();
  m_start->setText(busy ? tr("Stop and keep the best") : tr("Distil"));
  m_start->setEnabled(busy || (why.isEmpty() && m_student->possible() && !saving));
  m_start->setToolTip(busy ? tr("Ends the training; the best epoch so far is the student")
                           : tr("Trains in the background; the open model stays as it is"));
  m_student->setEnabled(!busy && why.isEmpty());
  m_training->setEnabled(!busy && why.isEmpty());
  m_pause->setText(busy && paused() ? tr("Go on") : tr("Pause"));
  m_pause->setEnabled(busy && !m_stop.stop_requested());
  for (auto* button : {m_save, m_open}) button->setEnabled(m_result && !busy && !saving);
  m_progress->setVisible(busy || saving);
  if (!busy && !why.isEmpty()) say(why);
}

DistillTask DistillDialog::task() const {
  const core::RepairRequest training = m_training->request({});
  DistillTask task{m_document.session(), m_training->data(), m_student->spec(), {}};
  task.request.train = training.train;
  if (task.student.fresh) task.request.train.normStatistics = core::NormStatistics::Batch;
  task.request.loss = training.loss;
  return task;
}

void DistillDialog::showEvent(QShowEvent* event) {
  QDialog::showEvent(event);
  if (!running() && !holdsResult()) m_long->leave();
  m_forecastSoon.start();
}

void DistillDialog::askForecast() {
  if (!isVisible() || running() || m_saving->running() || !obstacle().isEmpty() || !m_student->possible())
    return m_forecast->clear();
  // The figures come first: beside them the steps would take longer.
  if (!m_document.outcome().final || m_document.dragging()) return m_forecastSoon.start();
  m_forecast->setText(tr("Timing a few steps…"));
  m_forecastJob->start([task = task(), this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::TrainingForecast forecast = forecastOf(task, progress);
    return [this, forecast, epochs = task.request.train.epochs] {
      m_forecast->setText(forecastText(forecast, epochs));
    };
  });
}

void DistillDialog::start() {
  if (running() || !obstacle().isEmpty()) return;
  m_forecastSoon.stop();
  m_forecastJob->cancel();
  m_forecast->clear();
  const DistillTask task = this->task();
  m_stop = {};
  m_gate = std::make_shared<PauseGate>();
  m_result = nullptr;
  m_savedPath.clear();
  m_sideBySide->setResult(nullptr);
  m_tabs->setCurrentIndex(0);
  m_charts->begin(task.request.train.epochs, qualityName(m_document.session()->qualityKind()));
  m_progress->setRange(0, 0);
  m_long->begin({});
  say(tr("Asking the teacher…"));
  m_job->start([this, task, gate = m_gate, stop = m_stop.get_token(),
                post = m_job->poster()](const core::Progress& progress) {
    auto result = runDistill(task, *gate, stop, progress,
                             [&](const DistillNews& news) { post([this, news] { take(news); }); });
    return BackgroundJob::Deliver([this, result = std::move(result)] { finish(result); });
  });
  showState();
}

void DistillDialog::setPaused(bool paused) {
  if (!running()) return;
  m_gate->setPaused(paused);
  m_long->setPaused(paused);
  showState();
  if (paused)
    say(tr("Paused after epoch %1").arg(m_charts->epochs().empty() ? 0 : m_charts->epochs().back().epoch));
}

void DistillDialog::stop() {
  m_stop.request_stop();
  m_gate->setPaused(false);
  showState();
  say(tr("Stopping: the best epoch so far is compared with the teacher…"));
}

void DistillDialog::discard() {
  if (!running()) return;
  m_job->cancel();
  m_gate->setPaused(false);
  m_long->leave();
  say(tr("Discarded: there is no student."));
}

void DistillDialog::reject() {
  m_forecastSoon.stop();
  m_forecastJob->cancel();
  QDialog::reject();
}

void DistillDialog::take(const DistillNews& news) {
  if (news.epoch) m_charts->addEpoch(*news.epoch);
  if (news.step) {
    const auto epochs = static_cast<double>(m_training->epochs()->value());
    m_charts->addStep(epochs * static_cast<double>(news.step->step) / static_cast<double>(news.step->steps),
                      news.step->loss);
  }
  m_progress->setRange(0, 1000);
  m_progress->setValue(static_cast<int>(1000 * news.done / std::max<std::size_t>(1, news.total)));
  m_long->tell(m_long->sentence(),
               static_cast<double>(news.done) / static_cast<double>(std::max<std::size_t>(1, news.total)));
  if (paused() || m_stop.stop_requested() || m_charts->epochs().empty()) return;
  const core::TrainedEpoch& last = m_charts->epochs().back();
  const auto planned = static_cast<std::size_t>(m_training->epochs()->value());
  say(last.epoch >= planned ? tr("Comparing student and teacher…")
                            : tr("Epoch %1 of %2").arg(last.epoch + 1).arg(planned) + QLatin1Char('\n') +
                                  tr("%1 of the validation samples so far, %2 before")
                                      .arg(percentText(m_charts->epochs()[m_charts->best()].quality, 2),
                                           percentText(m_charts->epochs().front().quality, 2)));
}

void DistillDialog::suggestRate() {
  const core::StudentSpec spec = m_student->spec();
  const bool inherits = spec.kind != core::StudentKind::Cnn && spec.kind != core::StudentKind::Mlp &&
                        spec.kind != core::StudentKind::Transformer && !spec.fresh;
  const double rate = inherits ? inheritedRate : usualRate;
  if (m_training->rate()->value() == m_suggestedRate) m_training->setRate(rate);
  m_suggestedRate = rate;
}

QString DistillDialog::sentence() const {
  if (m_result->best == 0)
    return tr(
        "No epoch was better than the student before its first step. Try a lower learning rate, or more "
        "epochs.");
  const core::StudentComparison& found = m_result->comparison;
  const double smaller = static_cast<double>(found.teacherBytes) / static_cast<double>(found.studentBytes);
  const QString size =
      tr("The student is %1 times smaller than its teacher").arg(significantText(smaller, 3));
  if (found.quality.top1)
    return size + tr(" and answers %1 of the open data right, the teacher %2. Best of epoch %3.")
                      .arg(percentText(*found.quality.top1, 2), percentText(*found.quality.originalTop1, 2))
                      .arg(m_result->best);
  return size + tr(" and agrees with it on %1 of the open data. Best of epoch %2.")
                    .arg(percentText(found.quality.agreement.value_or(0), 2))
                    .arg(m_result->best);
}

void DistillDialog::finish(std::shared_ptr<const DistillResult> result) {
  m_result = std::move(result);
  m_sideBySide->setResult(m_result);
  m_tabs->setCurrentIndex(1);
  end(sentence());
}

QString DistillDialog::askPath() {
  const QString folder = settings::value("exportFolder", QDir::homePath()).toString();
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Save the student"), QDir(folder).filePath(QStringLiteral("student.onnx")),
      tr("Models (%1)").arg(graphPatterns()), nullptr, QFileDialog::HideNameFilterDetails);
  if (path.isEmpty() || !QFileInfo(path).suffix().isEmpty()) return path;
  return path + QStringLiteral(".onnx");
}

void DistillDialog::saveTo(const QString& path) {
  if (!m_result || m_saving->running()) return;
  m_progress->setRange(0, 0);
  say(tr("Writing the student, reading it back and measuring it…"));
  m_saving->start([this, path, result = m_result](const core::Progress& progress) {
    const core::SavedFile saved = result->student->save({}, path.toStdString(), progress);
    return BackgroundJob::Deliver([this, path, saved, result] {
      m_savedPath = path;
      m_long->leave();
      settings::setValue("exportFolder", QFileInfo(path).absolutePath());
      say(tr("%1 written and read back: %2").arg(QFileInfo(path).fileName(), bytesText(saved.bytes)));
      if (!std::exchange(m_openWhenSaved, false)) return;
      emit openAsked(path, result->student->data()->preprocess());
    });
  });
  showState();
}

void DistillDialog::openStudent() {
  if (!m_savedPath.isEmpty()) return emit openAsked(m_savedPath, m_result->student->data()->preprocess());
  const QString path = askPath();
  if (path.isEmpty()) return;
  m_openWhenSaved = true;
  saveTo(path);
}

}  // namespace lapidary::ui
