// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/script_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace lapidary::bench {
ScriptProcess::ScriptProcess(std::string interpreter, const std::string& script,
                             std::vector<std::string> arguments, std::string lacking)
    : m_lacking(std::move(lacking)) {
  // Closed at exec: a second process must not hold the first one's pipes open.
  std::array<int, 2> down{}, up{};
  if (pipe2(down.data(), O_CLOEXEC) != 0 || pipe2(up.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  std::signal(SIGPIPE, SIG_IGN);
  arguments.insert(arguments.begin(), {std::move(interpreter), LAPIDARY_SOURCE_DIR "/tests/" + script});
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  m_process = fork();
  if (m_process == 0) {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    execvp(words.front(), words.data());
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  m_toChild = down[1];
  m_fromChild = up[0];
}

ScriptProcess::~ScriptProcess() {
  close(m_toChild);
  close(m_fromChild);
  if (m_process > 0) waitpid(m_process, nullptr, 0);
}

std::string ScriptProcess::ask(const std::string& line) {
  const std::string sent = line + "\n";
  if (write(m_toChild, sent.data(), sent.size()) != static_cast<ssize_t>(sent.size()))
    throw std::runtime_error(m_lacking);
  std::string answer;
  for (char c = 0; read(m_fromChild, &c, 1) == 1 && c != '\n';) answer += c;
  if (answer.empty()) throw std::runtime_error(m_lacking);
  return answer;
}

}  // namespace lapidary::bench
