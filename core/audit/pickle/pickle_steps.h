// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle that was found, listed opcode by opcode.
#pragma once

#include <string>
#include <vector>

#include "core/audit/parts/found_pickle.h"

namespace lapidary::core {

/// The steps that a person should look at first.
enum class StepMark { None, Allowed, Unknown, Dangerous };

struct ListedStep {
  std::size_t offset = 0;
  std::string opcode, argument;
  StepMark mark = StepMark::None;  ///< of what GLOBAL, INST and STACK_GLOBAL look up, and of calls of it
  std::string meaning;             ///< of those: "os.system", "os.system('ls')"
};

struct ListedPickle {
  std::vector<ListedStep> steps;
  std::string end;  ///< why the list stops before the STOP; empty: it does not
};

/// At most 100,000 steps.
ListedPickle listPickle(const FoundPickle& pickle);

}  // namespace lapidary::core
