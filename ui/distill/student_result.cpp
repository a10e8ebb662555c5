// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/distill/student_result.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSpinBox>
#include <QTableView>

#include "ui/document/background_job.h"
#include "ui/look/number_text.h"
#include "ui/saliency/saliency_panels.h"
#include "ui/samples/confusion_model.h"
#include "ui/samples/sample_image.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

namespace {

enum Row { Accuracy, Agreement, Parameters, Bytes, Time, Saliency };

constexpr int cellSize = 34;

QString shareText(const std::optional<double>& share, const std::optional<core::Interval>& interval) {
  if (!share) return QStringLiteral("–");
  if (!interval) return percentText(*share, 2);
  return StudentResult::tr("%1 (%2 to %3)")
      .arg(percentText(*share, 2), fixedText(100 * interval->low, 1), fixedText(100 * interval->high, 1));
}

QStringList namesOf(const core::Dataset& data) {
  QStringList names;
  for (const std::string& name : data.source().classNames()) names << QString::fromStdString(name);
  return names;
}

}  // namespace

StudentResult::StudentResult(QWidget* parent)
    : QWidget(parent),
      m_confusion(new ConfusionModel(this)),
      m_panels(new SaliencyPanels),
      m_job(new BackgroundJob(this)) {
  m_confusion->setWording(ConfusionModel::TeacherAndStudent);
  m_panels->setCaptions(tr("Teacher"), tr("Student"), tr("Student minus teacher"));
  auto* left = new QVBoxLayout;
  left->setSpacing(10);
  left->addWidget(buildFigures());
  left->addWidget(buildConfusion(), 1);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(10);
  row->addLayout(left, 1);
  row->addWidget(buildSaliency(), 1);
  connect(m_job, &BackgroundJob::failed, m_panels, &SaliencyPanels::showMessage);
  setResult(nullptr);
}

Card* StudentResult::buildFigures() {
  auto* card = new Card(tr("Side by side"), tr("on the open data"));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(5);
  grid->addWidget(makeLabel(tr("Teacher"), "caption"), 0, 1);
  grid->addWidget(makeLabel(tr("Student"), "caption"), 0, 2);
  const std::pair<QString, QString> names[]{
      {tr("Accuracy, top-1"), tr("Share of samples answered right, with its 95 % interval (Wilson)")},
      {tr("Agreement"), tr("Share of samples that both answer alike, with its 95 % interval")},
      {tr("Parameters"), tr("Numbers that the file holds")},
      {tr("Size"), tr("As an ONNX file")},
      {tr("Time of one sample"), tr("Median, on one thread of this machine")},
      {tr("Saliency alike"), tr("Rank correlation of gradient maps, mean over the first samples")}};
  int row = 1;
  for (const auto& [name, tip] : names) {
    auto* label = makeLabel(name, "muted");
    auto *teacher = makeLabel({}, ""), *student = makeLabel({}, "");
    for (auto* each : {label, teacher, student}) each->setToolTip(tip);
    for (auto* each : {teacher, student}) each->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(label, row, 0);
    grid->addWidget(teacher, row, 1);
    grid->addWidget(student, row, 2);
    m_rows.emplace_back(teacher, student);
    ++row;
  }
  grid->setColumnStretch(1, 1);
  grid->setColumnStretch(2, 1);
  card->body()->addLayout(grid);
  return card;
}

Card* StudentResult::buildConfusion() {
  auto* card = new Card(tr("Confusion"), tr("truth down, answer across"));
  m_tables = new SegmentedControl;
  m_tables->add(ConfusionModel::Original, tr("Teacher"), tr("Answers of the teacher"));
  m_tables->add(ConfusionModel::Cut, tr("Student"), tr("Answers of the student"));
  m_tables->add(ConfusionModel::Difference, tr("Difference"), tr("Student minus teacher"));
  m_tables->setCurrent(ConfusionModel::Cut);
  connect(m_tables, &SegmentedControl::chosen, this,
          [this](int id) { m_confusion->setShown(static_cast<ConfusionModel::Shown>(id)); });
  m_matrix = new QTableView;
  m_matrix->setModel(m_confusion);
  m_matrix->setAccessibleName(tr("Confusion matrix"));
  m_matrix->setSelectionMode(QAbstractItemView::SingleSelection);
  m_matrix->setTextElideMode(Qt::ElideNone);
  m_matrix->horizontalHeader()->setTextElideMode(Qt::ElideRight);
  m_matrix->verticalHeader()->setObjectName(QStringLiteral("tight"));
  for (QHeaderView* header : {m_matrix->horizontalHeader(), m_matrix->verticalHeader()}) {
    header->setMinimumSectionSize(18);
    header->setDefaultSectionSize(cellSize);
    header->setDefaultAlignment(Qt::AlignCenter);
    header->setHighlightSections(false);
  }
  card->body()->addWidget(m_tables, 0, Qt::AlignLeft);
  card->body()->addWidget(m_matrix, 1);
  return card;
}

