// SPDX-License-Identifier: GPL-3.0-or-later
// Stages, workers and ranks from the command line.
#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "core/io/numpy/npz.h"
#include "tests/app/ranked_command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using test::noMpi;
using test::onRanks;
using ::testing::HasSubstr;

TEST(Plan, PrintsStagesWorkersAndParts) {
  const Finished found = lapidary("plan " + lenet + " --data " + digits + " --stages 3 --workers 2 --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const auto json = found.json();
  ASSERT_EQ(json["stages"].size(), 3u);
  double share = 0;
  std::size_t weights = 0, layers = 0;
  for (const auto& stage : json["stages"]) {
    share += stage["share"].get<double>();
    weights += stage["weight_bytes"].get<std::size_t>();
    layers += stage["layers"].size();
  }
  EXPECT_NEAR(share, 1, 1e-9);
  EXPECT_EQ(layers, 4u) << "every layer stands in one stage";
  EXPECT_GE(weights, 431080u * 4);
  EXPECT_LT(weights, 431080u * 4 + 1000);
  EXPECT_GT(json["pipeline"]["predicted"], 0);
  EXPECT_GT(json["pipeline"]["measured"], 0);
  ASSERT_EQ(json["workers"].size(), 2u);
  EXPECT_EQ(json["workers"][1]["share"].size(), 2u);
  EXPECT_THAT(lapidary("plan " + lenet + " --workers 1 --stages 1").out, HasSubstr("pipeline of 1"));
  EXPECT_EQ(lapidary("plan " + lenet + " --stages 0").status, 2);
}

nlohmann::json withoutTimes(nlohmann::json json) {
  for (const char* key : {"seconds", "total", "complete", "ranks"}) json.erase(key);
  return json;
}

TEST(Distributed, GivesTheFiguresOfOneProcess) {
  if (const std::string reason = noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  std::ofstream(folder / "cut.json")
      << R"({"format": "lapidary-recipe", "version": 1, "layers": {"ip1": {"quantize": {"scheme": "affine", "bits": 2, "per": "tensor"}}}})";
  const std::pair<unsigned, std::string> runs[] = {{2, ""}, {3, " --recipe " + (folder / "cut.json")}};
  for (const auto& [ranks, recipe] : runs) {
    const std::string arguments = "evaluate " + lenet + " --data " + digits + recipe + " --json";
    const Finished one = lapidary(arguments);
    ASSERT_EQ(one.status, 0) << one.err;
    const Finished many =
        onRanks(ranks, arguments + " --distributed --threads 1 --journal " + (folder / "journal.json"));
    ASSERT_EQ(many.status, 0) << many.err;
    const auto json = many.json();
    EXPECT_EQ(withoutTimes(json).dump(), withoutTimes(one.json()).dump()) << ranks << " ranks";
    EXPECT_EQ(json["ranks"], ranks);
    EXPECT_EQ(json["complete"], true);
    EXPECT_EQ(nlohmann::json::parse(test::contentOf(folder / "journal.json")), json);
  }
}

TEST(Distributed, StagesGiveTheFiguresOfOneProcess) {
  if (const std::string reason = noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const std::string arguments = "evaluate " + lenet + " --data " + digits + " --json";
  const Finished one = lapidary(arguments), many = onRanks(2, arguments + " --distributed --stages");
  ASSERT_EQ(many.status, 0) << many.err;
  EXPECT_EQ(withoutTimes(many.json()).dump(), withoutTimes(one.json()).dump());
  EXPECT_EQ(lapidary(arguments + " --stages").status, 2) << "alone it has no ranks";
  const Finished crowd = onRanks(12, arguments + " --distributed --stages");
  EXPECT_NE(crowd.status, 0);
  EXPECT_THAT(crowd.err, HasSubstr("too few for a stage on each of 12 ranks"));
}

TEST(Distributed, ARankThatFailsEndsAllWithItsMessage) {
  if (const std::string reason = noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Finished found = onRanks(2, "evaluate " + lenet + " --data /nowhere.npz --distributed");
  EXPECT_EQ(found.status, 3);
  EXPECT_THAT(found.err, HasSubstr("/nowhere.npz"));
}

/// The digits 20 times over, so that an evaluation takes long enough to be killed in its middle.
void writeManyDigits(const std::string& path) {
  constexpr std::size_t times = 20;
  std::map<std::string, core::Tensor> arrays = core::readNpz(core::mapFile(digits));
  for (auto& [name, tensor] : arrays) {
    core::Shape shape = tensor.shape();
    shape.at(0) *= static_cast<std::int64_t>(times);
    core::TensorBuilder builder(tensor.dtype(), shape);
    for (std::size_t i = 0; i < times; ++i)
      std::ranges::copy(tensor.bytes(), builder.bytes().data() + i * tensor.bytes().size());
    tensor = std::move(builder).build();
  }
  core::writeFileAtomically(path, [&](const core::Append& append) { core::writeNpz(arrays, append); });
}

/// What one process warns of, ranks warn of too: the whole objects are compared.
TEST(Distributed, WarnsAsOneProcessDoes) {
  if (const std::string reason = noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  std::map<std::string, core::Tensor> arrays = core::readNpz(core::mapFile(digits));
  arrays.erase("y");
  core::writeFileAtomically(folder / "x.npz",
                            [&](const core::Append& append) { core::writeNpz(arrays, append); });
  const std::string arguments = "evaluate " + lenet + " --data " + (folder / "x.npz") + " --json";
  const Finished one = lapidary(arguments), many = onRanks(2, arguments + " --distributed --threads 1");
  ASSERT_EQ(many.status, 0) << many.err;
  ASSERT_TRUE(one.json().contains("warnings")) << one.err;
  EXPECT_EQ(withoutTimes(many.json()).dump(), withoutTimes(one.json()).dump());
}

/// Kills one rank once the journal shows that work is under way.
Finished killing(unsigned rank, const std::string& journal, const std::string& arguments) {
  std::jthread killer([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && !std::filesystem::exists(journal))
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    for (const pid_t process : test::processesOfRank(journal, rank)) kill(process, SIGKILL);
  });
  return onRanks(2, arguments + " --journal " + journal);
}

TEST(Distributed, ALostRankEndsTheRunAndKeepsWhatWasFinished) {
  if (const std::string reason = noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  writeManyDigits(folder / "many.npz");
  const std::string arguments =
      "evaluate " + lenet + " --data " + (folder / "many.npz") + " --distributed --json --threads 1";
  for (const unsigned rank : {1u, 0u}) {
    const std::string journal = folder / ("journal" + std::to_string(rank) + ".json");
    const Finished found = killing(rank, journal, arguments);
    EXPECT_NE(found.status, 0);
    const auto kept = nlohmann::json::parse(test::contentOf(journal));
    EXPECT_EQ(kept["complete"], false);
    EXPECT_GT(kept["samples"], 0);
    EXPECT_LT(kept["samples"], kept["total"]);
    if (rank == 0) continue;
    EXPECT_THAT(found.err, HasSubstr("a rank was lost"));
    EXPECT_EQ(found.json()["samples"], kept["samples"]);
  }
}

}  // namespace
}  // namespace lapidary
