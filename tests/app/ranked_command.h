// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the real command line on the ranks of mpirun.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/app/command.h"

namespace lapidary::test {

/// Why runs under mpirun cannot be tested here; empty where they can.
inline std::string noMpi() {
  if (std::system("command -v mpirun >/dev/null 2>&1") != 0) return "skipped: no mpirun";
  const Finished tried = lapidary("evaluate " + lenet + " --data nothing.npz --distributed");
  return tried.err.find("built without it") != std::string::npos ? "skipped: built without MPI" : "";
}

inline Finished onRanks(unsigned count, const std::string& arguments) {
  const Folder folder;
  const std::string command = "timeout -s KILL 100 mpirun --oversubscribe --allow-run-as-root -n " +
                              std::to_string(count) + " " + std::string(LAPIDARY_CLI) + " " + arguments +
                              " >" + (folder / "out") + " 2>" + (folder / "err");
  const int result = std::system(command.c_str());
  return {WIFEXITED(result) ? WEXITSTATUS(result) : -1, contentOf(folder / "out"), contentOf(folder / "err")};
}

/// The processes that run a file with these words among its arguments.
inline std::vector<pid_t> processesWith(const std::string& word, const std::string& environment) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (contentOf(entry.path() / "cmdline").find(word) != std::string::npos &&
        contentOf(entry.path() / "environ").find(environment) != std::string::npos)
      found.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return found;
}

/// The processes of one rank with this word among its arguments.
inline std::vector<pid_t> processesOfRank(const std::string& word, unsigned rank) {
  return processesWith(word, "OMPI_COMM_WORLD_RANK=" + std::to_string(rank) + std::string(1, '\0'));
}

}  // namespace lapidary::test
