// SPDX-License-Identifier: GPL-3.0-or-later
// A model in stages over ranks: the figures of one process, for class scores and other outputs, cut or not.
#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/core/support/thread_ranks.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

Session::Options oneWorker() {
  Session::Options options;
  options.workers = 1;
  return options;
}

struct Staged {
  Outcome outcome;
  std::optional<Comparison> comparison;
  std::size_t told = 0;
};

Staged inStages(unsigned count, const std::string& model, const std::string& data, const Recipe& recipe) {
  test::Post post(count);
  Staged staged;
  const auto run = [&](unsigned rank) {
    const Session session = sessionOf(model, data, oneWorker());
    test::ThreadRanks ranks(post, rank);
    const SharedOutcome shared =
        session.evaluateInStages(ranks, recipe, {}, [&](const Outcome&) { ++staged.told; });
    if (rank == 0) staged.outcome = shared.outcome, staged.comparison = shared.comparison;
  };
  {
    std::vector<std::jthread> others;
    for (unsigned rank = 1; rank < count; ++rank) others.emplace_back(run, rank);
    run(0);
  }
  for (const auto& box : post.boxes) EXPECT_TRUE(box.empty()) << "a message was not read";
  return staged;
}

void expectSame(const std::string& model, const std::string& data, const Recipe& recipe, unsigned count) {
  const Session session = sessionOf(model, data, oneWorker());
  const Quality one = *session.evaluate(recipe, {.measure = {}}, {}).quality;
  const Staged staged = inStages(count, model, data, recipe);
  ASSERT_TRUE(staged.outcome.quality) << count << " ranks";
  const Quality& many = *staged.outcome.quality;
  EXPECT_GE(staged.told, 1u);
  EXPECT_TRUE(staged.outcome.final);
  EXPECT_EQ(many.samples, one.samples);
  EXPECT_EQ(many.top1, one.top1);
  EXPECT_EQ(many.loss, one.loss) << "to the last bit";
  EXPECT_EQ(many.agreement, one.agreement);
  if (session.qualityKind() == QualityKind::Noise) return;
  const Comparison alone = session.compare(recipe, {});
  ASSERT_TRUE(staged.comparison);
  EXPECT_EQ(staged.comparison->lost.size(), alone.lost.size());
  EXPECT_EQ(staged.comparison->changed.size(), alone.changed.size());
  EXPECT_EQ(staged.comparison->confusion, alone.confusion);
  ASSERT_TRUE(staged.comparison->reliability);
  EXPECT_EQ(staged.comparison->reliability->ece, alone.reliability->ece) << "to the last bit";
  EXPECT_FALSE(staged.outcome.figures.empty());
  EXPECT_EQ(staged.outcome.drift.has_value(), !recipe.empty());
}

Recipe fourBits(const std::string& model) {
  return uniformRecipe(readModel(model), {0.5, false, {Scheme::Symmetric, 4, Granularity::Channel, 0}});
}

TEST(Stages, GiveTheFiguresOfOneProcess) {
  const std::string model = demo + "lenet5.onnx", data = demo + "digits_test.npz";
  for (const unsigned count : {1u, 2u, 4u}) expectSame(model, data, fourBits(model), count);
  expectSame(model, data, {}, 3);
}

TEST(Stages, HandOverResidualsAndCodes) {
  if (!std::filesystem::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const std::string model = assets + "/resnet/resnet20_cifar10_int8_qdq.onnx";
  expectSame(assets + "/resnet/resnet20_cifar10.onnx", assets + "/cifar10/test-1000", {}, 3);
  if (std::filesystem::exists(model)) expectSame(model, assets + "/cifar10/test-1000", {}, 3);
}

TEST(Stages, RefuseMoreRanksThanSteps) {
  test::Post post(64);
  test::ThreadRanks ranks(post, 0);
  const Session session = sessionOf(demo + "lenet300.onnx", demo + "digits_test.npz");
  EXPECT_THROW(session.evaluateInStages(ranks, {}, {}), Error);
}

TEST(Stages, StopWhenAskedTo) {
  test::Post post(2);
  test::ThreadRanks ranks(post, 0);
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(session.evaluateInStages(ranks, {}, {stop.get_token(), {}}), Cancelled);
}

}  // namespace
}  // namespace lapidary::core
