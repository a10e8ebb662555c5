// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of .lapidary files against zstd -19 and xz -9e of the same ONNX file, and the speed of packing.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "tests/bench/ratio.h"
#include "tests/support/uniform_recipe.h"

using namespace lapidary;
using namespace lapidary::core;

namespace {

const std::string demo = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/";
const std::string assets = std::string(LAPIDARY_ASSETS_DIR) + "/";
const std::filesystem::path folder = std::filesystem::temp_directory_path() / "lapidary-bench-container";

struct Subject {
  std::string name, model;
  UniformEdit edit;
};

std::vector<Subject> subjects() {
  const UniformEdit pruned{0.92, false, {Scheme::Symmetric, 5}}, zeros{0.92, false, {}},
      codes{0, false, {Scheme::Symmetric, 4}}, both{0.5, false, {Scheme::Symmetric, 4}};
  return {{"LeNet-5", demo + "lenet5.onnx", {}},
          {"LeNet-5, 92 % zeros", demo + "lenet5.onnx", zeros},
          {"LeNet-5, 92 % zeros, 5 bits", demo + "lenet5.onnx", pruned},
          {"LeNet-300-100, 92 % zeros, 5 bits", demo + "lenet300.onnx", pruned},
          {"ResNet-20, 4 bits", assets + "resnet/resnet20_cifar10.onnx", codes},
          {"ResNet-20, 50 % zeros, 4 bits", assets + "resnet/resnet20_cifar10.onnx", both},
          {"SMS encoder, 4 bits", assets + "sms/sms_bert.onnx", codes}};
}

/// Bytes of a file that a shell command makes; 0 where it cannot.
std::uintmax_t made(const std::string& command, const std::string& file) {
  std::error_code error;
  if (std::system((command + " 2>/dev/null").c_str()) != 0) return 0;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0 : bytes;
}

double secondsOf(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(const Subject& subject) {
  if (!std::filesystem::exists(subject.model)) return;
  const Cutter cutter(readModel(subject.model));
  const Model cut = cutter.apply(uniformRecipe(cutter.original(), subject.edit));
  const std::string onnx = (folder / "m.onnx").string();
  writeModel(cut, onnx);
  Bytes packed;
  const double packing = secondsOf([&] { packed = packedFile(cut, Packing::Smallest, {}); });
  const double unpacking = secondsOf([&] { unpackLapidary(packed, [](auto) {}, {}); });
  const auto zstd = made("zstd -q -f -19 " + onnx + " -o " + onnx + ".zst", onnx + ".zst");
  const auto xz = made("xz -9e -k -f " + onnx, onnx + ".xz");
  const auto bytes = packed.view.size();
  std::printf("%-34s %9ju %9ju %9ju %9zu %8.2f %8.2f\n", subject.name.c_str(),
              static_cast<std::uintmax_t>(std::filesystem::file_size(onnx)), zstd, xz, bytes, packing,
              unpacking);
  const auto against = [&](const char* rival, std::uintmax_t theirs) {
    if (theirs > 0)
      bench::printRatio(subject.name + " bytes to " + rival,
                        static_cast<double>(bytes) / static_cast<double>(theirs), bench::Goal::AtMost, 1);
  };
  against("zstd -19", zstd);
  against("xz -9e", xz);
}

}  // namespace

int main() {
  std::filesystem::create_directories(folder);
  std::printf("%-34s %9s %9s %9s %9s %8s %8s\n", "bytes; seconds", "onnx", "zstd -19", "xz -9e", "lapidary",
              "pack", "unpack");
  for (const Subject& subject : subjects()) measure(subject);
  std::filesystem::remove_all(folder);
  return 0;
}
