// SPDX-License-Identifier: GPL-3.0-or-later
// The lines from which bench_all.sh makes its summary: "ratio NAME VALUE goal >= 1".
#pragma once

#include <cstdio>
#include <string>

namespace lapidary::bench {

enum class Goal { AtLeast, AtMost, None };

inline void printRatio(std::string name, double value, Goal goal, double limit = 0) {
  for (char& c : name)
    if (c == ' ' || c == ',') c = '_';
  std::printf("ratio %s %.3f goal ", name.c_str(), value);
  if (goal == Goal::None)
    std::printf("none\n");
  else
    std::printf("%s %g\n", goal == Goal::AtLeast ? ">=" : "<=", limit);
  std::fflush(stdout);
}

}  // namespace lapidary::bench
