// SPDX-License-Identifier: GPL-3.0-or-later
// Maps held against the same formulas in PyTorch, from the same weights.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "core/data/dataset.h"
#include "core/explain/explain_sample.h"
#include "core/explain/gradients/smooth_grad.h"
#include "core/explain/map/saliency_map.h"
#include "core/explain/saliency_methods.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/bench/raw_file.h"
#include "tests/bench/script_process.h"

namespace lapidary::interop {
namespace {

using namespace core;

bool hasTorchForMaps() {
  static const bool has = std::system("/usr/bin/python3 -c 'import torch, onnx' 2>/dev/null") == 0;
  return has;
}

/// One sample explained on both sides.
class SaliencyPeer {
 public:
  SaliencyPeer(const std::string& path, const std::string& data, std::size_t sample)
      : m_model(readModel(path)), m_executor(m_model, {}) {
    const auto source = openData(data);
    const Dataset samples(source, choosePreprocess(m_model, *source).preprocess, m_model);
    m_inputs = samples.inputs(std::vector<std::size_t>{sample});
    m_options.smoothSamples = 8;
    m_options.pathSteps = 24;
    const Tensor& x = m_inputs[0];
    const Tensor noisy = noisyCopies(x, noiseDeviation(x, m_options), m_options.seed, 0, 8);
    TensorBuilder noise(DType::Float32, noisy.shape());
    for (std::size_t i = 0; i < noise.as<float>().size(); ++i)
      noise.as<float>()[i] = noisy.as<float>()[i] - x.as<float>()[i % x.as<float>().size()];
    m_sample = std::make_unique<bench::RawFile>(x);
    m_noise = std::make_unique<bench::RawFile>(std::move(noise).build());
    m_torch = std::make_unique<bench::ScriptProcess>(
        "/usr/bin/python3", "interop/torch_saliency.py",
        std::vector<std::string>{path, m_sample->path(), bench::dimsOf(x), m_noise->path(), "8"},
        "PyTorch is not there (apt-get install python3-torch python3-onnx libopenblas0-pthread)");
  }

  SaliencyMap mine(SaliencyMethod method) const {
    return saliency(m_model, m_executor, m_inputs, method, -1, {}, m_options);
  }
  std::vector<float> theirs(SaliencyMethod method, std::int64_t cls) const {
    std::istringstream words(
        m_torch->ask(std::string(rowOf(method).word) + " " + std::to_string(cls) + numbers(method)));
    std::vector<float> values;
    for (double value = 0; words >> value;) values.push_back(static_cast<float>(value));
    return values;
  }

  /// The largest difference as a share of the largest value.
  double apart(SaliencyMethod method) const {
    const SaliencyMap map = mine(method);
    std::vector<float> other = theirs(method, map.targetClass);
    if (other.size() != map.values.size()) {
      const auto side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(other.size()))));
      other = upscaled(other, side, side, map.width, map.height);
    }
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(other[i])));
      difference = std::max(difference, std::abs(static_cast<double>(other[i] - map.values[i])));
    }
    EXPECT_GT(largest, 0) << rowOf(method).word;
    return difference / largest;
  }

 private:
  std::string numbers(SaliencyMethod method) const {
    std::ostringstream text;
    if (method == SaliencyMethod::IntegratedGradients) text << ' ' << m_options.pathSteps;
    if (method == SaliencyMethod::LrpGamma) text << ' ' << m_options.lrpGamma;
    if (method == SaliencyMethod::LrpGamma || method == SaliencyMethod::LrpEpsilon)
      text << ' ' << m_options.lrpEpsilon;
    return text.str();
  }

  Model m_model;
  Executor m_executor;
  SaliencyOptions m_options;
  std::vector<Tensor> m_inputs;
  std::unique_ptr<bench::RawFile> m_sample, m_noise;
  std::unique_ptr<bench::ScriptProcess> m_torch;
};

constexpr SaliencyMethod compared[]{
    SaliencyMethod::IntegratedGradients, SaliencyMethod::SmoothGrad, SaliencyMethod::GuidedBackpropagation,
    SaliencyMethod::GradCamPlusPlus,     SaliencyMethod::LrpEpsilon, SaliencyMethod::LrpGamma};

void expectSameMaps(const SaliencyPeer& peer) {
  for (const SaliencyMethod method : compared) {
    const double apart = peer.apart(method);
    EXPECT_LT(apart, 2e-3) << rowOf(method).word;
    std::printf("%s: apart by %.1e of the largest value\n", std::string(rowOf(method).word).c_str(), apart);
  }
}

TEST(SaliencyInterop, LeNetIsExplainedAsInTorch) {
  if (!hasTorchForMaps()) GTEST_SKIP() << "skipped: no PyTorch";
  const std::string folder = LAPIDARY_SOURCE_DIR "/resources/demo/";
  expectSameMaps({folder + "lenet5.onnx", folder + "digits_test.npz", 3});
}

TEST(SaliencyInterop, ASpectrogramIsExplainedAsInTorch) {
  const std::string folder = LAPIDARY_ASSETS_DIR "/digits-audio/";
  if (!hasTorchForMaps()) GTEST_SKIP() << "skipped: no PyTorch";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no ../shared";
  // A recording that fills its time: where silence repeats, pooling has ties, and each program breaks them
  // its way.
  const SaliencyPeer peer(folder + "fsdd_cnn.onnx", folder + "fsdd_test.npz", 161);
  for (const SaliencyMethod method :
       {SaliencyMethod::GuidedBackpropagation, SaliencyMethod::IntegratedGradients,
        SaliencyMethod::LrpEpsilon, SaliencyMethod::LrpGamma})
    EXPECT_LT(peer.apart(method), 2e-3) << rowOf(method).word;
}

}  // namespace
}  // namespace lapidary::interop
