// Repair after a cut on the demo: what was lost comes back, what was cut stays cut.
#include "core/session_repair.h"

#include <gtest/gtest.h>

#include "core/analyze/data_split.h"
#include "core/io/format.h"

namespace lapidary::core {
namespace {

const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";
constexpr Session::EvaluateOptions qualityOnly{false, false, false};

std::shared_ptr<const Dataset> digits(const Model& model, const std::string& file) {
  const auto source = openData(demo + file);
  return std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
}

struct School {
  School()
      : model(readModel(demo + "lenet300.onnx")),
        learning(splitData(*digits(model, "digits_train.npz"), model, 0.8, 0).choosing),
        session(model, learning, {}) {}

  RepairRequest request(const LayerEdit& edit) const {
    RepairRequest request;
    for (const Layer& layer : model.layers) request.recipe.set(layer.name, edit);
    request.train.optimizer.kind = OptimizerKind::Adam;
    request.train.rate = {.base = 1e-3, .schedule = RateSchedule::Cosine};
    request.train.epochs = 6;
    request.train.workers = 2;
    return request;
  }
  double top1(const Model& of, const Recipe& recipe) const {
    const Session exam(of, digits(of, "digits_test.npz"), {});
    return *exam.evaluate(recipe, qualityOnly, {}).quality->top1;
  }

  Model model;
  std::shared_ptr<const Dataset> learning;
  Session session;
};

TEST(Repair, PrunedWeightsStayZeroAndAccuracyComesBack) {
  const School school;
  const RepairRequest request = school.request({{PruneMode::Sparsity, 0.85}, {}});
  const double before = school.top1(school.model, request.recipe);
  const Repaired repaired = repair(school.session, request, {});
  const double after = school.top1(repaired.model, repaired.recipe);
  EXPECT_GT(after, before + 0.02) << "from " << before;
  const Model cut = school.session.cutter().apply(request.recipe);
  for (const Layer& layer : cut.layers) {
    const auto then = cut.weights.at(layer.weight).as<float>();
    const auto now = repaired.model.weights.at(layer.weight).as<float>();
    for (std::size_t i = 0; i < then.size(); ++i) {
      if (then[i] != 0) continue;
      ASSERT_EQ(now[i], 0) << layer.name << ", weight " << i;
    }
  }
  EXPECT_EQ(repaired.epochs.front().epoch, 0u);
  EXPECT_GE(repaired.epochs[repaired.best].quality, repaired.epochs.front().quality);
}

TEST(Repair, QuantizedWeightsLearnToBeRounded) {
  const School school;
  const RepairRequest request = school.request({{}, {Scheme::Binary}});
  const double before = school.top1(school.model, request.recipe);
  const Repaired repaired = repair(school.session, request, {});
  EXPECT_GT(school.top1(repaired.model, repaired.recipe), before + 0.02) << "from " << before;
  EXPECT_EQ(repaired.recipe.editOf(school.model.layers.front().name).quantize.scheme, Scheme::Binary);
}

TEST(Repair, IsTheSameForAnyNumberOfWorkers) {
  const School school;
  RepairRequest request = school.request({{PruneMode::Sparsity, 0.9}, {Scheme::Symmetric, 3}});
  request.train.epochs = 1;
  const Repaired two = repair(school.session, request, {});
  request.train.workers = 1;
  const Repaired one = repair(school.session, request, {});
  ASSERT_EQ(one.best, 1u);
  for (const Layer& layer : school.model.layers) {
    const auto a = one.model.weights.at(layer.weight).as<float>(),
               b = two.model.weights.at(layer.weight).as<float>();
    EXPECT_TRUE(std::ranges::equal(a, b)) << layer.name;
  }
}

TEST(Repair, AStopKeepsTheBestSoFar) {
  const School school;
  const RepairRequest request = school.request({{PruneMode::Sparsity, 0.85}, {}});
  std::stop_source source;
  const Repaired repaired = repair(school.session, request, {source.get_token(), {}}, [&](const RepairEpoch& e) {
    if (e.epoch == 1) source.request_stop();
    return true;
  });
  EXPECT_EQ(repaired.epochs.size(), 2u);
  EXPECT_EQ(repaired.best, 1u);
}

TEST(Repair, WithoutDataOrWithAHighRateItSaysWhatIsWrong) {
  const School school;
  const Session bare(school.model, nullptr, {});
  EXPECT_THROW(repair(bare, school.request({{PruneMode::Sparsity, 0.5}, {}}), {}), Error);
  RepairRequest request = school.request({{PruneMode::Sparsity, 0.5}, {}});
  request.train.optimizer.kind = OptimizerKind::Sgd;
  request.train.rate = {.base = 1e12};
  try {
    repair(school.session, request, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("at a lower rate"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace lapidary::core
