// SPDX-License-Identifier: GPL-3.0-or-later
// Attacks and detectors on the command line: keys, words, files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command.h"

namespace lapidary {
namespace {

using test::contentOf;
using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using test::lenet300;
using ::testing::HasSubstr;

TEST(CliRobustness, TellsAccuracyAgainstStrength) {
  const Finished found =
      lapidary("robustness " + lenet300 + " --data " + digits +
               " --bits 3 --samples 60 --attack fgsm,noise --strengths 16,48 --transfer --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const nlohmann::json json = found.json();
  EXPECT_EQ(json["unit"], "pixel");
  EXPECT_EQ(json["samples"], 60);
  EXPECT_EQ(json["complete"], true);
  ASSERT_EQ(json["rows"].size(), 6u);
  const auto& row = json["rows"][2];
  EXPECT_EQ(row["attack"], "fgsm");
  EXPECT_EQ(row["strength"], 48);
  for (const char* side : {"original", "cut", "original_on_cut", "cut_on_original"})
    for (const char* key : {"accuracy", "low", "high"}) EXPECT_TRUE(row[side].contains(key)) << side << key;
  EXPECT_LT(row["original"]["accuracy"], json["rows"][0]["original"]["accuracy"]);
  EXPECT_TRUE(row.contains("change_low"));
  const Finished text =
      lapidary("robustness " + lenet300 + " --data " + digits + " --samples 20 --attack fgsm --strengths 8");
  EXPECT_THAT(text.out, HasSubstr("levels of 0 to 255"));
  EXPECT_THAT(text.out, HasSubstr("fgsm"));
}

TEST(CliRobustness, WrongUsageIsTwo) {
  EXPECT_EQ(lapidary("robustness " + lenet300 + " --data " + digits + " --attack nonsense").status, 2);
  EXPECT_EQ(lapidary("robustness " + lenet300 + " --data " + digits + " --strengths -1").status, 2);
  EXPECT_EQ(lapidary("robustness " + lenet300).status, 2);
}

TEST(CliRobustness, GoesIntoABundleAlone) {
  const Folder folder;
  const std::string cut = "compress " + lenet300 + " --bits 4 --with-robustness -o " + (folder / "cut");
  EXPECT_EQ(lapidary(cut + ".onnx --data " + digits).status, 2);
  EXPECT_EQ(lapidary(cut + ".zip").status, 2) << "attacks need samples";
  EXPECT_EQ(contentOf(folder / "cut.zip"), "");
  const Finished made = lapidary(cut + ".zip --data " + digits);
  ASSERT_EQ(made.status, 0) << made.err;
  const Finished manifest = lapidary("audit " + (folder / "cut.zip"));
  EXPECT_EQ(manifest.status, 0) << manifest.out;
}

TEST(CliDetector, IsMadeAndUsed) {
  const Folder folder;
  const std::string file = folder / "d.json";
  const Finished made = lapidary("detector " + lenet300 + " --data " + digits +
                                 " --samples 200 --attack fgsm --strengths 48 --json -o " + file);
  ASSERT_EQ(made.status, 0) << made.err;
  const nlohmann::json json = made.json();
  ASSERT_EQ(json["trials"].size(), 1u);
  EXPECT_GT(json["trials"][0]["all"]["both"]["auc"], 0.7);
  EXPECT_TRUE(json["false_alarms"]["both"].contains("threshold"));
  const Finished used =
      lapidary("detect " + lenet300 + " --data " + digits + " --detector " + file + " --json");
  ASSERT_EQ(used.status, 0) << used.err;
  EXPECT_EQ(used.json()["samples"], 2000);
  EXPECT_LT(used.json()["suspicious"], 400);
  EXPECT_EQ(used.json()["scores"].size(), 2000u);
  const Finished other = lapidary("detect " + lenet + " --data " + digits + " --detector " + file);
  EXPECT_EQ(other.status, 3);
  EXPECT_THAT(other.err, HasSubstr("another model"));
}

}  // namespace
}  // namespace lapidary
