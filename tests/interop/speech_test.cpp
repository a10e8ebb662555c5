// SPDX-License-Identifier: GPL-3.0-or-later
// Silero's speech detector (npm @ricky0123/vad-web), whose weights stand in the branches of an If: opened,
// run over a recording with its state fed back, cut, exported, and held against ONNX Runtime.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/interop/judge.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;

const std::string recording = LAPIDARY_ASSETS_DIR "/silero/test.wav";

struct Detector {
  std::string file;
  std::int64_t rate, context, frame;  ///< in samples; a frame follows the last samples of the one before
  std::vector<std::string> states;    ///< inputs
  std::vector<std::pair<std::string, std::string>> feedback;  ///< output, input
  core::Shape stateShape;
};

void PrintTo(const Detector& detector, std::ostream* out) { *out << detector.file << detector.rate; }

const std::vector<std::pair<std::string, std::string>> one{{"stateN", "state"}},
    two{{"hn", "h"}, {"cn", "c"}};

const Detector detectors[] = {
    {"silero_vad_v5.onnx", 16000, 64, 512, {"state"}, one, {2, 1, 128}},
    {"silero_vad_v5.onnx", 8000, 32, 256, {"state"}, one, {2, 1, 128}},
    {"silero_vad_v6.onnx", 16000, 64, 512, {"state"}, one, {2, 1, 128}},
    {"silero_vad_legacy.onnx", 16000, 0, 1536, {"h", "c"}, two, {2, 1, 64}},
    {"silero_vad_legacy.onnx", 8000, 0, 768, {"h", "c"}, two, {2, 1, 64}},
};

/// The 16-bit samples behind the 44 bytes of a plain WAV header, as [frames, 1, context + frame].
core::Tensor framesOf(const Detector& detector, std::int64_t count) {
  std::ifstream file(recording, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  const std::string bytes = content.str();
  const std::int64_t length = detector.context + detector.frame;
  const auto samples = static_cast<std::int64_t>((bytes.size() - 44) / 2);
  core::TensorBuilder builder(core::DType::Float32, {count, 1, length});
  for (std::int64_t i = 0; i < count * length; ++i) {
    const std::int64_t at = (samples / 4 + i / length * detector.frame + i % length) % samples;
    std::int16_t sample = 0;
    std::memcpy(&sample, bytes.data() + 44 + 2 * at, 2);
    builder.as<float>()[static_cast<std::size_t>(i)] = static_cast<float>(sample) / 32768.0f;
  }
  return std::move(builder).build();
}

core::Tensor frameAt(const core::Tensor& frames, std::int64_t i) {
  const auto size = static_cast<std::size_t>(frames.shape()[2]);
  return core::Tensor::from<float>({1, frames.shape()[2]},
                                   frames.as<float>().subspan(static_cast<std::size_t>(i) * size, size));
}

core::Tensor zeroState(const Detector& detector) {
  core::TensorBuilder builder(core::DType::Float32, detector.stateShape);
  std::ranges::fill(builder.as<float>(), 0.0f);
  return std::move(builder).build();
}

class Speech : public ::testing::TestWithParam<Detector> {
 protected:
  void SetUp() override {
    if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
    m_path = std::string(LAPIDARY_INTEROP_DIR) + "/node_modules/@ricky0123/vad-web/dist/" + GetParam().file;
    if (!fs::exists(m_path)) GTEST_SKIP() << "skipped: no @ricky0123/vad-web";
    if (!fs::exists(recording)) GTEST_SKIP() << "skipped: no ../shared";
  }

  /// Every output of the model, frame after frame.
  std::vector<std::vector<float>> ours(const core::Model& model, const core::Tensor& frames) const {
    const Detector& detector = GetParam();
    const core::Graph& graph = *model.graph;
    const core::Executor executor(model, {});
    std::map<std::string, core::Tensor> feeds{{"sr", core::Tensor::scalar<std::int64_t>(detector.rate)}};
    for (const std::string& state : detector.states) feeds[state] = zeroState(detector);
    std::vector<std::vector<float>> results(graph.outputs.size());
    for (std::int64_t i = 0; i < frames.shape()[0]; ++i) {
      feeds["input"] = frameAt(frames, i);
      std::vector<core::Tensor> inputs;
      for (const core::ValueId id : graph.inputs) inputs.push_back(feeds.at(graph.value(id).name));
      const auto outputs = executor.run(model, inputs).outputs;
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        const auto values = outputs[k].as<float>();
        results[k].insert(results[k].end(), values.begin(), values.end());
        for (const auto& [from, to] : detector.feedback)
          if (graph.value(graph.outputs[k]).name == from) feeds[to] = outputs[k];
      }
    }
    return results;
  }

  JudgeJob jobFor(const std::string& path, const core::Tensor& frames) const {
    const Detector& detector = GetParam();
    JudgeJob job{path, {{"input", frames}}, true, detector.feedback};
    for (const std::string& state : detector.states) job.inputs.emplace_back(state, zeroState(detector));
    job.inputs.emplace_back("sr", core::Tensor::scalar<std::int64_t>(detector.rate));
    return job;
  }

  static void expectSame(const std::vector<std::vector<float>>& mine, const Judgement& judgement,
                         double tolerance, const std::string& what) {
    ASSERT_EQ(judgement.error, "") << what;
    ASSERT_EQ(mine.size(), judgement.outputs.size());
    double worst = 0;
    for (std::size_t k = 0; k < mine.size(); ++k) {
      const auto theirs = judgement.outputs[k].as<float>();
      ASSERT_EQ(mine[k].size(), theirs.size());
      double largest = 0, difference = 0;
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        largest = std::max(largest, std::fabs(double{theirs[i]}));
        difference = std::max(difference, std::fabs(double{mine[k][i]} - double{theirs[i]}));
      }
      worst = std::max(worst, difference / largest);
    }
    EXPECT_LE(worst, tolerance) << what;
    std::printf("  %s: largest difference %.2e of the largest value\n", what.c_str(), worst);
  }

  std::string m_path;
};

