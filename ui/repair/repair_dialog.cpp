// SPDX-License-Identifier: GPL-3.0-or-later
// The form, the forecast, the running repair and its result.
#include "ui/repair/repair_dialog.h"

#include <QBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

#include "ui/document/background_job.h"
#include "ui/figures/repair_obstacle.h"
#include "ui/jobs/long_job.h"
#include "ui/look/figure_text.h"
#include "ui/look/number_text.h"
#include "ui/manual/help.h"
#include "ui/repair/forecast_text.h"
#include "ui/repair/repair_charts.h"
#include "ui/repair/repair_form.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int forecastDelayMs = 300;

}  // namespace

RepairDialog::RepairDialog(Document& document, QWidget* parent)
    : QDialog(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_forecastJob(new BackgroundJob(this)),
      m_long(new LongJob(tr("Repair"), this)),
      m_gate(std::make_shared<PauseGate>()),
      m_form(new RepairForm),
      m_charts(new RepairCharts),
      m_forecast(makeLabel({}, "caption")),
      m_state(makeLabel({}, "muted")),
      m_progress(new QProgressBar),
      m_start(makeButton({}, "primary")),
      m_apply(makeButton(tr("Apply"), "primary")),
      m_pause(makeButton({}, "")),
      m_discard(makeButton(tr("Discard"), "")),
      m_close(makeButton(tr("Close"), "")) {
  setWindowTitle(tr("Repair the cut"));
  setMinimumWidth(620);
  build();
  resize(640, 680);  // by itself it would open too low for its number fields
  m_forecastSoon.setSingleShot(true);
  m_forecastSoon.setInterval(forecastDelayMs);
  connect(&m_forecastSoon, &QTimer::timeout, this, &RepairDialog::askForecast);
  connect(m_form, &RepairForm::changed, this, [this] { m_forecastSoon.start(); });
  connect(m_start, &QPushButton::clicked, this, [this] { running() ? stop() : start(); });
  connect(m_pause, &QPushButton::clicked, this, [this] { setPaused(!paused()); });
  connect(m_discard, &QPushButton::clicked, this, &RepairDialog::discard);
  connect(m_apply, &QPushButton::clicked, this, &RepairDialog::apply);
  connect(m_close, &QPushButton::clicked, this, &RepairDialog::reject);
  connect(m_job, &BackgroundJob::finished, this, &RepairDialog::showState);
  connect(m_job, &BackgroundJob::cancelled, this, &RepairDialog::showState);
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    showState();
    end(message);
  });
  m_long->setPausable(true);
  m_long->setStopText(tr("Stop and keep the best"));
  connect(m_long, &LongJob::pauseAsked, this, &RepairDialog::setPaused);
  connect(m_long, &LongJob::stopAsked, this, &RepairDialog::stop);
  connect(m_forecastJob, &BackgroundJob::failed, m_forecast, &QLabel::setText);
  connect(&document, &Document::opened, this, [this] {
    discard();
    reject();
    followDocument();
  });
  connect(&document, &Document::recipeChanged, this, [this] {
    if (!isVisible()) return;
    showState();
    if (!m_document.holdingOriginal()) m_forecastSoon.start();
  });
  followDocument();
}

RepairDialog::~RepairDialog() {
  m_stop.request_stop();
  m_gate->setPaused(false);
}

