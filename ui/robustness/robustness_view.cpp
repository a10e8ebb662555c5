// SPDX-License-Identifier: GPL-3.0-or-later
// One job for both subjects; the attack shown is picked among those that were measured.
#include "ui/robustness/robustness_view.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>

#include "ui/document/background_job.h"
#include "ui/look/number_text.h"
#include "ui/robustness/robustness_chart.h"
#include "ui/robustness/roc_chart.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

RobustnessView::RobustnessView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_empty(new EmptyState({}, {})),
      m_chart(new RobustnessChart),
      m_roc(new RocChart),
      m_subject(new SegmentedControl),
      m_method(new QComboBox),
      m_samples(new QSpinBox),
      m_button(makeButton({}, "primary")),
      m_progress(new QProgressBar),
      m_caption(makeLabel({}, "caption")),
      m_note(makeLabel({}, "caption")),
      m_pages(new QStackedWidget) {
  for (QWidget* page :
       {static_cast<QWidget*>(m_empty), static_cast<QWidget*>(m_chart), static_cast<QWidget*>(m_roc)})
    m_pages->addWidget(page);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  auto* drawn = new Card;
  drawn->body()->addWidget(m_caption);
  drawn->body()->addWidget(m_pages, 1);
  buildControls();
  column->addWidget(drawn, 1);
  connect(m_button, &QPushButton::clicked, this, [this] { measuring() ? cancel() : measure(); });
  connect(m_subject, &SegmentedControl::chosen, this, [this] {
    if (measuring()) cancel();
    invite();
    showState();
  });
  connect(m_method, &QComboBox::currentIndexChanged, this, &RobustnessView::showState);
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
  });
  connect(m_job, &BackgroundJob::finished, this, &RobustnessView::showState);
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& sentence) {
    m_empty->setTexts(tr("It could not be measured"), sentence);
    showState();
  });
  connect(&document, &Document::opened, this, &RobustnessView::reset);
  connect(&document, &Document::recipeChanged, this, &RobustnessView::showState);
  reset();
}

void RobustnessView::buildControls() {
  m_subject->add(Accuracy, tr("Accuracy"),
                 tr("Accuracy against the strength of an attack, original and cut"));
  m_subject->add(Detector, tr("Detector"),
                 tr("Fits a detector of attacked inputs to clean samples and judges it on others"));
  m_subject->setCurrent(Accuracy);
  const auto add = [this](core::AttackMethod method, const QString& text, const QString& tip) {
    m_method->addItem(text, static_cast<int>(method));
    m_method->setItemData(m_method->count() - 1, tip, Qt::ToolTipRole);
  };
  add(core::AttackMethod::Pgd, tr("PGD"),
      tr("Ten small steps along the sign of the gradient from a random start (Madry et al. 2018)"));
  add(core::AttackMethod::Fgsm, tr("FGSM"),
      tr("One step along the sign of the gradient (Goodfellow et al. 2015)"));
  add(core::AttackMethod::UniformNoise, tr("Noise"),
      tr("Uniform noise of the same strength, for comparison"));
  m_method->setAccessibleName(tr("Attack"));
  m_samples->setRange(20, 10000);
  m_samples->setSingleStep(100);
  m_samples->setValue(200);
  m_samples->setSuffix(tr(" samples"));
  m_samples->setAccessibleName(tr("Samples to attack"));
  m_samples->setToolTip(tr("The first of the stratified order; the detector takes at least 400"));
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the attacks"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  m_note->setWordWrap(true);
  auto* card = new Card;
  auto* row = new FlowLayout(12);
  row->addWidget(m_subject);
  row->addWidget(m_method);
  row->addWidget(m_samples);
  row->addWidget(m_button);
  card->body()->addLayout(row);
  card->body()->addWidget(m_progress);
  card->body()->addWidget(m_note);
  static_cast<QBoxLayout*>(layout())->addWidget(card);
}

bool RobustnessView::measuring() const { return m_job->running(); }

bool RobustnessView::detecting() const { return m_subject->current() == Detector; }

core::AttackMethod RobustnessView::chosen() const {
  return static_cast<core::AttackMethod>(m_method->currentData().toInt());
}

void RobustnessView::reset() {
  m_job->cancel();
  m_report = {};
  m_detector = {};
  invite();
  showState();
}

void RobustnessView::invite() {
  if (detecting())
    m_empty->setTexts(
        tr("No detector yet"),
        tr("Press Measure to fit a detector to clean samples and to see how many attacked ones it "
           "catches: by how far an answer moves when detail is taken away, and by how far the features "
           "lie from those of clean samples."));
  else
    m_empty->setTexts(
        tr("Nothing measured yet"),
        tr("Press Measure to see how the accuracy of the original and of the cut falls when inputs are "
           "moved a little against them, and how little noise of the same strength does."));
}

void RobustnessView::measure() {
  if (!m_document.session() || measuring()) return;
  m_empty->setTexts(tr("Measuring"), tr("Attacking the first samples…"));
  m_progress->setRange(0, 0);
  detecting() ? startDetector() : startAccuracy();
  showState();
}

