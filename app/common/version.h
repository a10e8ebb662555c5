// SPDX-License-Identifier: GPL-3.0-or-later
// The identity of what is running: the program's version, the commit that it was built from, and the
// libraries that it uses.
#pragma once

#include <string>
#include <vector>

namespace lapidary::app {

struct Library {
  std::string name, version;
};

/// The libraries that both programs use. Where a library says itself which one was loaded, that is its
/// version; else the one that the build found.
std::vector<Library> libraries();

/// The whole answer to --version, some lines without a line feed at the end: "PROGRAM 0.1.0", the commit, and
/// one library a line; `others` are those that this program alone uses.
std::string versionText(const std::string& program, const std::vector<Library>& others = {});

}  // namespace lapidary::app
