#include "tests/bench/rival.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace lapidary::bench {
namespace {

std::string dimsOf(const core::Tensor& tensor) {
  std::string text;
  for (const auto extent : tensor.shape()) text += (text.empty() ? "" : ",") + std::to_string(extent);
  return text;
}

}  // namespace

RawFile::RawFile(const core::Tensor& tensor) {
  static int count = 0;
  const std::string name =
      "lapidary-bench-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".raw";
  m_path = (std::filesystem::temp_directory_path() / name).string();
  std::ofstream(m_path, std::ios::binary)
      .write(reinterpret_cast<const char*>(tensor.bytes().data()),
             static_cast<std::streamsize>(tensor.bytes().size()));
}

RawFile::~RawFile() {
  std::error_code ignored;
  std::filesystem::remove(m_path, ignored);
}

Rival::Rival(const std::string& model, const core::Tensor& input, unsigned threads)
    : m_raw(input),
      m_process("time_model.js", {model, m_raw.path(), std::string(core::name(input.dtype())), dimsOf(input),
                                  std::to_string(threads)}) {}

double Rival::run() { return std::stod(m_process.ask("run")); }

ScanRival::ScanRival(const core::Tensor& samples, unsigned threads)
    : m_raw(samples),
      m_process("scan_models.js", {m_raw.path(), std::string(core::name(samples.dtype())), dimsOf(samples),
                                   std::to_string(threads)}) {}

ScanRival::Answer ScanRival::run(const std::string& model, std::size_t batch) {
  std::istringstream words(m_process.ask(std::to_string(batch) + " " + model));
  Answer answer;
  words >> answer.seconds;
  for (std::int64_t top1 = 0; words >> top1;) answer.top1.push_back(top1);
  return answer;
}

}  // namespace lapidary::bench
