// SPDX-License-Identifier: GPL-3.0-or-later
// The commands; each adds itself to the program and says there what to run.
#pragma once

#include <CLI/CLI.hpp>

namespace lapidary::cli {

void addInspect(CLI::App& program);
void addEvaluate(CLI::App& program);
void addCompress(CLI::App& program);
void addExplain(CLI::App& program);
void addProfile(CLI::App& program);
void addRun(CLI::App& program);
void addDemo(CLI::App& program);
void addPlan(CLI::App& program);
void addSizes(CLI::App& program);
void addUnpack(CLI::App& program);
void addSensitivity(CLI::App& program);
void addSearch(CLI::App& program);
void addRepair(CLI::App& program);
void addDistill(CLI::App& program);
void addAudit(CLI::App& program);
void addRobustness(CLI::App& program);
void addActivations(CLI::App& program);
void addDetector(CLI::App& program);
void addDetect(CLI::App& program);
void addCompletion(CLI::App& program);

}  // namespace lapidary::cli
