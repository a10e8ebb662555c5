// SPDX-License-Identifier: GPL-3.0-or-later
// The reference reader of .lapidary files, written from the format's page alone, against what is saved here.
#include "core/io/lapidary/lapidary.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/session/session.h"
#include "tests/interop/model_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using namespace core;
using core::testing::contentOf;

bool hasPython() {
  return std::system("python3 -c 'import ctypes; ctypes.CDLL(\"libzstd.so.1\")' 2>/dev/null") == 0;
}

struct Packed {
  std::string name, model;
  UniformEdit edit;
};

class LapidaryReader : public ::testing::TestWithParam<Packed> {};

TEST_P(LapidaryReader, UnpacksToTheOnnxFileThatIsSavedOfTheSameRecipe) {
  if (!hasPython()) GTEST_SKIP() << "skipped: no python3 or no libzstd.so.1";
  if (!fs::exists(GetParam().model)) GTEST_SKIP() << "skipped: no ../shared";
  const core::testing::TemporaryFolder folder;
  const Session session(readModel(GetParam().model), nullptr, {});
  const Recipe recipe = uniformRecipe(session.model(), GetParam().edit);
  const std::string stem = folder.path() + "/" + GetParam().name;
  session.save(recipe, stem + ".onnx", {});
  session.save(recipe, stem + ".lapidary", {});
  const std::string command = std::string("python3 '") + LAPIDARY_INTEROP_DIR + "/lapidary_reader.py' '" +
                              stem + ".lapidary' '" + stem + ".back'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_TRUE(contentOf(stem + ".back") == contentOf(stem + ".onnx"));
}

INSTANTIATE_TEST_SUITE_P(
    Blocks, LapidaryReader,
    ::testing::Values(
        Packed{"codes", demo + "lenet300.onnx", {0.95, false, {Scheme::Symmetric, 5}}},
        Packed{"sparse", demo + "lenet300.onnx", {0.97, false, {}}},
        Packed{"steps", demo + "lenet5.onnx", {0.98, false, {Scheme::MinMax, 3}}},
        Packed{"kernels", assets + "resnet/resnet20_cifar10.onnx", {0.9, false, {Scheme::Symmetric, 12}}},
        Packed{"half", assets + "squeezenet/SqueezeNet_fp16.onnx", {0.99, false, {}}}),
    [](const auto& given) { return given.param.name; });

TEST(PlainLapidary, UnpacksNumbersThatWereOnlyPacked) {
  if (!hasPython()) GTEST_SKIP() << "skipped: no python3 or no libzstd.so.1";
  const core::testing::TemporaryFolder folder;
  const Cutter cutter(readModel(demo + "lenet300.onnx"));
  const Model cut = cutter.apply(uniformRecipe(cutter.original(), {0.5, false, {Scheme::Symmetric, 5}}));
  const std::string file = folder.path() + "/plain.lapidary", back = folder.path() + "/back.onnx";
  writeFileAtomically(file, [&](const Append& append) { append(packedFile(cut, Packing::Plain, {}).view); });
  writeModel(cut, folder.path() + "/m.onnx");
  ASSERT_EQ(std::system((std::string("python3 '") + LAPIDARY_INTEROP_DIR + "/lapidary_reader.py' '" + file +
                         "' '" + back + "'")
                            .c_str()),
            0);
  EXPECT_TRUE(contentOf(back) == contentOf(folder.path() + "/m.onnx"));
}

}  // namespace
}  // namespace lapidary::tests
