// SPDX-License-Identifier: GPL-3.0-or-later
// One row of numbers; Return measures, Escape cancels.
#include "ui/planner/planner_controls.h"

#include <QBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QThread>

#include "ui/widgets/flow_layout.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {
constexpr int mostThreads = 64, mostBatch = 4096, usualStages = 2, usualBatch = 20;
}

PlannerControls::PlannerControls(QWidget* parent)
    : QWidget(parent), m_button(makeButton({}, "primary")), m_progress(new QProgressBar) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  auto* row = new FlowLayout(16);
  m_stages =
      addNumber(*row, tr("Stages"), tr("Stages of a pipeline, each on a thread of its own"), mostThreads);
  m_workers =
      addNumber(*row, tr("Workers"), tr("Threads that share the samples out among themselves"), mostThreads);
  m_parts = addNumber(*row, tr("Parts"),
                      tr("Parts of a large layer's output channels that are computed at the same time"),
                      mostThreads);
  m_batch =
      addNumber(*row, tr("Batch"),
                tr("Samples that run at once; a model that insists on a number takes its own"), mostBatch);
  row->addWidget(m_button);
  column->addLayout(row);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the measurement"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  column->addWidget(m_progress);
  connect(m_button, &QPushButton::clicked, this,
          [this] { m_measuring ? emit cancelAsked() : emit measureAsked(); });
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
    connect(new QShortcut(key, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated,
            this, [this] {
              if (!m_measuring) emit measureAsked();
            });
  reset();
  setMeasuring(false);
}

QSpinBox* PlannerControls::addNumber(FlowLayout& row, const QString& name, const QString& tip, int most) {
  auto* cell = new QVBoxLayout;
  cell->setSpacing(4);
  auto* label = makeLabel(name, "caption");
  auto* box = new QSpinBox;
  box->setRange(1, most);
  box->setMinimumWidth(72);
  box->setAccessibleName(name);
  box->setToolTip(tip);
  label->setToolTip(tip);
  label->setBuddy(box);
  cell->addWidget(label);
  cell->addWidget(box);
  row.addLayout(cell);
  return box;
}

core::ParallelRequest PlannerControls::request() const {
  core::ParallelRequest request;
  request.stages = static_cast<unsigned>(m_stages->value());
  request.workers = static_cast<unsigned>(m_workers->value());
  request.parts = static_cast<unsigned>(m_parts->value());
  request.batch = m_batch->value();
  return request;
}

void PlannerControls::reset() {
  const int processors = std::clamp(QThread::idealThreadCount(), 1, mostThreads);
  m_stages->setValue(usualStages);
  m_workers->setValue(processors);
  m_parts->setValue(processors);
  m_batch->setValue(usualBatch);
}

void PlannerControls::setMeasuring(bool measuring) {
  m_measuring = measuring;
  m_button->setText(measuring ? tr("Cancel") : tr("Measure"));
  m_button->setToolTip(measuring ? tr("Stops measuring and leaves what was there (Esc)")
                                 : tr("Measures for a few seconds with all of these threads (Return)"));
  m_progress->setVisible(measuring);
  for (auto* box : {m_stages, m_workers, m_parts, m_batch}) box->setEnabled(!measuring);
}

void PlannerControls::setProgress(int done, int total) {
  m_progress->setRange(0, std::max(1, total));
  m_progress->setValue(done);
}

}  // namespace lapidary::ui
