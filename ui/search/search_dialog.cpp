// SPDX-License-Identifier: GPL-3.0-or-later
// The form, the forecast, the running search and its result.
#include "ui/search/search_dialog.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStringList>

#include "ui/document/background_job.h"
#include "ui/document/visited_recipes.h"
#include "ui/jobs/long_job.h"
#include "ui/look/figure_text.h"
#include "ui/look/number_text.h"
#include "ui/manual/help.h"
#include "ui/search/search_run.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

constexpr double mostPoints = 5, usualPoints = 0.5;
constexpr double usualMinutes = 2;
constexpr double usualSaliency = 0.9;

QString secondsText(double seconds) {
  if (seconds < 90) return SearchDialog::tr("%n second(s)", nullptr, std::max(1, static_cast<int>(seconds)));
  return SearchDialog::tr("%n minute(s)", nullptr, static_cast<int>(seconds / 60 + 0.5));
}

/// A drop as it feels: fewer points are worse, a gain is no negative drop.
QString changeText(double drop) {
  const QString points = fixedText(std::abs(drop) * 100, 2);
  if (points == fixedText(0, 2)) return SearchDialog::tr("as good as the original");
  return drop > 0 ? SearchDialog::tr("%1 points worse").arg(points)
                  : SearchDialog::tr("%1 points better").arg(points);
}

}  // namespace

SearchDialog::SearchDialog(Document& document, VisitedRecipes& visited, QWidget* parent)
    : QDialog(parent),
      m_document(document),
      m_visited(visited),
      m_job(new BackgroundJob(this)),
      m_forecastJob(new BackgroundJob(this)),
      m_long(new LongJob(tr("Search"), this)),
      m_floor(
          new ValueSlider(tr("Largest drop"),
                          tr("Points of accuracy that may be lost, on the samples that choices are made on"),
                          {1, tr(" points"), [](double v) { return fixedText(v, 2); }})),
      m_limitBytes(new QCheckBox(tr("At most"))),
      m_kilobytes(new QSpinBox),
      m_minutes(new QDoubleSpinBox),
      m_size(new QComboBox),
      m_measure(new QComboBox),
      m_keepSaliency(new QCheckBox(tr("At least"))),
      m_leastSaliency(new QDoubleSpinBox),
      m_sure(new QCheckBox(tr("Keep the upper end of the 95 % interval within it"))),
      m_forecast(makeLabel({}, "caption")),
      m_state(makeLabel({}, "muted")),
      m_progress(new QProgressBar),
      m_button(makeButton({}, "primary")),
      m_apply(makeButton(tr("Apply"), "primary")),
      m_close(makeButton(tr("Close"), "")) {
  setWindowTitle(tr("Find the best cut"));
  setMinimumWidth(480);
  buildForm();
  connect(m_button, &QPushButton::clicked, this, [this] { searching() ? stop() : start(); });
  connect(m_apply, &QPushButton::clicked, this, &SearchDialog::apply);
  connect(m_close, &QPushButton::clicked, this, &SearchDialog::reject);
  connect(m_job, &BackgroundJob::finished, this, &SearchDialog::showState);
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& sentence) {
    end(sentence);
    showState();
  });
  m_long->setStopText(tr("Stop and keep the best"));
  connect(m_long, &LongJob::stopAsked, this, &SearchDialog::stop);
  connect(m_forecastJob, &BackgroundJob::failed, m_forecast, &QLabel::setText);
  connect(&document, &Document::opened, this, [this] {
    reject();
    followDocument();
  });
  for (auto* box : {m_minutes}) connect(box, &QDoubleSpinBox::valueChanged, this, &SearchDialog::askForecast);
  followDocument();
}

void SearchDialog::followDocument() {
  m_job->cancel();
  m_long->leave();
  m_found.reset();
  m_session = m_document.session();
  m_state->clear();
  showState();
}

void SearchDialog::showEvent(QShowEvent* event) {
  QDialog::showEvent(event);
  if (searching()) return;
  if (!holdsResult()) m_long->leave();
  showState();
  askForecast();
  if (m_document.recipe().repaired && !holdsResult())
    m_state->setText(
        tr("The search cuts the model as it was opened, without the repair; undo brings that back."));
}

SearchDialog::~SearchDialog() { m_stop.request_stop(); }

