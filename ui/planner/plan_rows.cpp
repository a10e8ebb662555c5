// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/planner/plan_rows.h"

#include <QCoreApplication>

#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

struct PlanTr {
  Q_DECLARE_TR_FUNCTIONS(Planner)
};

QString layersText(const core::StageFigures& stage, const core::Model& model) {
  if (stage.layers.empty()) return PlanTr::tr("no layer with weights");
  const auto name = [&](core::LayerId id) { return QString::fromStdString(model.layer(id).name); };
  if (stage.layers.size() == 1) return name(stage.layers.front());
  return PlanTr::tr("%1 to %2").arg(name(stage.layers.front()), name(stage.layers.back()));
}

QString nodesText(const core::StageFigures& stage) {
  const QString first = QString::fromStdString(stage.firstNode),
                last = QString::fromStdString(stage.lastNode);
  return first == last ? first : PlanTr::tr("%1 to %2").arg(first, last);
}

QString offText(double predicted, double measured) {
  if (measured <= 0) return {};
  const double off = predicted / measured - 1;
  return (off > 0 ? QStringLiteral("+") : QString()) + percentText(off, 0);
}

QString rateNumbers(double predicted, double measured) {
  return PlanTr::tr("predicted %1 · measured %2").arg(significantText(predicted), significantText(measured));
}

QString rateTip(double predicted, double measured, double alone) {
  QStringList lines{PlanTr::tr("predicted %1 samples/s, measured %2 samples/s")
                        .arg(significantText(predicted), significantText(measured)),
                    PlanTr::tr("prediction off by %1").arg(offText(predicted, measured))};
  if (alone > 0)
    lines << PlanTr::tr("%1 times one worker's throughput").arg(significantText(measured / alone));
  return lines.join(QLatin1Char('\n'));
}

QString sharesText(const std::vector<double>& shares) {
  QStringList texts;
  for (const double share : shares) texts << percentText(share, 0);
  return texts.join(QStringLiteral(" + "));
}

double aloneOf(const core::ParallelFigures& figures) {
  return figures.workers.empty() ? 0 : figures.workers.front().measured;
}

QString workersName(const core::WorkerFigures& workers) {
  return PlanTr::tr("%n worker(s)", nullptr, static_cast<int>(workers.workers));
}

QString pipelineName(const core::ParallelFigures& figures) {
  return PlanTr::tr("Pipeline of %n stage(s)", nullptr, static_cast<int>(figures.stages.size()));
}

}  // namespace

std::vector<CellTable::Column> stageColumns() {
  return {{PlanTr::tr("Stage"),
           PlanTr::tr("The stages in order and the layers of each; double click selects them"), false},
          {PlanTr::tr("Time"), PlanTr::tr("Milliseconds for one batch, the handover to the stage included")},
          {PlanTr::tr("Share"), PlanTr::tr("Of the time of all stages: equal shares are the best cut")},
          {PlanTr::tr("Busy"), PlanTr::tr("Measured share of the run in which the stage's thread computed")},
          {PlanTr::tr("Weights"), PlanTr::tr("Bytes of the weights that the stage holds")},
          {PlanTr::tr("Activations"),
           PlanTr::tr("Bytes of activations alive at most, with the batches that wait before the stage")},
          {PlanTr::tr("Handed in"),
           PlanTr::tr("Bytes of activations that one batch brings from the stage before")}};
}

std::vector<CellTable::Row> stageRows(const core::ParallelFigures& figures, const core::Model& model) {
  std::vector<CellTable::Row> rows;
  const auto count = static_cast<int>(figures.stages.size());
  for (const core::StageFigures& stage : figures.stages) {
    const int number = static_cast<int>(rows.size()) + 1;
    rows.push_back(
        {{QStringLiteral("%1  %2").arg(number).arg(layersText(stage, model)), millisecondsText(stage.seconds),
          percentText(stage.share, 0), percentText(stage.busy, 0), bytesText(stage.weightBytes),
          bytesText(stage.activationBytes), bytesText(stage.enteringBytes)},
         PlanTr::tr("Stage %1: %2").arg(number).arg(nodesText(stage)) + QLatin1Char('\n') +
             PlanTr::tr("%n step(s)", nullptr, static_cast<int>(stage.steps)) + QStringLiteral(" · ") +
             PlanTr::tr("%n layer(s) with weights", nullptr, static_cast<int>(stage.layers.size())),
         stageColor(number, count)});
  }
  return rows;
}

