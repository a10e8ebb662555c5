// SPDX-License-Identifier: GPL-3.0-or-later
// sensitivity and search from the command line: tables, journals, ranks.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/app/command.h"
#include "tests/app/ranked_command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet300;
using test::onRanks;
using testing::HasSubstr;

TEST(SensitivityCommand, GivesEveryCellAsTableAndAsJson) {
  const Folder folder;
  const Finished found = lapidary("sensitivity " + lenet300 + " --data " + digits +
                                  " --settings 90%,2,4:affine --json -o " + (folder / "table.csv"));
  ASSERT_EQ(found.status, 0) << found.err;
  const auto json = found.json();
  EXPECT_EQ(json["kind"], "accuracy");
  EXPECT_EQ(json["settings"].dump(), R"(["90 %","2 bit","4 bit affine"])");
  ASSERT_EQ(json["cells"].size(), 9u);
  for (const auto& cell : json["cells"]) {
    EXPECT_LE(cell["drop_low"], cell["drop"]);
    EXPECT_GE(cell["drop_high"], cell["drop"]);
    EXPECT_GT(cell["bytes_saved"], 0);
  }
  const std::string table = test::contentOf(folder / "table.csv");
  EXPECT_EQ(std::ranges::count(table, '\n'), 10);
  EXPECT_TRUE(table.starts_with("layer,setting,drop,"));
}

TEST(SensitivityCommand, IsATableForPeopleToo) {
  const Finished forward = lapidary("sensitivity " + lenet300 + " --settings 4");
  EXPECT_THAT(forward.out, HasSubstr("dB"));
  const Finished reverse =
      lapidary("sensitivity " + lenet300 + " --data " + digits + " --settings 2 --reverse");
  ASSERT_EQ(reverse.status, 0) << reverse.err;
  EXPECT_THAT(reverse.out, HasSubstr("all layers but"));
  EXPECT_THAT(reverse.out, HasSubstr("(all layers)"));
}

TEST(SensitivityCommand, RefusesSettingsThatAreNone) {
  for (const std::string wrong : {"fish", "70", "4:fish", "0%", ","}) {
    const Finished found = lapidary("sensitivity " + lenet300 + " --settings " + wrong);
    EXPECT_EQ(found.status, 2) << wrong;
    EXPECT_THAT(found.err, HasSubstr("--settings")) << wrong;
  }
}

std::string searching(const std::string& out) {
  return "search " + lenet300 + " --data " + digits +
         " --max-drop 0.5 --candidates 20 --threads 1 --json -o " + out;
}

/// The part that does not depend on time, nor on where the run's files lie.
nlohmann::json found(const Finished& finished) {
  nlohmann::json json = finished.json();
  for (const char* key : {"seconds", "out", "resumed"}) json.erase(key);
  return json;
}

TEST(SearchCommand, WritesTheBestAndGoesOnFromItsJournal) {
  const Folder folder;
  const std::string out = folder / "small.onnx";
  const Finished first = lapidary(searching(out));
  ASSERT_EQ(first.status, 0) << first.err;
  const auto json = first.json();
  EXPECT_EQ(json["bytes_out"], std::filesystem::file_size(out));
  EXPECT_EQ(json["bytes_out"], json["best"]["bytes"]);
  EXPECT_LE(json["best"]["drop"], 0.005);
  EXPECT_LE(json["evaluated"], 20);
  EXPECT_FALSE(json["front"].empty());
  const auto samplesOf = [&](const char* part) { return json[part]["samples"].get<int>(); };
  EXPECT_EQ(samplesOf("learned_on") + samplesOf("chosen_on") + samplesOf("reported_on"), 2000);
  EXPECT_EQ(json["samples"], json["reported_on"]["samples"]);
  EXPECT_THAT(first.err, HasSubstr("forecast"));
  const Finished again = lapidary(searching(out));
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_GE(again.json()["resumed"], json["evaluated"]);
  EXPECT_EQ(found(again), found(first));
}

