// SPDX-License-Identifier: GPL-3.0-or-later
#include "completion_table.h"

namespace lapidary::cli {

std::vector<std::string> choicesIn(const std::string& type) {
  const std::size_t open = type.rfind('{'), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

namespace {

CompletedOption completed(const CLI::Option& option) {
  CompletedOption made;
  for (const std::string& name : option.get_snames()) made.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) made.names.push_back("--" + name);
  made.description = option.get_description();
  if (option.get_items_expected_max() == 0) return made;  // a flag
  const std::string type = option.get_type_name();
  made.placeholder = type.substr(0, type.find(':'));
  made.words = choicesIn(type);
  made.several = option.get_delimiter() != '\0';
  made.repeated = option.get_items_expected_max() > 1 && !made.several;
  if (!made.words.empty())
    made.completes = Completes::Words;
  else if (made.placeholder.ends_with("FILE") || made.placeholder == "DATA")
    made.completes = Completes::Files;
  else if (made.placeholder == "FOLDER")
    made.completes = Completes::Folders;
  return made;
}

}  // namespace

std::vector<CompletedCommand> completedCommands(const CLI::App& program) {
  std::vector<CompletedCommand> commands;
  for (const CLI::App* app : program.get_subcommands({})) {
    CompletedCommand& command = commands.emplace_back();
    command.name = app->get_name();
    command.description = app->get_description();
    for (const CLI::Option* option : app->get_options({}))
      (option->nonpositional() ? command.options : command.arguments).push_back(completed(*option));
  }
  return commands;
}

}  // namespace lapidary::cli
