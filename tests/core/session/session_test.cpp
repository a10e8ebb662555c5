// The session on the demo: known accuracies, sharpening, remembering, stopping, saving.
#include "core/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/compress/uniform.h"
#include "core/io/archive.h"
#include "core/io/format.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

const std::string demo = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/";
const std::string assets = LAPIDARY_ASSETS_DIR;
constexpr Session::EvaluateOptions qualityOnly{false, false, false};

Session sessionOf(const std::string& model, const std::string& data,
                  std::optional<Preprocess> preprocess = {}) {
  Model read = readModel(model);
  std::shared_ptr<const Dataset> samples;
  if (!data.empty()) {
    const auto source = openData(data);
    samples = std::make_shared<const Dataset>(
        source, preprocess ? *preprocess : choosePreprocess(read, *source).preprocess, read);
  }
  return Session(std::move(read), samples, {});
}

struct Known {
  std::string model, data;
  double top1, tolerance;
  std::optional<Preprocess> preprocess;
};

void expectAccuracy(const Known& known) {
  const Session session = sessionOf(known.model, known.data, known.preprocess);
  ASSERT_TRUE(session.obstacles().empty()) << session.obstacles().front();
  const Outcome outcome = session.evaluate({}, qualityOnly, {});
  ASSERT_TRUE(outcome.quality && outcome.quality->top1);
  EXPECT_NEAR(*outcome.quality->top1, known.top1, known.tolerance) << known.model;
  EXPECT_EQ(*outcome.quality->agreement, 1);
}

TEST(Session, DemoAccuracies) {
  expectAccuracy({demo + "lenet5.onnx", demo + "digits_test.npz", 0.9910, 1e-9, {}});
  expectAccuracy({demo + "lenet300.onnx", demo + "digits_test.npz", 0.9860, 1e-9, {}});
}

TEST(Session, AssetAccuracies) {
  if (!fs::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  expectAccuracy(
      {assets + "/resnet/resnet20_cifar10.onnx", assets + "/cifar10/test-1000", 0.804, 0.0015, cifar});
  expectAccuracy(
      {assets + "/resnet/resnet20_cifar10_w8_dq.onnx", assets + "/cifar10/test-1000", 0.806, 0.0015, cifar});
  expectAccuracy({assets + "/sms/sms_bert.onnx", assets + "/sms/sms_test.npz", 0.9889, 0.0009, {}});
  expectAccuracy(
      {assets + "/digits-audio/fsdd_cnn.onnx", assets + "/digits-audio/fsdd_test.npz", 0.967, 0.0035, {}});
}

TEST(Session, OutcomesSharpenAndAreRemembered) {
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  const Recipe recipe =
      uniformRecipe(session.model(), {0.8, false, {Scheme::Symmetric, 4, Granularity::Channel, 0}});
  std::vector<Outcome> seen;
  const Outcome last =
      session.evaluate(recipe, {}, {}, [&](const Outcome& outcome) { seen.push_back(outcome); });
  ASSERT_GE(seen.size(), 4u);
  EXPECT_FALSE(seen[0].quality);
  EXPECT_LT(seen[0].footprint.fileAfter, seen[0].footprint.fileBefore / 6);
  EXPECT_EQ(seen[1].quality->samples, 100u);
  for (std::size_t i = 2; i < seen.size(); ++i)
    EXPECT_GE(seen[i].quality->samples, seen[i - 1].quality->samples);
  EXPECT_TRUE(last.final);
  EXPECT_EQ(last.quality->samples, 2000u);
  EXPECT_TRUE(last.latency && last.footprint.zippedAfter && last.saliencyKept);
  EXPECT_EQ(last.saliencySamples, 16u);
  EXPECT_GT(*last.saliencyKept, 0.2);
  EXPECT_LT(*last.saliencyKept, 1);
  const auto start = std::chrono::steady_clock::now();
  const Outcome again = session.evaluate(recipe, {}, {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
  EXPECT_EQ(again.quality->loss, last.quality->loss);
  EXPECT_EQ(again.latency->seconds, last.latency->seconds);
}

TEST(Session, AStopIsNoticedSoon) {
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i)
          session.evaluate(uniformRecipe(session.model(), {i / 1001.0, false, {}}), {},
                           {stop.get_token(), {}});
      },
      Cancelled);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::milliseconds(500));
}

TEST(Session, ComparisonAgreesWithQuality) {
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  const Recipe recipe = uniformRecipe(session.model(), {0.97, false, {}});
  const Quality quality = *session.evaluate(recipe, qualityOnly, {}).quality;
  const Comparison comparison = session.compare(recipe, {});
  EXPECT_EQ(comparison.samples, 2000u);
  EXPECT_NEAR(
      (static_cast<double>(comparison.gained.size()) - static_cast<double>(comparison.lost.size())) / 2000,
      *quality.change, 1e-12);
  EXPECT_GT(comparison.lost.size(), 0u);
}

