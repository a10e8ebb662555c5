// SPDX-License-Identifier: GPL-3.0-or-later
// The facts that are known when the build is configured; build_facts.cpp.in is filled in then.
#pragma once

#include <string>
#include <vector>

#include "app/common/version.h"

namespace lapidary::app {

/// The commit in hex; empty where the sources lie in no repository.
std::string commitOfBuild();

/// Libraries without a function that says their version.
std::vector<Library> librariesOfBuild();

}  // namespace lapidary::app
