// SPDX-License-Identifier: GPL-3.0-or-later
// The options of commands that attack a model's inputs.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "core/robust/robustness.h"

namespace lapidary::cli {

struct AttackOptions {
  core::RobustnessRequest request;
  std::vector<std::string> attacks{"fgsm", "pgd", "noise"};
  std::string unit, norm = "linf";

  /// With the words read.
  core::RobustnessRequest read() const;
};

void addAttack(CLI::App& command, AttackOptions& options);

}  // namespace lapidary::cli