TEST(Session, WithoutDataNoiseIsMeasured) {
  const Session session = sessionOf(demo + "lenet5.onnx", "");
  EXPECT_EQ(session.qualityKind(), QualityKind::Noise);
  const auto snr = [&](int bits) {
    const Outcome outcome = session.evaluate(
        uniformRecipe(session.model(), {0, false, {Scheme::Affine, bits, Granularity::Channel, 0}}), {}, {});
    return outcome.quality->outputSnrDb.value();
  };
  EXPECT_GT(snr(8), snr(4) + 10);
  EXPECT_FALSE(session.evaluate({}, {}, {}).quality->outputSnrDb);
}

class Saving : public ::testing::Test {
 protected:
  void SetUp() override {
    m_folder = fs::temp_directory_path() / ("lapidary_save_" + std::to_string(::getpid()));
    fs::create_directories(m_folder);
  }
  void TearDown() override { fs::remove_all(m_folder); }
  std::string path(const std::string& name) const { return (m_folder / name).string(); }
  fs::path m_folder;
};

TEST_F(Saving, EveryFormatReadsBackAsShown) {
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  for (const Scheme scheme : {Scheme::None, Scheme::Symmetric, Scheme::MinMax, Scheme::Binary}) {
    const Recipe recipe = uniformRecipe(session.model(), {0.5, false, {scheme, 4, Granularity::Channel, 0}});
    const Outcome shown = session.evaluate(recipe, qualityOnly, {});
    const SavedFile onnx = session.save(recipe, path("x.onnx"), {});
    EXPECT_EQ(onnx.bytes, shown.footprint.fileAfter);
    EXPECT_EQ(onnx.bytes, fs::file_size(path("x.onnx")));
    EXPECT_EQ(onnx.quality->top1, shown.quality->top1);
    for (const char* name : {"x.safetensors", "x.npz"})
      EXPECT_GT(session.save(recipe, path(name), {}).bytes, 1000u);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()),
            3);  // nothing left over
}

TEST_F(Saving, TheBundleHoldsTheModelThatWasMeasured) {
  const Session session = sessionOf(demo + "lenet5.onnx", demo + "digits_test.npz");
  const Recipe recipe =
      uniformRecipe(session.model(), {0.9, false, {Scheme::Symmetric, 8, Granularity::Channel, 0}});
  const SavedFile saved = session.save(recipe, path("x.zip"), {});
  EXPECT_EQ(saved.quality->samples, 2000u);
  const ArchiveReader zip(mapFile(path("x.zip")));
  std::size_t pictures = 0;
  for (const ArchiveMember& member : zip.members()) pictures += member.name.starts_with("heatmaps/");
  EXPECT_EQ(pictures, 24u);
  const Bytes text = zip.read("recipe.json", 1 << 20);
  EXPECT_EQ(recipeFromJson({reinterpret_cast<const char*>(text.view.data()), text.view.size()}), recipe);
}

TEST_F(Saving, ErrorsLeaveTheOldFile) {
  const Session session = sessionOf(demo + "lenet5.onnx", "");
  EXPECT_THROW(session.save({}, path("x.docx"), {}), Error);
  EXPECT_THROW(session.save({}, path("no/such/folder/x.onnx"), {}), Error);
  std::ofstream(path("x.onnx")) << "old";
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(session.save({}, path("x.onnx"), {stop.get_token(), {}}), Cancelled);
  EXPECT_EQ(fs::file_size(path("x.onnx")), 3u);
}

TEST(Session, RunChecksNames) {
  const Session session = sessionOf(demo + "lenet5.onnx", "");
  const Tensor zeros =
      toFloat32(convert(Tensor::from<float>({1, 1, 28, 28}, std::vector<float>(784)), DType::Float32));
  const auto outputs = session.run({}, {{"image", zeros}});
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].first, "logits");
  EXPECT_EQ(outputs[0].second.shape(), (Shape{1, 10}));
  EXPECT_THROW(session.run({}, {{"picture", zeros}}), Error);
  EXPECT_THROW(session.run({}, {{"image", zeros}, {"more", zeros}}), Error);
}

TEST(Session, FootprintIsFastEnoughForASlider) {
  if (!fs::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const Session session = sessionOf(assets + "/resnet/resnet20_cifar10.onnx", "");
  session.footprint(
      uniformRecipe(session.model(), {0.5, false, {Scheme::Symmetric, 8, Granularity::Channel, 0}}));
  double best = 1;
  for (int i = 0; i < 10; ++i) {
    const Recipe recipe = uniformRecipe(
        session.model(), {0.3 + i * 0.01, false, {Scheme::Symmetric, 8, Granularity::Channel, 0}});
    const auto start = std::chrono::steady_clock::now();
    session.footprint(recipe);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  RecordProperty("milliseconds", std::to_string(best * 1e3));
  std::printf("footprint of ResNet-20, every layer edited: %.2f ms\n", best * 1e3);
  EXPECT_LT(best, 0.05);  // unoptimised and sanitized builds too; about 2 ms otherwise
}

}  // namespace
}  // namespace lapidary::core
