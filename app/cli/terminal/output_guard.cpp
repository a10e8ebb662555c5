// SPDX-License-Identifier: GPL-3.0-or-later
#include "output_guard.h"

#include <algorithm>
#include <filesystem>

#include "core/support/error.h"

namespace lapidary::cli {
namespace {

bool writes(const CLI::Option& option) {
  return std::ranges::any_of(option.get_lnames(), [](const std::string& name) {
    return name == "out" || name == "output" || name == "sarif" || name == "journal" || name == "checkpoint";
  });
}

bool isSame(const std::string& path, const std::string& other) {
  std::error_code none;
  return std::filesystem::equivalent(path, other, none);
}

/// Pairs of files are given as IMAGES:LABELS.
bool names(const std::string& given, const std::string& path) {
  const std::size_t colon = given.find(':');
  return isSame(given, path) || (colon != std::string::npos && (isSame(given.substr(0, colon), path) ||
                                                                isSame(given.substr(colon + 1), path)));
}

}  // namespace

void requireOwnOutputs(const CLI::App& command) {
  for (const CLI::Option* output : command.get_options()) {
    if (!writes(*output)) continue;
    for (const std::string& path : output->results())
      for (const CLI::Option* other : command.get_options()) {
        if (other == output) continue;
        for (const std::string& given : other->results())
          if (names(given, path))
            throw core::Error(core::ErrorKind::Usage, path + " is given for " + other->get_name() +
                                                          " too: choose another name to write to");
      }
  }
}

}  // namespace lapidary::cli
