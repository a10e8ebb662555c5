// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a full evaluation of a large model, against its weights, the budget and 200 MB.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/app/large_model.h"
#include "tests/app/peak_memory.h"
#include "tests/bench/ratio.h"

using namespace lapidary;

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

void measure(const std::string& model, const std::string& data, std::size_t weights, std::size_t budget) {
  std::fflush(stdout);  // a child would print what is waiting once more
  const std::size_t peak =
      test::peakOf(LAPIDARY_CLI, {"evaluate", model, "--data", data, "--memory", std::to_string(budget)});
  const double bound = static_cast<double>(weights + (budget + 200) * megabyte);
  std::printf("%8zu %10zu %10zu %10.0f\n", budget, weights / megabyte, peak / megabyte, bound / megabyte);
  bench::printRatio("memory " + std::to_string(budget) + " MB", static_cast<double>(peak) / bound,
                    bench::Goal::AtMost, 1);
}

/// A cut from file to file, whatever the size.
void measureStream(int tensors, const std::filesystem::path& folder) {
  const std::string model = (folder / "large.safetensors").string();
  if (!test::writeLargeWeightsApart(tensors, model)) return;
  for (const std::string ending : {"safetensors", "lapidary"}) {
    std::fflush(stdout);
    const std::size_t peak = test::peakOf(LAPIDARY_CLI, {"compress", model, "--sparsity", "0.5", "--bits",
                                                         "4", "-o", (folder / ("small." + ending)).string()});
    std::printf("%d MB of weights, cut to %s: %zu MB\n", tensors * 64, ending.c_str(), peak / megabyte);
    bench::printRatio("memory of a cut to " + ending + " of 300 MB",
                      static_cast<double>(peak) / (300.0 * megabyte), bench::Goal::AtMost, 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int layers = argc > 1 ? std::atoi(argv[1]) : 16;
  if (layers < 1) return std::fputs("usage: bench_memory [LAYERS of 64 MB]\n", stderr), 1;
  const auto folder = std::filesystem::temp_directory_path() / "lapidary-bench-memory";
  std::filesystem::create_directories(folder);
  const std::string model = folder / "large.onnx", data = folder / "large.npz";
  if (!test::writeLargeFilesApart(layers, 200, model, data)) return 1;
  std::printf("a model of %d Gemm of 4096 x 4096, 200 samples; MB\n", layers);
  std::printf("%8s %10s %10s %10s\n", "budget", "weights", "peak", "allowed");
  for (const std::size_t budget : {32u, 256u, 1024u})
    measure(model, data, static_cast<std::size_t>(layers) * test::largeLayerBytes, budget);
  measureStream(layers, folder);
  std::filesystem::remove_all(folder);
  return 0;
}
