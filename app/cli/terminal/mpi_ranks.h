// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that mpirun started, where the program was built with MPI.
#pragma once

#include <memory>
#include <string>

#include "core/support/ranks.h"

namespace lapidary::cli {

/// Joins the others; once in a process, before any result is expected. Leaves them when destroyed. Throws
/// Error(Usage) where the program was built without MPI.
std::unique_ptr<core::Ranks> joinRanks();

/// "Open MPI v4.1.4"; empty where the program was built without MPI.
std::string mpiVersion();

/// Ends all ranks with this exit status.
[[noreturn]] void endAllRanks(int status);

}  // namespace lapidary::cli