void SearchDialog::buildForm() {
  m_floor->setRange(0, mostPoints);
  m_floor->setStep(0.1, 0.05);
  m_floor->setTicks({0, 1, 2, 3, 4, 5});
  m_floor->setValue(usualPoints);
  m_floor->setResetValue(usualPoints);
  connect(m_floor, &ValueSlider::changed, m_floor, &ValueSlider::setValue);
  m_sure->setToolTip(tr("Surer, and out of reach with few samples"));
  m_kilobytes->setRange(1, 2'000'000);
  m_kilobytes->setSuffix(tr(" kB"));
  m_kilobytes->setValue(100);
  m_kilobytes->setEnabled(false);
  m_kilobytes->setAccessibleName(tr("Largest size"));
  connect(m_limitBytes, &QCheckBox::toggled, m_kilobytes, &QWidget::setEnabled);
  m_size->addItem(tr("ONNX file"), static_cast<int>(core::SizeKind::Onnx));
  m_size->addItem(tr("ONNX file, zipped"), static_cast<int>(core::SizeKind::Zipped));
  m_size->addItem(tr("Lapidary file"), static_cast<int>(core::SizeKind::Lapidary));
  m_size->setToolTip(tr("The file whose bytes are made few"));
  m_minutes->setRange(0.1, 1440);
  m_minutes->setDecimals(1);
  m_minutes->setValue(usualMinutes);
  m_minutes->setSuffix(tr(" min"));
  m_minutes->setToolTip(tr("The search ends earlier where nothing better is found for a while"));
  m_leastSaliency->setRange(0, 1);
  m_leastSaliency->setDecimals(2);
  m_leastSaliency->setSingleStep(0.01);
  m_leastSaliency->setValue(usualSaliency);
  m_leastSaliency->setEnabled(false);
  m_leastSaliency->setAccessibleName(tr("Least saliency kept"));
  m_keepSaliency->setToolTip(
      tr("A cut whose saliency maps, averaged over the samples, are less like those of the "
         "original does not count"));
  connect(m_keepSaliency, &QCheckBox::toggled, this, &SearchDialog::showState);
  m_measure->addItem(tr("rank correlation"), static_cast<int>(core::DriftMeasure::RankCorrelation));
  m_measure->addItem(tr("SSIM"), static_cast<int>(core::DriftMeasure::Ssim));
  m_measure->addItem(tr("top-k overlap"), static_cast<int>(core::DriftMeasure::TopOverlap));
  m_measure->setAccessibleName(tr("How saliency is compared"));
  auto* saliency = new QHBoxLayout;
  saliency->addWidget(m_keepSaliency);
  saliency->addWidget(m_leastSaliency, 1);
  saliency->addWidget(m_measure, 1);
  auto* bytes = new QHBoxLayout;
  bytes->addWidget(m_limitBytes);
  bytes->addWidget(m_kilobytes, 1);
  auto* form = new QFormLayout;
  form->addRow(tr("Bytes of"), m_size);
  form->addRow(tr("Size"), bytes);
  form->addRow(tr("Saliency kept"), saliency);
  form->addRow(tr("Time"), m_minutes);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(help::addTo(this));
  buttons->addStretch();
  buttons->addWidget(m_close);
  buttons->addWidget(m_button);
  buttons->addWidget(m_apply);
  m_apply->setToolTip(tr("Takes the cut that was found as one step; undo goes back to yours"));
  m_close->setToolTip(tr("A search goes on; the line at the bottom of the window shows it"));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  auto* intro = makeLabel(
      tr("Prunes and quantizes layer by layer until the accuracy floor. Choices are made on one half of "
         "your data; the other half, which no choice has seen, gives the final figure."),
      "muted");
  for (auto* label : {intro, m_forecast, m_state}) label->setWordWrap(true);
  column->addWidget(intro);
  column->addWidget(m_floor);
  column->addWidget(m_sure);
  column->addLayout(form);
  column->addWidget(m_forecast);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the search"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  column->addWidget(m_progress);
  // Room for the longest sentence: the form above must not give way to it.
  m_state->setMinimumHeight(5 * m_state->fontMetrics().lineSpacing());
  m_state->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_forecast->setMinimumHeight(2 * m_forecast->fontMetrics().lineSpacing());
  column->addWidget(m_state);
  column->addStretch();
  column->addLayout(buttons);
}