TEST(SearchCommand, EndsWhenItsMinutesAreOverAndSaysWhatItLeftOut) {
  const Folder folder;
  const auto start = std::chrono::steady_clock::now();
  const Finished ended =
      lapidary("search " + test::lenet + " --data " + digits +
               " --max-drop 1 --minutes 0.03 --threads 1 --json -o " + (folder / "x.onnx"));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_LT(taken.count(), 1.8 + 2 + 2) << "two seconds are for a busy machine";
  const auto json = ended.json();
  EXPECT_EQ(json["end"], "time");
  EXPECT_FALSE(json["warnings"].empty());
  EXPECT_EQ(ended.status, json["found"] == true ? 0 : 7) << ended.err;
  EXPECT_EQ(std::filesystem::exists(folder / "x.onnx"), json["found"] == true);
}

TEST(SearchCommand, WithoutAResultItEndsWithAStatusOfItsOwn) {
  const Folder folder;
  const std::string out = folder / "x.onnx";
  const Finished none =
      lapidary("search " + lenet300 + " --data " + digits +
               " --max-bytes 10 --max-drop 0.1 --candidates 3 --threads 1 --json -o " + out);
  EXPECT_EQ(none.status, 7) << none.err;
  EXPECT_THAT(none.err, HasSubstr("no cut was found that keeps within what was asked for"));
  EXPECT_EQ(none.json()["found"], false);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(SearchCommand, RefusesWhatCannotBe) {
  const Folder folder;
  EXPECT_EQ(lapidary("search " + lenet300 + " --data " + digits).status, 2);
  EXPECT_EQ(lapidary("search " + lenet300 + " -o " + (folder / "x.onnx")).status, 2);
  EXPECT_EQ(lapidary("search " + lenet300 + " --data " + digits + " --max-drop -1 -o " + (folder / "x.onnx"))
                .status,
            2);
  const Finished ending = lapidary("search " + lenet300 + " --data " + digits + " -o " + (folder / "x.fish"));
  EXPECT_EQ(ending.status, 2);
  EXPECT_THAT(ending.err, HasSubstr("x.fish"));
  std::ofstream(folder / "notes") << "not a journal\n";
  const Finished journal = lapidary("search " + lenet300 + " --data " + digits + " --journal " +
                                    (folder / "notes") + " -o " + (folder / "x.onnx"));
  EXPECT_EQ(journal.status, 2);
  EXPECT_THAT(journal.err, HasSubstr("not the journal"));
}

TEST(SearchCommand, RanksFindTheSame) {
  if (const std::string reason = test::noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  const Finished one = lapidary(searching(folder / "one.onnx"));
  const Finished two = onRanks(2, searching(folder / "two.onnx") + " --distributed");
  ASSERT_EQ(two.status, 0) << two.err;
  EXPECT_EQ(found(two), found(one));
  EXPECT_EQ(test::contentOf(folder / "two.onnx"), test::contentOf(folder / "one.onnx"));
}

TEST(SearchCommand, ALostRankEndsItAndTheJournalStays) {
  if (const std::string reason = test::noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  const std::string journal = folder / "kept.journal";
  const auto lines = [&] { return std::ranges::count(test::contentOf(journal), '\n'); };
  std::jthread killer([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && lines() < 4) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    for (const pid_t process : test::processesOfRank(journal, 1)) kill(process, SIGKILL);
  });
  const Finished broken =
      onRanks(2, "search " + lenet300 + " --data " + digits + " --threads 1 --json --distributed --journal " +
                     journal + " -o " + (folder / "x.onnx"));
  killer.request_stop();
  EXPECT_NE(broken.status, 0);
  EXPECT_THAT(broken.err, HasSubstr("a rank was lost"));
  EXPECT_EQ(broken.json()["complete"], false);
  EXPECT_GE(lines(), 4);
}

}  // namespace
}  // namespace lapidary
