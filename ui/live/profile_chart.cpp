// SPDX-License-Identifier: GPL-3.0-or-later
// One job; the pages stand for nothing measured, cannot run, at work, and bars.
#include "ui/live/profile_chart.h"

#include <QBoxLayout>
#include <QProgressBar>
#include <QStackedWidget>

#include "ui/document/background_job.h"
#include "ui/live/pair_bars.h"
#include "ui/look/number_text.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

ProfileChart::ProfileChart(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_empty(new EmptyState({}, {}, tr("Measure"))),
      m_blocked(new EmptyState({}, {})),
      m_pages(new QStackedWidget) {
  m_pages->addWidget(m_empty);
  m_pages->addWidget(m_blocked);
  m_pages->addWidget(buildBusy());
  m_pages->addWidget(buildShown());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_pages);
  connect(m_empty, &EmptyState::activated, this, &ProfileChart::measure);
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setMaximum(static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
  });
  connect(m_job, &BackgroundJob::failed, this, &ProfileChart::fail);
  connect(&document, &Document::opened, this, &ProfileChart::reset);
  connect(&document, &Document::recipeChanged, this, &ProfileChart::changed);
  reset();
}

QWidget* ProfileChart::buildBusy() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(24, 24, 24, 24);
  column->setSpacing(10);
  auto* label = makeLabel(tr("Measuring every step, original and cut in turn"), "muted");
  label->setAlignment(Qt::AlignCenter);
  label->setWordWrap(true);
  m_progress = new QProgressBar;
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the measurement"));
  auto* stop = makeButton(tr("Cancel"), "");
  connect(stop, &QPushButton::clicked, this, &ProfileChart::cancel);
  column->addStretch();
  column->addWidget(label);
  column->addWidget(m_progress);
  column->addWidget(stop, 0, Qt::AlignHCenter);
  column->addStretch();
  return page;
}

QWidget* ProfileChart::buildShown() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  m_bars = new PairBars(QStringLiteral("time-per-layer"));
  m_bars->setToolTip(tr("Time of each step: original (slate) and cut (jade)"));
  m_again = makeButton(tr("Measure again"), "");
  connect(m_again, &QPushButton::clicked, this, &ProfileChart::measure);
  column->addWidget(m_bars, 1);
  column->addWidget(m_again, 0, Qt::AlignLeft);
  return page;
}

bool ProfileChart::measuring() const { return m_job->running(); }

bool ProfileChart::outdated() const { return m_profile && m_measured != m_document.recipe(); }

void ProfileChart::reset() {
  m_job->cancel();
  m_profile.reset();
  m_empty->setTexts(tr("Not measured yet"),
                    tr("How long every layer takes on this machine, before and after the cut, is shown "
                       "here. Measuring takes a second or two; let other programs rest meanwhile."));
  showPage();
}

void ProfileChart::showPage() {
  const auto& session = m_document.session();
  if (session && !session->obstacles().empty())
    m_blocked->setTexts(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  const bool blocked = !session || !session->obstacles().empty();
  m_pages->setCurrentIndex(blocked ? Blocked : measuring() ? Busy : m_profile ? Shown : Empty);
  emit changed();
}

void ProfileChart::measure() {
  const auto& session = m_document.session();
  if (!session || !session->obstacles().empty()) return;
  m_progress->setRange(0, 100);
  m_progress->setValue(0);
  m_job->start([session, recipe = m_document.recipe(),
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::ModelProfile profile = session->profile(recipe, {}, progress);
    return [this, profile, recipe] { take(profile, recipe); };
  });
  showPage();
}

void ProfileChart::cancel() {
  m_job->cancel();
  showPage();
}

void ProfileChart::take(const core::ModelProfile& profile, const core::Recipe& recipe) {
  m_profile = profile;
  m_measured = recipe;
  fillBars();
  m_pages->setCurrentIndex(Shown);
  emit changed();
}

void ProfileChart::fail(const QString& sentence) {
  m_profile.reset();
  m_empty->setTexts(tr("It could not be measured"), sentence);
  showPage();
}

void ProfileChart::fillBars() {
  std::vector<PairBars::Row> rows;
  DataTable table{{tr("Step"), tr("Operators"), tr("Original, s"), tr("Cut, s"), tr("FLOP"), tr("Bytes"),
                   tr("Share of peak")}};
  for (const core::StepProfile& step : m_profile->steps) {
    const core::Model& model = m_document.session()->model();
    const QString name =
        QString::fromStdString(step.layer.valid() ? model.layer(step.layer).name : step.name);
    const QString after = millisecondsText(step.seconds);
    rows.push_back(
        {name,
         m_measured.empty() ? after : QStringLiteral("%1 → %2").arg(millisecondsText(step.original), after),
         name + QLatin1Char('\n') + tipOf(step), step.original, step.seconds});
    table.push_back({name, QString::fromStdString(step.op), QString::number(step.original),
                     QString::number(step.seconds), QString::number(step.flops), QString::number(step.bytes),
                     QString::number(step.peakShare)});
  }
  m_bars->setRows(std::move(rows));
  m_bars->setTable(std::move(table));
}

QString ProfileChart::tipOf(const core::StepProfile& step) const {
  const double share = m_profile->seconds > 0 ? step.seconds / m_profile->seconds : 0;
  return QString::fromStdString(step.op) + QLatin1Char('\n') +
         tr("original %1, cut %2, %3 of the whole")
             .arg(millisecondsText(step.original), millisecondsText(step.seconds), percentText(share, 1)) +
         QLatin1Char('\n') +
         tr("%1 MFLOP, %2 read and written")
             .arg(significantText(step.flops / 1e6), bytesText(static_cast<std::uint64_t>(step.bytes))) +
         QLatin1Char('\n') + tr("%1 of this machine's peak").arg(percentText(step.peakShare, 1));
}

QString ProfileChart::note() const {
  if (!m_profile || measuring()) return {};
  if (outdated()) return tr("The recipe has changed since this was measured: measure again.");
  return tr("%1 for %n sample(s), one thread", nullptr, static_cast<int>(m_profile->samples))
             .arg(m_measured.empty() ? millisecondsText(m_profile->seconds)
                                     : QStringLiteral("%1 → %2").arg(millisecondsText(m_profile->original),
                                                                     millisecondsText(m_profile->seconds))) +
         QStringLiteral(" · ") +
         tr("%1 of the peak of %2 GFLOP/s (sgemm)")
             .arg(percentText(m_profile->peakShare, 0), significantText(m_profile->peak / 1e9)) +
         QStringLiteral(" · ") + tr("median of %n run(s)", nullptr, m_profile->runs);
}

}  // namespace lapidary::ui
