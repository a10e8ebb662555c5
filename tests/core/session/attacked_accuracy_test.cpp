// SPDX-License-Identifier: GPL-3.0-or-later
// Robustness as a figure of an outcome and as part of a bundle: the same as measured by itself.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/files/archive.h"
#include "core/io/common/format.h"
#include "core/robust/detector.h"
#include "core/session/bundle.h"
#include "core/session/robustness.h"
#include "tests/core/session/sessions.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Session::EvaluateOptions attackedToo{.measure = {measurement::attacked}};

Recipe harsh(const Session& session) {
  return uniformRecipe(session.model(), {0.5, false, {Scheme::Symmetric, 4}});
}

TEST(AttackedAccuracy, IsTheFgsmRowOfTheMiddleStrength) {
  const Session session = demoSession();
  const Recipe recipe = harsh(session);
  EXPECT_FALSE(session.evaluate(recipe, {.measure = {}}, {}).attacked);
  const auto found = session.evaluate(recipe, attackedToo, {}).attacked;
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->pixels);
  EXPECT_EQ(found->strength, 4);
  EXPECT_EQ(found->samples, 200u);
  RobustnessRequest request;
  request.methods = {AttackMethod::Fgsm};
  request.strengths = {4};
  const RobustnessReport report = measureRobustness(session, recipe, request, {});
  EXPECT_DOUBLE_EQ(found->share, report.rows[1].cut->value());
  EXPECT_DOUBLE_EQ(session.evaluate({}, attackedToo, {}).attacked->share, report.rows[1].original.value());
}

class AttackedBundle : public ::testing::Test {
 protected:
  void SetUp() override {
    m_path = fs::temp_directory_path() / ("attacked_" + std::to_string(getpid()) + ".zip");
  }
  void TearDown() override { fs::remove(m_path); }
  Bytes member(const std::string& name) const {
    return ArchiveReader(mapFile(m_path.string())).read(name, 1 << 24);
  }
  std::string text(const std::string& name) const {
    const Bytes bytes = member(name);
    return {reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()};
  }
  fs::path m_path;
};

TEST_F(AttackedBundle, HoldsWhatIsMeasuredOfItsModel) {
  const Session session = demoSession();
  RobustnessRequest request;
  request.methods = {AttackMethod::Fgsm};
  request.strengths = {16};
  request.samples = 50;
  session.save(harsh(session), m_path.string(), BundleExtras{false, request, 0.1}, {});
  EXPECT_THAT(text("report.html"), HasSubstr("How it stands up to attacks and noise"));
  EXPECT_THAT(text("report.html"), HasSubstr("Whether tampered inputs can be told"));
  const RobustnessReport measured = measureRobustness(session, harsh(session), request, {});
  const auto figures = nlohmann::json::parse(text("manifest.json"))["figures"];
  EXPECT_DOUBLE_EQ(figures["robustness"]["rows"][1]["cut"]["accuracy"], measured.rows[1].cut->value());
  EXPECT_LT(measured.rows[1].cut->value(), measured.rows[0].cut->value());
  const InputDetector detector = detectorFromJson(text("detector.json"));
  EXPECT_EQ(detector.falseAlarms, 0.1);
  EXPECT_EQ(detector.model, modelName(readModel({member("model.onnx"), "model.onnx", ""})));
  EXPECT_FALSE(figures["detector"]["trials"].empty());
}

TEST_F(AttackedBundle, OfAModelAloneIsRefusedAndNothingWritten) {
  const Session session(readModel(demo + "lenet5.onnx"), nullptr, {});
  EXPECT_THROW(session.save({}, m_path.string(), BundleExtras{false, RobustnessRequest{}, {}}, {}), Error);
  EXPECT_FALSE(fs::exists(m_path));
  const Session digits = demoSession();
  EXPECT_THROW(digits.save({}, m_path.string() + ".onnx", BundleExtras{false, {}, 0.1}, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
