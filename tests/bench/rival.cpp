// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/rival.h"

#include <sstream>

namespace lapidary::bench {
namespace {

constexpr const char* lacking = "ONNX Runtime is not there (npm install in tests/interop)";

}  // namespace

Rival::Rival(const std::string& model, const core::Tensor& input, unsigned threads)
    : m_raw(input),
      m_process("node", "bench/time_model.js",
                {model, m_raw.path(), std::string(core::name(input.dtype())), dimsOf(input),
                 std::to_string(threads)},
                lacking) {}

double Rival::run() { return std::stod(m_process.ask("run")); }

ScanRival::ScanRival(const core::Tensor& samples, unsigned threads)
    : m_raw(samples),
      m_process(
          "node", "bench/scan_models.js",
          {m_raw.path(), std::string(core::name(samples.dtype())), dimsOf(samples), std::to_string(threads)},
          lacking) {}

ScanRival::Answer ScanRival::run(const std::string& model, std::size_t batch) {
  std::istringstream words(m_process.ask(std::to_string(batch) + " " + model));
  Answer answer;
  words >> answer.seconds;
  for (std::int64_t top1 = 0; words >> top1;) answer.top1.push_back(top1);
  return answer;
}

}  // namespace lapidary::bench