core::SearchRequest SearchDialog::request() const {
  core::SearchRequest request;
  request.maxDrop = m_floor->value() / 100;
  request.rule = m_sure->isChecked() ? core::FloorRule::UpperEnd : core::FloorRule::PointEstimate;
  request.size = static_cast<core::SizeKind>(m_size->currentData().toInt());
  if (m_limitBytes->isChecked()) request.maxBytes = static_cast<std::uint64_t>(m_kilobytes->value()) * 1000;
  if (m_keepSaliency->isChecked()) request.minSaliency = m_leastSaliency->value();
  request.saliencyMeasure = static_cast<core::DriftMeasure>(m_measure->currentData().toInt());
  request.seconds = m_minutes->value() * 60;
  return request;
}

bool SearchDialog::searching() const { return m_job->running(); }

void SearchDialog::askForecast() {
  if (!m_session || !m_session->data() || searching()) return;
  m_forecastJob->start([session = m_session, request = request(),
                        this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::SearchForecast forecast = searchHalves(*session).choosing->forecast(request, progress);
    return [this, forecast] {
      if (!forecast.complete)
        return m_forecast->setText(tr("The model is too slow to be timed within that time; at most %1")
                                       .arg(secondsText(forecast.seconds)));
      m_forecast->setText(tr("A first cut after about %1, then %2 a candidate; at most %3 and %4 of memory "
                             "beside the window's own")
                              .arg(secondsText(forecast.firstPlan), millisecondsText(forecast.perCandidate),
                                   secondsText(forecast.seconds), bytesText(2 * forecast.memoryBytes)));
    };
  });
}

void SearchDialog::start() {
  if (!m_session || searching()) return;
  m_forecastJob->cancel();
  m_found.reset();
  m_stop = std::stop_source();
  m_progress->setRange(0, 0);
  m_state->setText(tr("Learning what each layer's cuts save…"));
  m_long->begin(m_state->text());
  const auto post = m_job->poster();
  m_job->start([session = m_session, request = request(), stop = m_stop.get_token(), post,
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    // A stop by the person keeps the best; one by the window that goes away ends at once.
    std::stop_source either;
    const std::stop_callback byPerson(stop, [&] { either.request_stop(); });
    const std::stop_callback byWindow(progress.stop, [&] { either.request_stop(); });
    const SearchOutcome outcome =
        runSearch(*session, request, {either.get_token(), {}},
                  [&](const SearchNews& news) { post([this, news] { take(news); }); });
    return [this, outcome] { finish(outcome); };
  });
  showState();
}

void SearchDialog::stop() {
  m_stop.request_stop();
  m_state->setText(tr("Stopping: the best so far is measured once more…"));
}

void SearchDialog::reject() {
  m_forecastJob->cancel();
  QDialog::reject();
}

void SearchDialog::apply() {
  if (!holdsResult()) return;
  m_document.setRecipe(*std::exchange(m_found, std::nullopt), tr("Best cut of the search"));
  m_long->leave();
  showState();
  m_state->setText(tr("Applied as one step: undo goes back to your cut."));
}

void SearchDialog::end(const QString& sentence) {
  m_state->setText(sentence);
  m_long->end(sentence, !isVisible() || holdsResult());
}

void SearchDialog::showState() {
  const bool ready = m_session && m_session->data() && m_session->obstacles().empty();
  m_button->setText(searching() ? tr("Stop") : tr("Search"));
  m_button->setToolTip(searching() ? tr("Ends the search and offers the best cut found so far")
                                   : tr("Searches in the background and offers the best cut"));
  m_apply->setVisible(holdsResult());
  setLook(m_button, holdsResult() ? "" : "primary");
  m_button->setEnabled(ready);
  m_progress->setVisible(searching());
  for (QWidget* widget :
       std::initializer_list<QWidget*>{m_floor, m_sure, m_limitBytes, m_minutes, m_size, m_keepSaliency})
    widget->setEnabled(ready && !searching());
  m_kilobytes->setEnabled(ready && !searching() && m_limitBytes->isChecked());
  for (QWidget* widget : std::initializer_list<QWidget*>{m_leastSaliency, m_measure})
    widget->setEnabled(ready && !searching() && m_keepSaliency->isChecked());
  if (!ready) m_state->setText(tr("Open a model that runs and data to measure it on first."));
}

