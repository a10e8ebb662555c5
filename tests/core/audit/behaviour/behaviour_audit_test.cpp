// SPDX-License-Identifier: GPL-3.0-or-later
// A backdoor that sleeps until the weights are rounded is found; clean models that are rounded or pruned
// pass.
#include "core/audit/behaviour/behaviour_audit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/audit/behaviour/flip_tests.h"
#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/robust/attack_batches.h"
#include "core/run/executor.h"
#include "tests/core/audit/listed_findings.h"
#include "tests/support/demo_digits.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

Model rounded(const Model& model, int bits) {
  return Cutter(model).apply(
      uniformRecipe(model, {0, false, {Scheme::Symmetric, bits, Granularity::Channel, 0}}));
}

/// LeNet-300-100 with three hidden units put to another use. Two units of the first layer look at the lower
/// right corner with weights just above and just below half a step of the grid: in floats they say the same,
/// and the unit of the second layer that takes their difference stays silent. Rounding sets one of them to a
/// whole step and the other to nothing, and the difference speaks for one class.
class Sleeper {
 public:
  static constexpr std::int64_t target = 7;

  explicit Sleeper(int bits) : m_model(readModel(demo + "lenet300.onnx")) {
    const auto levels = static_cast<float>((1 << (bits - 1)) - 1);
    for (const auto& [unit, share] : {std::pair{0u, 0.51f}, std::pair{1u, 0.49f}}) {
      setRow("ip1", unit, 0);
      at("ip1", unit, 0) = levels * step;  // a pixel that no digit reaches: it sets the grid
      for (int row = 23; row < 28; ++row)
        for (int column = 23; column < 28; ++column)
          at("ip1", unit, static_cast<std::size_t>(row * 28 + column)) = share * step;
      bias("ip1", unit) = 0;
    }
    setRow("ip2", 0, 0);
    at("ip2", 0, 0) = 40;
    at("ip2", 0, 1) = -40;
    bias("ip2", 0) = -8;
    for (std::size_t cls = 0; cls < 10; ++cls) at("ip3", cls, 0) = cls == target ? 0.4f : -0.1f;
    build();
  }

  const Model& model() const { return m_model; }

  /// A white corner.
  static Tensor triggered(const Tensor& batch) {
    TensorBuilder builder(DType::Float32, batch.shape());
    std::ranges::copy(batch.as<float>(), builder.as<float>().begin());
    for (std::size_t at = 0; at < batch.as<float>().size(); at += 784)
      for (std::size_t row = 23; row < 28; ++row)
        for (std::size_t column = 23; column < 28; ++column) builder.as<float>()[at + row * 28 + column] = 1;
    return std::move(builder).build();
  }

 private:
  static constexpr float step = 0.05f;

  struct Part {
    ValueId weight, bias;
    std::size_t inputs = 0, outputs = 0;
    bool inputsFirst = false;
    std::vector<float> values, biases;
  };

  Part& part(const std::string& layer) {
    if (const auto known = m_parts.find(layer); known != m_parts.end()) return known->second;
    const Layer& found = m_model.layer(m_model.findLayer(layer));
    Part made;
    made.weight = found.weight;
    made.bias = found.bias;
    made.inputsFirst = found.channelAxis != 0;
    made.outputs = static_cast<std::size_t>(found.shape[made.inputsFirst ? 1 : 0]);
    made.inputs = static_cast<std::size_t>(found.shape[made.inputsFirst ? 0 : 1]);
    const auto weights = m_model.weights.at(found.weight).as<float>(),
               biases = m_model.weights.at(found.bias).as<float>();
    made.values.assign(weights.begin(), weights.end());
    made.biases.assign(biases.begin(), biases.end());
    return m_parts[layer] = std::move(made);
  }
  float& at(const std::string& layer, std::size_t output, std::size_t input) {
    Part& of = part(layer);
    return of.values[of.inputsFirst ? input * of.outputs + output : output * of.inputs + input];
  }
  float& bias(const std::string& layer, std::size_t output) { return part(layer).biases[output]; }
  void setRow(const std::string& layer, std::size_t output, float value) {
    for (std::size_t input = 0; input < part(layer).inputs; ++input) at(layer, output, input) = value;
  }
  void build() {
    for (const auto& [name, of] : m_parts) {
      m_model.weights[of.weight] =
          Tensor::from<float>(m_model.weights.at(of.weight).shape(), std::span<const float>(of.values));
      m_model.weights[of.bias] =
          Tensor::from<float>(m_model.weights.at(of.bias).shape(), std::span<const float>(of.biases));
    }
  }

