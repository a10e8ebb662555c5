// SPDX-License-Identifier: GPL-3.0-or-later
// repair from the command line: accuracy comes back, the file holds what was measured, mistakes are named.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/app/command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet300;
using test::trainingDigits;
using testing::HasSubstr;
using testing::Not;

TEST(RepairCommand, TheFileIsAsGoodAsItSays) {
  const Folder folder;
  const std::string out = folder / "binary.onnx";
  const Finished found = lapidary("repair " + lenet300 + " --data " + trainingDigits + " --test " + digits +
                                  " --scheme binary --epochs 3 --json -o " + out);
  ASSERT_EQ(found.status, 0) << found.err;
  const auto json = found.json();
  EXPECT_NEAR(json["top1_before"].get<double>(), 0.986, 1e-9);
  EXPECT_GT(json["top1_after"].get<double>(), json["top1_cut"].get<double>() + 0.02);
  EXPECT_LT(json["bytes_out"], 200'000);
  EXPECT_EQ(json["epochs"].size(), 4u);
  EXPECT_EQ(json["epochs"][0]["epoch"], 0);
  const Finished again = lapidary("evaluate " + out + " --data " + digits + " --json --preprocess " +
                                  test::demo + "lenet300.preprocess.json");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.json()["top1"], json["top1_after"]);
}

/// 1,600 digits, 64 a step: 23 steps on the nine tenths that teach.
TEST(RepairCommand, TheRateFollowsTheScheduleAndGoesOnFromACheckpoint) {
  const Folder folder;
  const std::string command =
      "repair " + lenet300 + " --data " + digits + " --holdout 0.2 --sparsity 0.9 --ramp 0.5" +
      " --rate 0.002 --schedule step --every 10 --factor 0.5 --warm-up 5 --flip --shift 1" +
      " --crop 0.1 --clip 5 --smoothing 0.1 --weight-decay 1e-4 --batch-statistics" +
      " --epochs 2 --json --checkpoint " + (folder / "c.npz") + " -o " + (folder / "x.onnx");
  const Finished found = lapidary(command);
  ASSERT_EQ(found.status, 0) << found.err;
  const auto epochs = found.json()["epochs"];
  ASSERT_EQ(epochs.size(), 3u);
  EXPECT_NEAR(epochs[1]["rate"].get<double>(), 0.002 * 0.25, 1e-12);
  EXPECT_NEAR(epochs[2]["rate"].get<double>(), 0.002 * 0.0625, 1e-12);
  EXPECT_FALSE(std::filesystem::exists(folder / "c.npz"));
  std::ofstream(folder / "c.npz") << "damaged";
  const Finished damaged = lapidary(command);
  EXPECT_EQ(damaged.status, 3);
  EXPECT_THAT(damaged.err, HasSubstr("c.npz (remove it"));
  for (const std::string name : {"x.onnx", "none/c.npz"})
    EXPECT_EQ(lapidary("repair " + lenet300 + " --data " + digits + " --sparsity 0.9 --checkpoint " +
                       (folder / name) + " -o " + (folder / "x.onnx"))
                  .status,
              2)
        << name;
}

TEST(RepairCommand, NamesWhatIsMissing) {
  const Folder folder;
  const std::string out = " -o " + (folder / "x.onnx");
  const Finished nothing = lapidary("repair " + lenet300 + " --data " + digits + out);
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.err, HasSubstr("nothing to repair"));
  const Finished steep = lapidary("repair " + lenet300 + " --data " + digits +
                                  " --sparsity 0.5 --optimizer sgd --rate 1e12" + out);
  EXPECT_NE(steep.status, 0);
  EXPECT_THAT(steep.err, HasSubstr("at a lower rate"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.onnx"));
  EXPECT_EQ(lapidary("repair " + lenet300 + " --sparsity 0.5" + out).status, 2);
  const Finished ending = lapidary("repair " + lenet300 + " --data " + digits + " --sparsity 0.5 -o x.fish");
  EXPECT_EQ(ending.status, 2);
  EXPECT_THAT(ending.err, HasSubstr("x.fish"));
  EXPECT_THAT(ending.err, Not(HasSubstr("epoch")));
}

/// What was asked for and changes nothing is said, each with the cure.
TEST(RepairCommand, SettingsWithoutEffectAreWarnedOf) {
  const Folder folder;
  const std::string start =
      "repair " + lenet300 + " --data " + digits + " --epochs 1 --json -o " + (folder / "x.onnx") + " ";
  const auto warned = [&](const std::string& options) {
    std::vector<std::string> named;
    const auto json = lapidary(start + options).json();
    if (!json.contains("warnings")) return named;
    for (const auto& warning : json["warnings"])
      if (warning["id"] == "setting-without-effect") {
        const std::string text = warning["text"];
        named.push_back(text.substr(0, text.find(' ')));
      }
    return named;
  };
  EXPECT_THAT(warned("--bits 4 --ramp 0.5 --every 3"), testing::UnorderedElementsAre("--ramp", "--every"));
  EXPECT_THAT(warned("--sparsity 0.5 --ramp 0.5 --round-anew --schedule step --every 3"),
              testing::ElementsAre("--round-anew"));
  EXPECT_THAT(warned("--sparsity 0.5 --ramp 0.5"), testing::IsEmpty());
}

}  // namespace
}  // namespace lapidary
