// SPDX-License-Identifier: GPL-3.0-or-later
// A measured plan in words: rows of the planner's bars and tables, and what the layer table draws of it.
#pragma once

#include "core/session/session.h"
#include "ui/layers/stage_marks.h"
#include "ui/planner/cell_table.h"
#include "ui/planner/throughput_bars.h"

namespace lapidary::ui {

std::vector<CellTable::Column> stageColumns();
std::vector<CellTable::Row> stageRows(const core::ParallelFigures& figures, const core::Model& model);

std::vector<CellTable::Column> splitColumns();
std::vector<CellTable::Row> splitRows(const core::ParallelFigures& figures, const core::Model& model);

/// Workers first, the pipeline last.
std::vector<ThroughputBars::Row> throughputRows(const core::ParallelFigures& figures);
DataTable throughputTable(const core::ParallelFigures& figures);

StageMarks stageMarks(const core::ParallelFigures& figures, const core::Model& model);

}  // namespace lapidary::ui
