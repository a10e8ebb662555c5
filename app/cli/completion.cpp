// SPDX-License-Identifier: GPL-3.0-or-later
#include "completion.h"

#include <cstdio>
#include <memory>

#include "commands.h"
#include "completion_table.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::vector<std::string> namesOf(const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  for (const CompletedCommand& command : commands) names.push_back(command.name);
  return names;
}

const char* const bashHead = R"(# bash completion for lapidary-cli, made by `lapidary-cli completion bash`.
_lapidary_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} at=$COMP_CWORD option kind= words= options=
  COMPREPLY=()
  # Bash takes --option=value and IMAGES:LABELS apart: the option is looked for before them.
  if [[ $cur == [:=] ]]; then cur=; else at=$((at - 1)); fi
  while (( at > 2 )) && [[ ${COMP_WORDS[at]} == : ]]; do at=$((at - 2)); done
  if (( at > 2 )) && [[ ${COMP_WORDS[at]} == = ]]; then at=$((at - 1)); fi
  option=${COMP_WORDS[at]}
)";

const char* const bashTail = R"(  case $kind in
    files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    folders) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur") ;;
    list)
      local before=
      if [[ $cur == *,* ]]; then before=${cur%,*},; fi
      compopt -o nospace 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${cur##*,}") ;;
  esac
}
complete -F _lapidary_cli lapidary-cli
)";

/// "kind=words words='linf l2'", as the tail of the script reads it.
std::string bashKind(const CompletedOption& option) {
  switch (option.completes) {
    case Completes::Files:
      return "kind=files";
    case Completes::Folders:
      return "kind=folders";
    case Completes::Words:
      return std::string(option.several ? "kind=list" : "kind=words") + " words='" + joined(option.words) +
             "'";
    case Completes::Nothing:
      break;
  }
  return "kind=none";
}

std::string bashCommand(const CompletedCommand& command) {
  std::vector<std::string> names;
  std::string values;
  for (const CompletedOption& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
    if (!option.placeholder.empty())
      values += "        " + joined(option.names, "|") + ") " + bashKind(option) + " ;;\n";
  }
  std::string text = "    " + command.name + ")\n      options='" + joined(names) + "'\n";
  if (!command.arguments.empty()) text += "      " + bashKind(command.arguments.front()) + "\n";
  if (!values.empty()) text += "      case $option in\n" + values + "      esac\n";
  return text + "      ;;\n";
}

/// A text between single quotes, without what _arguments takes for its own signs.
std::string zshText(const std::string& text) {
  std::string made;
  for (const char c : text) {
    if (c == '\'')
      made += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      made += std::string("\\") + c;
    else
      made += c;
  }
  return made;
}

std::string zshAction(const CompletedOption& option) {
  switch (option.completes) {
    case Completes::Files:
      return "_files";
    case Completes::Folders:
      return "_files -/";
    case Completes::Words:
      return option.several ? "_values -s , " + option.placeholder + " " + joined(option.words)
                            : "(" + joined(option.words) + ")";
    case Completes::Nothing:
      break;
  }
  return "";
}

std::string zshCommand(const CompletedCommand& command) {
  std::string text = "        " + command.name + ")\n          _arguments";
  for (const CompletedOption& option : command.options) {
    const std::string value =
        option.placeholder.empty() ? "" : ":" + zshText(option.placeholder) + ":" + zshAction(option);
    for (const std::string& name : option.names)
      text += " \\\n            '" + name + "[" + zshText(option.description) + "]" + value + "'";
  }
  for (const CompletedOption& argument : command.arguments)
    text += std::string(" \\\n            '") + (argument.repeated ? "*" : "") + ":" +
            zshText(argument.placeholder) + ":" + zshAction(argument) + "'";
  return text + "\n          ;;\n";
}

const char* const zshHead = R"(#compdef lapidary-cli
# zsh completion for lapidary-cli, made by `lapidary-cli completion zsh`.
_lapidary-cli() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C '--help[Print the help]' '--version[Print version and libraries]' '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
)";

const char* const zshTail = R"(      esac
      ;;
  esac
}
if [[ ${funcstack[1]} == _lapidary-cli ]]; then _lapidary-cli "$@"; else compdef _lapidary-cli lapidary-cli; fi
)";

}  // namespace

std::string bashCompletion(const CLI::App& program) {
  const std::vector<CompletedCommand> commands = completedCommands(program);
  std::string text = bashHead;
  text += "  if (( COMP_CWORD == 1 )); then\n    command=\n    kind=words words='" +
          joined(namesOf(commands)) + " --help --version'\n  fi\n  case $command in\n";
  for (const CompletedCommand& command : commands) text += bashCommand(command);
  text += "  esac\n  if [[ $cur == -* && -n $options ]]; then kind=words words=$options; fi\n";
  return text + bashTail;
}

std::string zshCompletion(const CLI::App& program) {
  const std::vector<CompletedCommand> commands = completedCommands(program);
  std::string text = zshHead;
  for (const CompletedCommand& command : commands)
    text += "        '" + command.name + ":" + zshText(command.description) + "'\n";
  text += "      )\n      _describe command commands\n      ;;\n    argument)\n      case $words[1] in\n";
  for (const CompletedCommand& command : commands) text += zshCommand(command);
  return text + zshTail;
}

void addCompletion(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("completion", "Print a script that makes a shell complete this program's words");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "Which shell it is for")
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->required();
  command->footer(
      "Examples:\n  source <(lapidary-cli completion bash)\n"
      "  lapidary-cli completion zsh > ~/.zfunc/_lapidary-cli");
  command->callback([shell, &program] {
    const std::string text = *shell == "bash" ? bashCompletion(program) : zshCompletion(program);
    std::fputs(text.c_str(), stdout);
  });
}

}  // namespace lapidary::cli