void RepairDialog::build() {
  auto* intro = makeLabel(
      tr("Trains the weights that the cut has left, as the cut makes them: what is pruned stays "
         "zero, what is quantized stays on its grid, which learns too. The uncut model is the teacher. "
         "Figures go on being compared with it."),
      "muted");
  for (auto* label : {intro, m_forecast, m_state}) label->setWordWrap(true);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the repair"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  m_state->setMinimumHeight(3 * m_state->fontMetrics().lineSpacing());
  m_state->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_forecast->setMinimumHeight(m_forecast->fontMetrics().lineSpacing());
  m_pause->setToolTip(tr("Waits after the present step; nothing is lost"));
  m_discard->setToolTip(tr("Ends the training, or forgets what it found, and leaves everything as it was"));
  m_apply->setToolTip(tr("Takes the repaired weights as one step; undo takes them back"));
  m_close->setToolTip(tr("A training goes on; the line at the bottom of the window shows it"));
  auto* buttons = new QHBoxLayout;
  for (auto* button : {m_discard, m_pause}) buttons->addWidget(button);
  buttons->addWidget(help::addTo(this));
  buttons->addStretch();
  for (auto* button : {m_close, m_start, m_apply}) buttons->addWidget(button);
  m_start->setDefault(true);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(intro);
  column->addWidget(m_form);
  column->addWidget(m_forecast);
  column->addWidget(m_charts, 1);
  column->addWidget(m_progress);
  column->addWidget(m_state);
  column->addLayout(buttons);
}

void RepairDialog::setDemo(bool demo) {
  m_demo = demo;
  followDocument();
}

void RepairDialog::followDocument() {
  const auto& session = m_document.session();
  if (session) m_form->setSession(session, m_demo);
  m_charts->begin(static_cast<std::size_t>(m_form->epochs()->value()),
                  qualityName(session ? session->qualityKind() : core::QualityKind::Accuracy));
  say({});
  showState();
}

void RepairDialog::showEvent(QShowEvent* event) {
  QDialog::showEvent(event);
  if (!running() && !holdsResult()) m_long->leave();
  showState();
  askForecast();
}

bool RepairDialog::running() const { return m_job->running(); }

void RepairDialog::say(const QString& sentence) {
  m_state->setText(sentence);
  m_long->tell(sentence, m_long->share());
}

void RepairDialog::end(const QString& sentence) {
  m_state->setText(sentence);
  m_long->end(sentence, !isVisible() || holdsResult());
}

void RepairDialog::showState() {
  const QString obstacle = repairObstacle(m_document);
  const bool busy = running();
  m_start->setText(busy ? tr("Stop and keep the best") : tr("Repair"));
  m_start->setEnabled(busy || obstacle.isEmpty());
  m_start->setToolTip(busy                 ? tr("Ends the training and offers the best epoch so far")
                      : obstacle.isEmpty() ? tr("Trains in the background and offers the best epoch")
                                           : obstacle);
  m_apply->setVisible(holdsResult());
  setLook(m_start, holdsResult() ? "" : "primary");
  m_pause->setText(busy && paused() ? tr("Go on") : tr("Pause"));
  m_pause->setEnabled(busy);
  m_discard->setEnabled(busy || holdsResult());
  m_form->setEnabled(!busy && obstacle.isEmpty());
  m_progress->setVisible(busy);
  if (!busy && !obstacle.isEmpty()) m_forecast->setText(obstacle);
}

void RepairDialog::askForecast() {
  if (!isVisible() || running() || !repairObstacle(m_document).isEmpty()) return;
  // The figures come first: beside them the steps would take longer.
  if (!m_document.outcome().final || m_document.dragging()) return m_forecastSoon.start();
  const RepairTask task{m_document.session(), m_form->data(), m_form->request(m_document.recipe())};
  m_forecast->setText(tr("Timing a few steps…"));
  m_forecastJob->start([task, this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::RepairForecast forecast =
        core::forecastRepair(*trainingSession(task), task.request, progress);
    return [this, forecast, epochs = task.request.train.epochs] {
      m_forecast->setText(forecastText(forecast, epochs));
    };
  });
}