void SearchDialog::take(const SearchNews& news) {
  using Stage = core::SearchProgress::Stage;
  const double share = news.total > 0 ? static_cast<double>(news.done) / static_cast<double>(news.total) : 0;
  const double begun = news.stage == Stage::Sizes     ? 0.1 * share
                       : news.stage == Stage::Singles ? 0.1 + 0.1 * share
                                                      : 0;
  const double timed = std::min(1.0, news.result.seconds / (m_minutes->value() * 60));
  m_progress->setRange(0, 1000);
  m_progress->setValue(static_cast<int>(1000 * std::max(begun, timed)));
  drawFront(news.front);
  m_state->setText(stageText(news));
  m_long->tell(m_state->text(), timed);
}

QString SearchDialog::stageText(const SearchNews& news) const {
  using Stage = core::SearchProgress::Stage;
  if (news.stage == Stage::Sizes) return tr("Learning what each layer's cuts save…");
  if (news.stage == Stage::Singles) return tr("Measuring each layer alone…");
  const QString tried = tr("%n cut(s) measured", nullptr, static_cast<int>(news.result.evaluated));
  const auto& best = news.result.best;
  return best ? tr("%1; best so far %2, %3").arg(tried, bytesText(best->bytes), changeText(best->drop))
              : tr("%1; none within the floor yet").arg(tried);
}

void SearchDialog::drawFront(const std::vector<SearchFrontPoint>& found) {
  const auto original = m_visited.originalQuality();
  std::vector<Visit> front;
  if (original)
    for (const SearchFrontPoint& point : found) {
      QualityValue value = *original;
      value.value -= point.drop;
      value.interval = {original->value - point.interval.high, original->value - point.interval.low};
      front.push_back({point.recipe, point.onnxBytes, value, point.samples, point.figures});
    }
  m_visited.setSearchFront(std::move(front));
}

QString SearchDialog::sentence(const SearchOutcome& outcome) const {
  const auto& best = outcome.result.best;
  if (!best)
    return tr(
        "No cut keeps within what was asked for. Allow a larger drop, more bytes, less saliency or more "
        "time.");
  const QString kept =
      best->drift ? QLatin1Char('\n') + tr("Saliency kept: rank correlation %1, SSIM %2, top-k overlap %3")
                                            .arg(fixedText(best->drift->rank.mean, 2),
                                                 fixedText(best->drift->ssim.mean, 2),
                                                 fixedText(best->drift->top.mean, 2))
                  : QString();
  const QString chosen = tr("Found: %1, %2 where it was chosen (%n sample(s))", nullptr,
                            static_cast<int>(outcome.result.samples))
                             .arg(bytesText(best->bytes), changeText(best->drop));
  if (!outcome.reported || !outcome.reported->change) return chosen + kept;
  const core::Interval& change = *outcome.reported->changeInterval;
  return chosen + kept + QLatin1Char('\n') +
         tr("On the other half, which no choice has seen: %1 (95 %: %2 to %3)")
             .arg(changeText(-*outcome.reported->change), pointsText(change.low), pointsText(change.high));
}

QString SearchDialog::leftOutText(const core::SearchLeftOut& out) const {
  if (out == core::SearchLeftOut{}) return {};
  QStringList parts;
  if (out.samples > 0)
    parts << tr("%1 samples to choose on").arg(countText(static_cast<std::int64_t>(out.samples)));
  if (out.learning) parts << tr("methods that learn from samples");
  if (out.edits > 0)
    parts << tr("%1 cuts of single layers").arg(countText(static_cast<std::int64_t>(out.edits)));
  if (out.singles > 0)
    parts << tr("measuring %1 cuts alone").arg(countText(static_cast<std::int64_t>(out.singles)));
  if (out.plan) parts << tr("all of the first joint plan");
  return QLatin1Char('\n') + tr("The time was too short for: %1").arg(parts.join(QStringLiteral(", ")));
}

void SearchDialog::finish(const SearchOutcome& outcome) {
  drawFront(outcome.front);
  if (outcome.result.best) m_found = outcome.result.best->recipe;
  end(sentence(outcome) + leftOutText(outcome.result.leftOut));
}

}  // namespace lapidary::ui
