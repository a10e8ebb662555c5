// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a command's options take, as the command line's own declarations say.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace lapidary::cli {

/// The way in which a shell completes a value.
enum class Completes { Nothing, Files, Folders, Words };

struct CompletedOption {
  std::vector<std::string> names;  ///< "-o", "--output"; empty: an argument without a name
  std::string placeholder;         ///< "FILE"; empty: a flag
  std::string description;
  Completes completes = Completes::Nothing;
  std::vector<std::string> words;  ///< of Words
  bool several = false;            ///< words may be joined by commas
  bool repeated = false;           ///< an argument that takes all that follow
};

struct CompletedCommand {
  std::string name, description;
  std::vector<CompletedOption> options, arguments;
};

/// The choices in a CLI11 type such as "TEXT:{linf,l2}"; empty where it names none.
std::vector<std::string> choicesIn(const std::string& type);

std::vector<CompletedCommand> completedCommands(const CLI::App& program);

}  // namespace lapidary::cli