std::vector<CellTable::Column> splitColumns() {
  return {{PlanTr::tr("Layer"),
           PlanTr::tr("Layers large enough to be computed in parts of their output channels"), false},
          {PlanTr::tr("Channels"), PlanTr::tr("Output channels of the layer")},
          {PlanTr::tr("Parts"), PlanTr::tr("Parts that are computed at the same time")},
          {PlanTr::tr("Whole"), PlanTr::tr("Milliseconds of the whole layer for one batch, measured")},
          {PlanTr::tr("Predicted"), PlanTr::tr("Milliseconds of the layer in parts, predicted")},
          {PlanTr::tr("Measured"), PlanTr::tr("Milliseconds of the layer in parts, measured")}};
}

std::vector<CellTable::Row> splitRows(const core::ParallelFigures& figures, const core::Model& model) {
  std::vector<CellTable::Row> rows;
  for (const core::SplitFigures& split : figures.splits) {
    const QString node = QString::fromStdString(split.node);
    const QString name = split.layer.valid() ? QString::fromStdString(model.layer(split.layer).name) : node;
    const double gain = split.splitSeconds > 0 ? split.wholeSeconds / split.splitSeconds : 0;
    rows.push_back(
        {{name, countText(split.channels), countText(static_cast<std::int64_t>(split.parts)),
          millisecondsText(split.wholeSeconds), millisecondsText(split.predictedSeconds),
          millisecondsText(split.splitSeconds)},
         node + QLatin1Char('\n') + PlanTr::tr("%1 times as fast as whole").arg(significantText(gain))});
  }
  return rows;
}

std::vector<ThroughputBars::Row> throughputRows(const core::ParallelFigures& figures) {
  std::vector<ThroughputBars::Row> rows;
  const double alone = aloneOf(figures);
  for (const core::WorkerFigures& workers : figures.workers) {
    const QString name = workersName(workers), shares = sharesText(workers.share);
    const bool several = workers.workers > 1;
    rows.push_back(
        {several ? name + QStringLiteral(" · ") + shares : name,
         rateNumbers(workers.predicted, workers.measured),
         name + QLatin1Char('\n') + rateTip(workers.predicted, workers.measured, several ? alone : 0) +
             (several ? QLatin1Char('\n') + PlanTr::tr("share of each worker: %1").arg(shares) : QString()),
         workers.predicted, workers.measured, workers.share});
  }
  const QString name = pipelineName(figures);
  rows.push_back({name,
                  rateNumbers(figures.predicted, figures.measured),
                  name + QLatin1Char('\n') + rateTip(figures.predicted, figures.measured, alone),
                  figures.predicted,
                  figures.measured,
                  {}});
  return rows;
}

DataTable throughputTable(const core::ParallelFigures& figures) {
  DataTable table{{PlanTr::tr("Way"), PlanTr::tr("Predicted, samples/s"), PlanTr::tr("Measured, samples/s"),
                   PlanTr::tr("Shares")}};
  for (const core::WorkerFigures& workers : figures.workers)
    table.push_back({workersName(workers), QString::number(workers.predicted),
                     QString::number(workers.measured), sharesText(workers.share)});
  table.push_back(
      {pipelineName(figures), QString::number(figures.predicted), QString::number(figures.measured), {}});
  return table;
}

StageMarks stageMarks(const core::ParallelFigures& figures, const core::Model& model) {
  StageMarks marks;
  marks.stageOf.assign(model.layers.size(), 0);
  marks.stages = static_cast<int>(figures.stages.size());
  for (const core::StageFigures& stage : figures.stages) {
    const int number = static_cast<int>(marks.tips.size()) + 1;
    for (const core::LayerId layer : stage.layers) marks.stageOf.at(layer.index) = number;
    marks.tips << PlanTr::tr("stage %1 of %2 of the plan: %3 a batch, %4 of weights")
                      .arg(number)
                      .arg(marks.stages)
                      .arg(millisecondsText(stage.seconds), bytesText(stage.weightBytes));
  }
  return marks;
}

}  // namespace lapidary::ui