core::Recipe forAll(const core::Model& model, const core::LayerEdit& edit) {
  core::Recipe recipe;
  for (const core::Layer& layer : model.layers) recipe.set(layer.name, edit);
  return recipe;
}

TEST_P(Speech, RunsAsInOnnxRuntimeOriginalAndCut) {
  const core::Model model = core::readModel(m_path);
  const core::Tensor frames = framesOf(GetParam(), 40);
  const core::Cutter cutter(model);
  const core::Quantize int8{core::Scheme::Symmetric, 8, core::Granularity::Channel, 0};
  const core::Quantize int4{core::Scheme::Affine, 4, core::Granularity::Channel, 0};
  const core::Prune half{core::PruneMode::Sparsity, 0.5};
  const std::pair<std::string, core::LayerEdit> kinds[] = {
      {"unedited", {}}, {"pruned", {half, {}}}, {"int8", {{}, int8}}, {"pruned_int4", {half, int4}}};

  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs{jobFor(m_path, frames)};
  std::vector<std::vector<std::vector<float>>> mine{ours(model, frames)};
  std::vector<std::string> names{"as it came"};
  for (const auto& [name, edit] : kinds) {
    const core::Model cut = cutter.apply(forAll(model, edit));
    const std::string path = folder.path() + "/" + name + ".onnx";
    core::writeModel(cut, path);
    jobs.push_back(jobFor(path, frames));
    mine.push_back(ours(cut, frames));
    names.push_back(name);
    const core::Model back = core::readModel(path);
    EXPECT_EQ(back.layers.size(), model.layers.size()) << name;
    EXPECT_EQ(ours(back, frames), mine.back()) << name << ": what is read back runs as what was shown";
  }
  EXPECT_EQ(mine[0], mine[1]);
  EXPECT_NE(mine[0], mine[2]);
  const auto judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < judged.size(); ++i) expectSame(mine[i], judged[i], 1e-4, names[i]);
}

TEST_P(Speech, ListsTheLayersOfBothBranches) {
  const core::Model model = core::readModel(m_path);
  std::map<std::string, int> kinds;
  std::int64_t inLayers = 0;
  for (const core::Layer& layer : model.layers) {
    ++kinds[layer.opType];
    inLayers += layer.parameters();
    EXPECT_EQ(core::layerWeight(model, layer).size(), layer.parameters()) << layer.name;
  }
  EXPECT_GE(kinds["Conv"], 12);
  EXPECT_GE(kinds["LSTM"], 4);
  EXPECT_GE(inLayers * 100, model.parameters() * 95) << "almost all parameters can be cut";
}

INSTANTIATE_TEST_SUITE_P(Detectors, Speech, ::testing::ValuesIn(detectors), [](const auto& row) {
  return row.param.file.substr(11, row.param.file.size() - 16) + "_" + std::to_string(row.param.rate);
});

}  // namespace
}  // namespace lapidary::tests
