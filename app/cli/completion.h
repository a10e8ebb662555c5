// SPDX-License-Identifier: GPL-3.0-or-later
// completion: a script that makes a shell complete commands, options, choices and files.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace lapidary::cli {

/// Adds the command. It reads the tables of `program` when it runs, so that commands which are added later
/// are in them.
void addCompletion(CLI::App& program);

/// The script for bash, made of what the commands of `program` declare.
std::string bashCompletion(const CLI::App& program);
/// The same for zsh: to be sourced, or to lie in a folder of its function path as _lapidary-cli.
std::string zshCompletion(const CLI::App& program);

}  // namespace lapidary::cli
