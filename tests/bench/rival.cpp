#include "tests/bench/rival.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace lapidary::bench {
namespace {

std::string dimsOf(const core::Tensor& tensor) {
  std::string text;
  for (const auto extent : tensor.shape()) text += (text.empty() ? "" : ",") + std::to_string(extent);
  return text;
}

}  // namespace

Rival::Rival(const std::string& model, const core::Tensor& input, unsigned threads)
    : m_raw((std::filesystem::temp_directory_path() / ("lapidary-bench-" + std::to_string(getpid()) + ".raw"))
                .string()) {
  std::ofstream(m_raw, std::ios::binary)
      .write(reinterpret_cast<const char*>(input.bytes().data()),
             static_cast<std::streamsize>(input.bytes().size()));
  std::array<int, 2> down{}, up{};
  if (pipe(down.data()) != 0 || pipe(up.data()) != 0) throw std::runtime_error("no pipe");
  std::signal(SIGPIPE, SIG_IGN);
  m_process = fork();
  if (m_process == 0) {
    dup2(down[0], STDIN_FILENO);
    dup2(up[1], STDOUT_FILENO);
    close(down[1]);
    close(up[0]);
    const std::string script = LAPIDARY_SOURCE_DIR "/tests/bench/time_model.js";
    execlp("node", "node", script.c_str(), model.c_str(), m_raw.c_str(),
           std::string(core::name(input.dtype())).c_str(), dimsOf(input).c_str(),
           std::to_string(threads).c_str(), nullptr);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  m_toChild = down[1];
  m_fromChild = up[0];
}

Rival::~Rival() {
  close(m_toChild);
  close(m_fromChild);
  if (m_process > 0) waitpid(m_process, nullptr, 0);
  std::filesystem::remove(m_raw);
}

double Rival::run() {
  if (write(m_toChild, "run\n", 4) != 4)
    throw std::runtime_error("ONNX Runtime is not there (npm install in tests/interop)");
  std::string line;
  for (char c = 0; read(m_fromChild, &c, 1) == 1 && c != '\n';) line += c;
  if (line.empty()) throw std::runtime_error("ONNX Runtime is not there (npm install in tests/interop)");
  return std::stod(line);
}

}  // namespace lapidary::bench