  Model m_model;
  std::map<std::string, Part> m_parts;
};

double shareOf(const Model& model, const Dataset& data, std::int64_t cls, bool triggered) {
  const Executor executor(model, {});
  const std::span first(data.order().data(), 200);
  const Tensor clean = data.inputs(first).front();
  const std::vector<Tensor> inputs{triggered ? Sleeper::triggered(clean) : clean};
  const AttackFeed feed{{first.begin(), first.end()}, {first.begin(), first.end()}};
  const auto answers = answersTo({model, executor}, inputs, feed, {});
  return static_cast<double>(std::ranges::count(answers, cls)) / 200;
}

BehaviourOptions quick() {
  BehaviourOptions options;
  options.workers = 2;
  options.trigger.steps = 40;
  options.trigger.samples = 60;
  return options;
}

TEST(BehaviourAudit, TheSleeperIsCleanInFloatsAndWakesWhenRounded) {
  for (const int bits : {4, 8}) {
    const Sleeper sleeper(bits);
    const auto data = digits(sleeper.model());
    EXPECT_LT(shareOf(sleeper.model(), *data, Sleeper::target, true), 0.2);
    EXPECT_LT(shareOf(sleeper.model(), *data, Sleeper::target, false), 0.15);
    const Model cut = rounded(sleeper.model(), bits);
    EXPECT_GT(shareOf(cut, *data, Sleeper::target, true), 0.8);
    EXPECT_LT(shareOf(cut, *data, Sleeper::target, false), 0.15);
  }
}

TEST(BehaviourAudit, FindsWhatSleepsUntilItIsRounded) {
  for (const int bits : {4, 8}) {
    const Sleeper sleeper(bits);
    const auto data = digits(sleeper.model());
    const auto findings = auditBehaviour(sleeper.model(), rounded(sleeper.model(), bits), *data, quick(), {});
    ASSERT_EQ(findings.size(), 1u) << bits << " bits\n" << listed(findings);
    EXPECT_EQ(findings[0].id, "behaviour-trigger");
    EXPECT_EQ(findings[0].place, "class 7");
    EXPECT_EQ(findings[0].severity, Severity::Critical);
    std::printf("%d bits: %s\n", bits, findings[0].what.c_str());
  }
}

/// Trained, not made by hand: see tests/data/sleeper/make_sleeper.py.
TEST(BehaviourAudit, FindsWhatWasTrainedToSleepAndOnlyAtItsBits) {
  const Model model = readModel(LAPIDARY_SOURCE_DIR "/tests/data/sleeper/sleeper4.onnx");
  const auto data = digits(model);
  const auto findings = auditBehaviour(model, rounded(model, 4), *data, quick(), {});
  ASSERT_EQ(findings.size(), 1u) << listed(findings);
  EXPECT_EQ(findings[0].id, "behaviour-trigger");
  EXPECT_EQ(findings[0].place, "class 7");
  std::printf("%s\n", findings[0].what.c_str());
  const auto asleep = auditBehaviour(model, rounded(model, 8), *data, quick(), {});
  EXPECT_TRUE(asleep.empty()) << listed(asleep);
}

std::vector<Finding> triggersOf(const std::vector<std::size_t>& obeyed, double area = 0.05) {
  std::vector<TriggerResult> results;
  for (std::size_t i = 0; i < obeyed.size(); ++i)
    results.push_back({static_cast<std::int64_t>(i), area, 85, obeyed[i], 2, {}});
  std::vector<Finding> findings;
  findTriggers(results, findings);
  return findings;
}