void RepairDialog::start() {
  if (running() || !repairObstacle(m_document).isEmpty()) return;
  m_forecastSoon.stop();
  m_forecastJob->cancel();
  const RepairTask task{m_document.session(), m_form->data(), m_form->request(m_document.recipe())};
  m_stop = std::stop_source();
  m_gate = std::make_shared<PauseGate>();
  m_epochsAsked = static_cast<double>(task.request.train.epochs);
  m_repaired = m_document.recipe();
  m_found.reset();
  m_progress->setRange(0, 0);
  m_charts->begin(task.request.train.epochs, qualityName(task.session->qualityKind()));
  m_long->begin({});
  say(tr("Asking the uncut model, and measuring the cut…"));
  const auto post = m_job->poster();
  m_job->start([task, stop = m_stop.get_token(), gate = m_gate, post,
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    // A stop by the person keeps the best; one by the window that goes away ends at once.
    std::stop_source either;
    const std::stop_callback byPerson(stop, [&] { either.request_stop(); });
    const std::stop_callback byWindow(progress.stop, [&] { either.request_stop(); });
    const RepairResult result = runRepair(
        task, *gate, either.get_token(), [&](const RepairNews& news) { post([this, news] { take(news); }); });
    return [this, result] { finish(result); };
  });
  showState();
}

void RepairDialog::stop() {
  m_stop.request_stop();
  say(tr("Stopping: the best epoch so far is kept…"));
}

void RepairDialog::discard() {
  if (!running() && !holdsResult()) return;
  m_job->cancel();
  m_gate->setPaused(false);
  m_found.reset();
  m_long->leave();
  showState();
  say(tr("Discarded: nothing was changed."));
}

void RepairDialog::apply() {
  if (!holdsResult()) return;
  const core::Recipe recipe = *std::exchange(m_found, std::nullopt);
  m_document.setRecipe(recipe, tr("Repair"));
  m_long->leave();
  showState();
  say(tr("Applied as one step: undo takes weights and recipe back."));
}

void RepairDialog::setPaused(bool paused) {
  if (!running()) return;
  m_gate->setPaused(paused);
  m_long->setPaused(paused);
  showState();
  if (paused)
    say(tr("Paused after epoch %1").arg(m_charts->epochs().empty() ? 0 : m_charts->epochs().back().epoch));
}

void RepairDialog::reject() {
  m_forecastSoon.stop();
  m_forecastJob->cancel();
  QDialog::reject();
}

void RepairDialog::take(const RepairNews& news) {
  if (news.loss) m_charts->addStep(news.epochsDone, *news.loss);
  if (news.epoch) m_charts->addEpoch(*news.epoch);
  const double share = news.epochsDone / m_epochsAsked;
  m_progress->setRange(0, 1000);
  m_progress->setValue(static_cast<int>(1000 * share));
  m_long->tell(m_long->sentence(), share);
  if (paused() || m_stop.stop_requested() || m_charts->epochs().empty()) return;
  const core::TrainedEpoch& last = m_charts->epochs().back();
  const auto planned = static_cast<std::size_t>(m_epochsAsked);
  const auto left = m_long->secondsLeft();
  const QString epoch = tr("Epoch %1 of %2").arg(std::min(last.epoch + 1, planned)).arg(planned);
  m_long->tell(epoch, share);
  m_state->setText(epoch + (left ? tr(" · about %1 left").arg(durationText(*left)) : QString()) +
                   QLatin1Char('\n') +
                   tr("%1 of the validation samples so far, %2 before")
                       .arg(percentText(m_charts->epochs()[m_charts->best()].quality, 2),
                            percentText(m_charts->epochs().front().quality, 2)));
}

QString RepairDialog::sentence(const RepairResult& result) const {
  const double before = result.epochs.front().quality;
  if (result.best == 0)
    return tr("No epoch was better than the cut itself, which answers %1 of the validation samples right: "
              "nothing was changed. Try more epochs or another learning rate.")
        .arg(percentText(before, 2));
  const QString better = tr("%1 → %2 of the validation samples, best of epoch %3.")
                             .arg(percentText(before, 2), percentText(result.epochs[result.best].quality, 2))
                             .arg(result.best);
  return better + QLatin1Char(' ') +
         (m_document.recipe() == m_repaired
              ? tr("Apply takes it as one step.")
              : tr("The cut has changed since: Apply goes back to the one that was repaired."));
}

void RepairDialog::finish(const RepairResult& result) {
  if (result.best > 0) m_found = result.recipe;
  end(sentence(result));
}

}  // namespace lapidary::ui