Card* StudentResult::buildSaliency() {
  auto* card = new Card(tr("Saliency"), tr("what both rest their answers on"));
  m_sample = new QSpinBox;
  m_sample->setAccessibleName(tr("Number of the sample"));
  m_sample->setToolTip(tr("Number of the sample"));
  connect(m_sample, &QSpinBox::valueChanged, this, &StudentResult::explain);
  auto* line = new QHBoxLayout;
  line->addWidget(makeLabel(tr("Sample"), "muted"));
  line->addWidget(m_sample);
  line->addStretch();
  card->body()->addLayout(line);
  card->body()->addWidget(m_panels, 1);
  return card;
}

bool StudentResult::explaining() const { return m_job->running(); }

QString StudentResult::teacherText(int row) const {
  return m_rows.at(static_cast<std::size_t>(row)).first->text();
}
QString StudentResult::studentText(int row) const {
  return m_rows.at(static_cast<std::size_t>(row)).second->text();
}

void StudentResult::setRow(int row, const QString& teacher, const QString& student) {
  m_rows.at(static_cast<std::size_t>(row)).first->setText(teacher);
  m_rows.at(static_cast<std::size_t>(row)).second->setText(student);
}

void StudentResult::setResult(std::shared_ptr<const DistillResult> result) {
  m_job->cancel();
  m_result = std::move(result);
  setEnabled(m_result != nullptr);
  if (!m_result) {
    for (int row = Accuracy; row <= Saliency; ++row) setRow(row, {}, {});
    m_confusion->setComparison(nullptr, {}, true);
    return m_panels->showMessage(tr("Distil a student to see it beside its teacher."));
  }
  showFigures();
  const core::Dataset& dataset = *m_result->teacher->data();
  m_confusion->setComparison({m_result, &m_result->comparison.answers}, namesOf(dataset), dataset.labelled());
  const bool few = m_confusion->rowCount() <= 12;
  for (QHeaderView* header : {m_matrix->horizontalHeader(), m_matrix->verticalHeader()})
    header->setSectionResizeMode(few ? QHeaderView::Stretch : QHeaderView::Interactive);
  const QSignalBlocker blocker(m_sample);
  m_sample->setRange(0, static_cast<int>(dataset.size()) - 1);
  const auto& lost = m_result->comparison.answers.lost;
  m_sample->setValue(lost.empty() ? 0 : static_cast<int>(lost.front().sample));
  explain();
}

void StudentResult::showFigures() {
  const core::StudentComparison& found = m_result->comparison;
  const core::Quality& quality = found.quality;
  setRow(Accuracy, shareText(quality.originalTop1, found.teacherInterval),
         shareText(quality.top1, quality.top1Interval));
  setRow(Agreement, {}, shareText(quality.agreement, quality.agreementInterval));
  setRow(Parameters, countText(found.teacherParameters), countText(found.studentParameters));
  setRow(Bytes, bytesText(found.teacherBytes), bytesText(found.studentBytes));
  setRow(Time, millisecondsText(found.latency.original), millisecondsText(found.latency.seconds));
  setRow(Saliency, {}, found.drift ? fixedText(found.drift->rank.mean, 2) : QStringLiteral("–"));
}

void StudentResult::explain() {
  if (!m_result) return;
  const core::ExplainRequest request{static_cast<std::size_t>(m_sample->value()),
                                     core::SaliencyMethod::Gradient, -1};
  m_panels->setDimmed(true);
  m_job->start([this, result = m_result, request](const core::Progress& progress) {
    auto content = explainPair(*result->teacher, *result->student, request, progress);
    return BackgroundJob::Deliver([this, result, content = std::move(content)] {
      m_panels->showExplanation(content, *result->teacher->data());
    });
  });
}

}  // namespace lapidary::ui
