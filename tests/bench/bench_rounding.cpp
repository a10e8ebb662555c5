// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what methods that learn from calibration samples save of the accuracy of a ResNet-20: 4 bits a
// weight, and two of four weights zero. Figures are of pictures that calibration never saw: each half of the
// pictures is judged with what was learnt from the other.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <random>

#include "core/compress/prune/refit.h"
#include "core/compress/quantize/quantize.h"
#include "core/compress/quantize/rounding.h"
#include "core/data/sample_subset.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/bench/ratio.h"

namespace lapidary::bench {
namespace {

using core::Criterion;
using core::PruneMode;
using core::Rounding;

const std::string assets = LAPIDARY_ASSETS_DIR "/";
const core::Session::EvaluateOptions qualityOnly{.measure = {}};

double secondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Half {
  std::unique_ptr<core::Session> session;

  Half(const core::Model& model, const std::shared_ptr<const core::Dataset>& judged,
       const std::shared_ptr<const core::Dataset>& learntFrom) {
    core::Session::Options options;
    options.calibrationData = learntFrom;
    session = std::make_unique<core::Session>(model, judged, options);
  }
};

std::shared_ptr<const core::Dataset> half(const core::Dataset& all, const core::Model& model,
                                          std::size_t which) {
  std::vector<std::size_t> samples;
  for (std::size_t i = which; i < all.size(); i += 2) samples.push_back(all.order()[i]);
  return std::make_shared<const core::Dataset>(
      std::make_shared<core::SampleSubset>(all.sharedSource(), samples, std::size_t{64} << 20),
      all.preprocess(), model);
}

struct Method {
  std::string name;
  core::LayerEdit edit;
};

Method fourBits(const std::string& name, Rounding rounding, bool bias = false, bool scale = false,
                int bits = 4) {
  Method method{name, {}};
  method.edit.quantize = {core::Scheme::Symmetric, bits, core::Granularity::Channel};
  method.edit.quantize.rounding = rounding;
  method.edit.quantize.correctBias = bias;
  method.edit.quantize.scaleInputs = scale;
  return method;
}

Method twoOfFour(const std::string& name, Criterion criterion) {
  Method method{name, {}};
  method.edit.prune = {PruneMode::Pattern, 0, criterion, 2, 4};
  return method;
}

core::Recipe everywhere(const core::Model& model, const core::LayerEdit& edit) {
  core::Recipe recipe;
  for (const core::Layer& layer : model.layers) recipe.set(layer.name, edit);
  return recipe;
}

/// Points of accuracy that the recipe costs, over both halves; and the mean error of the layers' outputs.
double dropOf(const std::vector<Half>& halves, const core::Model& model, const Method& method) {
  const core::Recipe recipe = everywhere(model, method.edit);
  double before = 0, after = 0, samples = 0, error = 0;
  const double seconds = secondsOf([&] {
    for (const Half& each : halves) {
      const auto quality = *each.session->evaluate(recipe, qualityOnly, {}).quality;
      const auto plain = *each.session->evaluate({}, qualityOnly, {}).quality;
      const auto count = static_cast<double>(quality.samples);
      before += *plain.top1 * count, after += *quality.top1 * count, samples += count;
      for (std::uint32_t i = 0; i < model.layers.size(); ++i)
        if (const auto errors = each.session->cutter().outputErrors(recipe, core::LayerId{i}))
          error += errors->chosen / static_cast<double>(model.layers.size() * halves.size());
    }
  });
  const double drop = 100 * (before - after) / samples;
  std::printf("%-28s %6.2f %%  drop %6.2f points, mean output error %.4f  (%.1f s)\n", method.name.c_str(),
              100 * after / samples, drop, error, seconds);
  std::fflush(stdout);
  return drop;
}

double tried(const std::vector<Half>& halves, const core::Model& model, const Method& method) {
  try {
    return dropOf(halves, model, method);
  } catch (const core::Error& error) {
    std::printf("%-28s %s\n", method.name.c_str(), error.what());
    return 100;
  }
}

void compareOnResNet() {
  const std::string path = assets + "resnet/resnet20_cifar10.onnx";
  if (!std::filesystem::exists(path)) return void(std::printf("skipped: no ../shared\n"));
  const core::Model model = core::readModel(path);
  core::Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const core::Dataset all(core::openData(assets + "cifar10/test-1000"), cifar, model);
  const auto even = half(all, model, 0), odd = half(all, model, 1);
  std::vector<Half> halves;
  halves.emplace_back(model, even, odd), halves.emplace_back(model, odd, even);
  core::LayerEdit gptq = fourBits("", Rounding::Gptq).edit;
  const double learning = secondsOf([&] { halves[0].session->footprint(everywhere(model, gptq)); });
  halves[1].session->footprint(everywhere(model, gptq));
  std::printf("ResNet-20, all 20 layers from 256 pictures by GPTQ: %.2f s\n", learning);

  const double nearest = dropOf(halves, model, fourBits("4 bits, nearest", Rounding::Nearest));
  const double byGptq = dropOf(halves, model, fourBits("4 bits, GPTQ", Rounding::Gptq));
  const double adaptive = dropOf(halves, model, fourBits("4 bits, AdaRound-style", Rounding::Adaptive));
  dropOf(halves, model, fourBits("4 bits, nearest, bias", Rounding::Nearest, true));
  const double corrected = dropOf(halves, model, fourBits("4 bits, GPTQ, bias", Rounding::Gptq, true));
  const double both = dropOf(halves, model, fourBits("4 bits, AdaRound, bias", Rounding::Adaptive, true));
  dropOf(halves, model, fourBits("4 bits, nearest, AWQ", Rounding::Nearest, false, true));
  dropOf(halves, model, fourBits("4 bits, GPTQ, AWQ, bias", Rounding::Gptq, true, true));
  for (const int bits : {3, 2})
    for (const auto& [word, rounding] :
         {std::pair{"nearest", Rounding::Nearest}, std::pair{"GPTQ", Rounding::Gptq},
          std::pair{"AdaRound-style", Rounding::Adaptive}})
      dropOf(halves, model,
             fourBits(std::to_string(bits) + " bits, " + word + ", bias", rounding, true, false, bits));
  printRatio("points lost at 4 bits, nearest", nearest, Goal::None);
  printRatio("points lost at 4 bits, GPTQ or AdaRound", std::min({byGptq, adaptive, corrected, both}),
             Goal::AtMost, 1);

  const double magnitude = tried(halves, model, twoOfFour("2:4, magnitude", Criterion::Magnitude));
  tried(halves, model, twoOfFour("2:4, Wanda", Criterion::Wanda));
  tried(halves, model, twoOfFour("2:4, Taylor", Criterion::Taylor));
  const double reconstructed = tried(halves, model, twoOfFour("2:4, SparseGPT", Criterion::Reconstruct));
  Method rounded = twoOfFour("2:4, SparseGPT, 8 bits", Criterion::Reconstruct);
  rounded.edit.quantize = fourBits("", Rounding::Gptq, true, false, 8).edit.quantize;
  tried(halves, model, rounded);
  for (const auto& [word, criterion] :
       {std::pair{"magnitude", Criterion::Magnitude}, std::pair{"Taylor", Criterion::Taylor},
        std::pair{"Wanda", Criterion::Wanda}, std::pair{"SparseGPT", Criterion::Reconstruct}}) {
    Method half{"half of every layer, " + std::string(word), {}};
    half.edit.prune = {PruneMode::Sparsity, 0.5, criterion};
    tried(halves, model, half);
  }
  printRatio("points lost at 2:4, magnitude", magnitude, Goal::None);
  printRatio("points lost at 2:4, SparseGPT", reconstructed, Goal::AtMost, magnitude);
}

/// A layer of 400 outputs and 800 inputs with random weights and inputs.
void timeOneLayer() {
  constexpr std::size_t outputs = 400, columns = 800, samples = 1000;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> weights(outputs * columns), x(samples * columns);
  for (float& w : weights) w = normal(random);
  for (float& v : x) v = normal(random);
  core::LayerInputs inputs;
  inputs.columns = columns, inputs.rows = samples;
  inputs.gram.resize(columns * columns);
  for (std::size_t s = 0; s < samples; ++s)
    for (std::size_t a = 0; a < columns; ++a)
      for (std::size_t b = 0; b < columns; ++b)
        inputs.gram[a * columns + b] += x[s * columns + a] * x[s * columns + b];
  const core::Shape shape{outputs, columns};
  const core::Quantize quantize{core::Scheme::Symmetric, 4, core::Granularity::Channel};
  std::vector<float> rounded = weights;
  const auto encoding = core::quantizeInPlace(rounded, shape, 0, quantize, false);
  const core::WeightMatrix matrix = core::weightMatrix(shape, 0);
  const core::CodeGrid grid(*encoding, quantize, matrix);
  const core::RoundingTask task{weights, {}, matrix, grid, inputs};
  const double factor = secondsOf([&] { inputs.factorOf(0, core::ColumnOrder::Falling); });
  const double gptq = secondsOf([&] { core::gptqCodes(task, {}); });
  const double adaptive = secondsOf([&] { core::adaptiveCodes(task, {}); });
  std::vector<float> sparse = weights;
  for (std::size_t i = 0; i < sparse.size(); i += 2) sparse[i] = 0;
  const double fitted = secondsOf([&] { core::refit(inputs, matrix, weights, sparse, {}); });
  std::printf("400 x 800: half of the weights fitted anew %.3f s\n", fitted);
  std::printf("400 x 800: Cholesky factor %.3f s, GPTQ %.3f s, AdaRound-style %.3f s\n", factor, gptq,
              adaptive);
  printRatio("seconds of GPTQ on 400 x 800 with its factor", factor + gptq, Goal::AtMost, 1);
}

}  // namespace
}  // namespace lapidary::bench

int main() {
  try {
    lapidary::bench::timeOneLayer();
    lapidary::bench::compareOnResNet();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_rounding: %s\n", error.what());
    return 1;
  }
}