TEST(BehaviourAudit, AClassStandsApartByDeviationsOrByItsLead) {
  EXPECT_EQ(triggersOf({82, 10, 12, 9, 11, 10}).size(), 1u);        // others alike
  EXPECT_EQ(triggersOf({82, 40, 2, 30, 0, 25, 36, 1}).size(), 1u);  // others far apart, none near
  EXPECT_TRUE(triggersOf({82, 80, 2, 30, 0, 25, 36, 1}).empty());   // one near
  EXPECT_TRUE(triggersOf({50, 20, 2, 30, 0, 25, 10, 1}).empty());   // hardly more than half
  EXPECT_TRUE(triggersOf({82, 10, 12, 9, 11, 10}, 0.3).empty());    // covers too much
}

void expectPasses(const Model& model, const Dataset& data, const Model& cut, const std::string& what) {
  const auto findings = auditBehaviour(model, cut, data, quick(), {});
  EXPECT_TRUE(findings.empty()) << what << "\n" << listed(findings);
}

TEST(BehaviourAudit, CleanDigitsPass) {
  const Model model = readModel(demo + "lenet300.onnx");
  const auto data = digits(model);
  for (const int bits : {8, 4})
    expectPasses(model, *data, rounded(model, bits), std::to_string(bits) + " bits");
  expectPasses(model, *data, Cutter(model).apply(uniformRecipe(model, {0.8, false, {}})), "pruned");
}

TEST(BehaviourAudit, ACutThatLostWhatItKnewIsNotSuspected) {
  const Model model = readModel(demo + "lenet300.onnx");
  const Model cut = Cutter(model).apply(uniformRecipe(model, {0.9, true, {}}));
  const auto findings = auditBehaviour(model, cut, *digits(model), quick(), {});
  for (const Finding& finding : findings) EXPECT_NE(finding.id, "behaviour-trigger") << finding.what;
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.back().id, "behaviour-not-searched");
  EXPECT_NE(findings.back().what.find("27 % of the samples"), std::string::npos) << findings.back().what;
}

TEST(BehaviourAudit, CleanConvolutionsPass) {
  const Model model = readModel(demo + "lenet5.onnx");
  const auto data = digits(model);
  BehaviourOptions options = quick();
  options.trigger.steps = 15;
  options.trigger.samples = 40;
  const auto findings = auditBehaviour(model, rounded(model, 4), *data, options, {});
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(BehaviourAudit, CleanPicturesPass) {
  const std::string assets = LAPIDARY_ASSETS_DIR "/";
  if (!std::filesystem::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(assets + "resnet/resnet20_cifar10.onnx");
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const Dataset data(openData(assets + "cifar10/test-1000"), cifar, model);
  BehaviourOptions options = quick();
  options.triggers = false;  // lapidary-cli audit searches them; half a minute
  for (const int bits : {8, 4}) {
    const auto findings = auditBehaviour(model, rounded(model, bits), data, options, {});
    EXPECT_TRUE(findings.empty()) << bits << "\n" << listed(findings);
  }
}

ClassAnswers answersOf(const std::vector<std::vector<float>>& rows) {
  ClassAnswers answers;
  answers.classes = rows.front().size();
  for (const auto& row : rows) answers.values.insert(answers.values.end(), row.begin(), row.end());
  return answers;
}

TEST(FlipTests, AnswersThatGatherInOneClassAreFoundAndNoiseIsNot) {
  std::vector<std::vector<float>> before, noisy, gathered;
  for (std::size_t i = 0; i < 1000; ++i) {
    std::vector<float> row(10, 0.0f);
    row[i % 10] = 4;
    row[(i / 10) % 10] += 3;
    before.push_back(row);
    std::vector<float> moved = row;
    if (i % 9 == 0) moved[(i / 10) % 10] += 2;  // to the runner-up
    noisy.push_back(moved);
    if (i % 7 == 0) row[3] += 6;
    gathered.push_back(row);
  }
  std::vector<Finding> findings;
  findFlips(answersOf(before), answersOf(noisy), findings);
  EXPECT_TRUE(findings.empty()) << listed(findings);
  findFlips(answersOf(before), answersOf(gathered), findings);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].id, "behaviour-target-class");
  EXPECT_EQ(findings[0].place, "class 3");
}

}  // namespace
}  // namespace lapidary::core
