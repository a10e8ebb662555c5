// SPDX-License-Identifier: GPL-3.0-or-later
// Drift, reliability and classes from the command line.
#include <gmock/gmock.h>

#include "tests/app/command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet300;
using testing::HasSubstr;

std::string recipeIn(const Folder& folder) {
  const std::string path = folder / "cut.json";
  std::ofstream(path) << R"({"format": "lapidary-recipe", "version": 1, "layers": {"ip1": {
    "quantize": {"scheme": "symmetric", "bits": 2}}}})";
  return path;
}

TEST(TrustCommand, EvaluateTellsDriftErrorAndClasses) {
  const Folder folder;
  const std::string base = "evaluate " + lenet300 + " --data " + digits;
  const Finished found = lapidary(base + " --recipe " + recipeIn(folder) + " --saliency-samples 12 --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const auto json = found.json();
  EXPECT_EQ(json["saliency"]["method"], "gradient");
  EXPECT_EQ(json["saliency"]["samples"], 12);
  for (const char* measure : {"rank", "ssim", "top"}) {
    EXPECT_LT(json["saliency"][measure]["mean"], 1) << measure;
    EXPECT_LE(json["saliency"][measure]["low"], json["saliency"][measure]["mean"]) << measure;
  }
  EXPECT_LE(json["ece_low"], json["ece"]);
  EXPECT_GE(json["ece_high"], json["ece"]);
  EXPECT_TRUE(json["ece_original"].is_number() && json["ece_adaptive"].is_number());
  ASSERT_EQ(json["reliability"].size(), 15u);
  ASSERT_EQ(json["classes"].size(), 10u);
  int samples = 0, lost = 0, gained = 0;
  double worst = -2;
  for (const auto& row : json["classes"]) {
    EXPECT_GE(row["change"].get<double>(), worst);  // most lost first
    worst = row["change"];
    samples += row["samples"].get<int>(), lost += row["lost"].get<int>(), gained += row["gained"].get<int>();
  }
  EXPECT_EQ(samples, 2000);
  EXPECT_NEAR(json["change"].get<double>() * 2000, gained - lost, 1e-6);
  const Finished text = lapidary(base + " --recipe " + recipeIn(folder) + " --saliency-samples 12");
  EXPECT_THAT(text.out, HasSubstr("saliency kept: rank correlation"));
  EXPECT_THAT(text.out, HasSubstr("ECE after"));
  EXPECT_TRUE(lapidary(base + " --json").json()["saliency"].is_null());
  EXPECT_EQ(lapidary(base + " --saliency-method fish").status, 2);
}

TEST(TrustCommand, CompressTellsThemToo) {
  const Folder folder;
  const Finished found = lapidary("compress " + lenet300 + " --bits 2 --data " + digits +
                                  " --saliency-samples 8 --json -o " + (folder / "small.zip"));
  ASSERT_EQ(found.status, 0) << found.err;
  const auto json = found.json();
  EXPECT_LT(json["saliency"]["rank"]["mean"], 1);
  EXPECT_EQ(json["classes"].size(), 10u);
}

TEST(TrustCommand, SearchKeepsSaliency) {
  const Folder folder;
  const auto search = [&](const std::string& more, const std::string& out) {
    return lapidary("search " + lenet300 + " --data " + digits +
                    " --max-drop 5 --candidates 16 --saliency-samples 12 --threads 1 --json -o " +
                    (folder / out) + more);
  };
  const Finished with = search(" --min-saliency 0.9 --saliency-measure ssim", "a.onnx");
  ASSERT_EQ(with.status, 0) << with.err;
  const auto json = with.json();
  ASSERT_FALSE(json["best"].is_null());
  EXPECT_GE(json["best"]["saliency"]["ssim"]["mean"], 0.9);
  EXPECT_EQ(json["saliency"]["samples"], 12);
  EXPECT_THAT(test::contentOf(folder / "a.onnx.journal"), HasSubstr("\"saliency\":{\"method\":\"gradient\""));
  const Finished without = search("", "b.onnx");
  ASSERT_EQ(without.status, 0) << without.err;
  EXPECT_LT(without.json()["best"]["bytes"], json["best"]["bytes"]);
  EXPECT_EQ(search(" --min-saliency 2", "c.onnx").status, 2);
}

}  // namespace
}  // namespace lapidary
