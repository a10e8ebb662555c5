// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that a command took, measured from outside.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace lapidary::test {

/// The largest resident set in bytes of a command, which has to succeed. Mapped files count.
inline std::size_t peakOf(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
    execv(program.c_str(), words.data());
    _exit(127);
  }
  int status = -1;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error(program + " failed");
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace lapidary::test