void RobustnessView::startAccuracy() {
  m_report = {};
  m_measuredRecipe = m_document.recipe();
  core::RobustnessRequest request;
  request.samples = static_cast<std::size_t>(m_samples->value());
  request.methods = {core::AttackMethod::Pgd, core::AttackMethod::Fgsm, core::AttackMethod::UniformNoise};
  const auto post = m_job->poster();
  m_job->start([session = m_document.session(), recipe = m_measuredRecipe, request, post,
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::RobustnessReport whole = core::measureRobustness(
        *session, recipe, request, progress,
        [&](const core::RobustnessReport& soFar) { post([this, soFar] { take(soFar); }); });
    return [this, whole] { take(whole); };
  });
}

void RobustnessView::startDetector() {
  m_detector = {};
  core::RobustnessRequest request;
  request.samples = static_cast<std::size_t>(std::max(400, m_samples->value()));
  request.methods = {core::AttackMethod::Pgd, core::AttackMethod::Fgsm, core::AttackMethod::UniformNoise};
  const auto post = m_job->poster();
  m_job->start([session = m_document.session(), recipe = m_document.recipe(), request, post,
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::DetectorReport whole = core::measureDetector(
        *session, recipe, request, 0.05, progress,
        [&](const core::DetectorReport& soFar) { post([this, soFar] { take(soFar); }); });
    return [this, whole] { take(whole); };
  });
}

void RobustnessView::cancel() {
  m_job->cancel();
  invite();
  showState();
}

void RobustnessView::take(const core::RobustnessReport& report) {
  m_report = report;
  showState();
}

void RobustnessView::take(const core::DetectorReport& report) {
  m_detector = report;
  showState();
}

QString RobustnessView::accuracyNote() const {
  QStringList parts;
  parts << tr("%1 samples").arg(countText(static_cast<std::int64_t>(m_report.samples)));
  parts << (m_report.unit == core::StrengthUnit::Pixel ? tr("strength in levels of 0 to 255")
                                                       : tr("strength in units of the model's input"));
  parts << tr("bands are 95 % intervals");
  if (!m_report.labelled) parts << tr("without labels: agreement with the original's clean answer");
  if (!(m_measuredRecipe == m_document.recipe())) parts << tr("of an earlier cut: measure again");
  return parts.join(QStringLiteral(" · "));
}

/// Of the strongest attack of the chosen method.
QString RobustnessView::detectorNote() const {
  const core::DetectorTrial* shown = nullptr;
  for (const core::DetectorTrial& trial : m_detector.trials)
    if (trial.method == chosen()) shown = &trial;
  if (shown == nullptr || shown->all.size() < 3) return {};
  const core::DetectorCurve& both = shown->all[2];
  const double alarms = m_detector.falseAlarmShare(core::DetectorScore::Both);
  return tr("Strength %1: area %2 (%3–%4), %5 caught at %6 false alarms on %7 clean samples")
      .arg(significantText(shown->strength), fixedText(both.area, 3), fixedText(both.areaInterval.low, 3),
           fixedText(both.areaInterval.high, 3),
           percentText(shown->caughtShare(core::DetectorScore::Both), 1), percentText(alarms, 1),
           countText(static_cast<std::int64_t>(m_detector.judgedOn)));
}

void RobustnessView::showState() {
  const bool open = m_document.session() != nullptr && m_document.session()->data() != nullptr;
  if (m_document.session() != nullptr && !open)
    m_empty->setTexts(tr("Open data first"),
                      tr("Attacks move samples of your own data: open some with File, Open data."));
  m_button->setEnabled(open);
  m_button->setText(measuring() ? tr("Cancel") : tr("Measure"));
  m_button->setToolTip(measuring()
                           ? tr("Stops and leaves what was measured (Esc)")
                           : tr("Attacks the original and the cut on the same samples, in the background"));
  m_samples->setEnabled(!measuring());
  m_progress->setVisible(measuring());
  const bool any = detecting() ? !m_detector.trials.empty() : !m_report.rows.empty();
  m_pages->setCurrentIndex(!any ? Empty : detecting() ? Roc : Curves);
  m_caption->setVisible(any);
  m_note->setVisible(any);
  if (!any) return;
  if (detecting()) {
    m_caption->setText(tr(
        "Attacked inputs caught (%) against false alarms (%): squeezing dotted, distance dash-dotted, both "
        "solid"));
    const core::DetectorTrial* shown = nullptr;
    for (const core::DetectorTrial& trial : m_detector.trials)
      if (trial.method == chosen()) shown = &trial;
    m_roc->show(shown != nullptr ? shown->all : std::vector<core::DetectorCurve>{});
    m_note->setText(detectorNote());
  } else {
    m_caption->setText(tr("Accuracy (%) against strength: original in grey, cut in green"));
    m_chart->show(m_report, chosen());
    m_note->setText(accuracyNote());
  }
}

void RobustnessView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && measuring()) return cancel();
  QWidget::keyPressEvent(event);
}

}  // namespace lapidary::ui
