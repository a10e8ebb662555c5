// SPDX-License-Identifier: GPL-3.0-or-later
// Python programs that judge what was written here.
#pragma once

#include <cstdlib>
#include <string>

#include "tests/support/temporary_folder.h"

namespace lapidary::core::testing {

/// Runs a Python program in the folder; false if Python or one of its modules is not installed.
inline bool python(const TemporaryFolder& folder, const std::string& modules, const std::string& program,
                   int* status) {
  if (std::system(("/usr/bin/python3 -c 'import " + modules + "' 2>/dev/null").c_str()) != 0) return false;
  folder.write("judge.py", std::string_view("import " + modules + "\n" + program));
  *status = std::system(("cd '" + folder.path() + "' && /usr/bin/python3 judge.py").c_str());
  return true;
}

}  // namespace lapidary::core::testing
