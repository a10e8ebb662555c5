// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the search finds within an accuracy floor against three baselines that choose on the same
// samples; every accuracy that counts is measured on samples that none of them has seen.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>

#include "core/analyze/trials/sensitivity.h"
#include "core/data/data_split.h"
#include "core/io/common/format.h"
#include "core/search/search.h"
#include "core/session/session.h"
#include "tests/bench/ratio.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::bench {
namespace {

using namespace core;

constexpr std::size_t calibrationSamples = 256;

struct Subject {
  std::string name, model;
  std::shared_ptr<const Dataset> calibration, choosing, reporting;
  double maxDrop = 0;  ///< share
  SizeKind size = SizeKind::Lapidary;
  double seconds = 120;
  double goal = 0;          ///< times smaller
  double reportedGoal = 0;  ///< points that may be lost on the samples not seen
};

struct Found {
  Recipe recipe;
  std::uint64_t bytes = 0;
  double drop = 0;  ///< where chosen
  std::size_t evaluated = 0;
};

/// Measures recipes on one set of samples.
class Judge {
 public:
  /// Methods that learn from samples see `calibration` alone.
  Judge(const Model& model, std::shared_ptr<const Dataset> data, SizeKind size,
        const std::shared_ptr<const Dataset>& calibration)
      : m_session(model, std::move(data), optionsWith(calibration)), m_size(size) {}

  const Session& session() const { return m_session; }

  Found measure(const Recipe& recipe) {
    ++m_evaluated;
    const MeasurementSet packed{measurement::forms};
    const Outcome outcome =
        m_session.evaluate(recipe, {m_size != SizeKind::Onnx ? packed : MeasurementSet{}, false}, {});
    return {recipe, bytesOf(outcome.footprint), -*outcome.quality->change, m_evaluated};
  }

  std::uint64_t bytesOf(const Footprint& footprint) const { return core::bytesOf(footprint, m_size); }

  /// The smallest of those that keep within the floor.
  std::optional<Found> smallest(const std::vector<Recipe>& recipes, double maxDrop) {
    std::optional<Found> best;
    m_evaluated = 0;
    for (const Recipe& recipe : recipes) {
      const Found found = measure(recipe);
      if (found.drop <= maxDrop + 1e-12 && (!best || found.bytes < best->bytes)) best = found;
    }
    if (best) best->evaluated = m_evaluated;
    return best;
  }

 private:
  static Session::Options optionsWith(const std::shared_ptr<const Dataset>& calibration) {
    Session::Options options;
    options.calibrationData = calibration;
    return options;
  }

  Session m_session;
  SizeKind m_size;
  std::size_t m_evaluated = 0;
};

std::vector<Recipe> uniformBits(const Model& model) {
  std::vector<Recipe> recipes{{}};
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine})
    for (int bits = 2; bits <= 8; ++bits)
      recipes.push_back(uniformRecipe(model, {0, false, bitsSetting(bits, scheme).edit.quantize}));
  return recipes;
}

std::vector<Recipe> uniformPruning(const Model& model) {
  std::vector<Recipe> recipes{{}};
  for (int percent = 5; percent < 100; percent += 5)
    recipes.push_back(uniformRecipe(model, {percent / 100.0, false, {}}));
  return recipes;
}

/// Takes up the edits of single layers by bytes saved for what they cost alone, each that keeps the joint cut
/// within the floor.
Found greedy(Judge& judge, double maxDrop) {
  SensitivityRequest request;
  request.race.everything = true;
  const SensitivityMatrix matrix = judge.session().sensitivity(request, {});
  Found at = judge.measure({});
  std::size_t evaluated = matrix.cells.size();
  for (const std::size_t i : promisingFirst(matrix.cells)) {
    const SensitivityCell& cell = matrix.cells[i];
    const std::string& layer = judge.session().model().layer(matrix.layers[cell.row]).name;
    Recipe next = at.recipe;
    next.set(layer, laidOver(next.editOf(layer), matrix.settings[cell.column].edit));
    if (next == at.recipe) continue;
    const Found found = judge.measure(next);
    ++evaluated;
    if (found.drop <= maxDrop + 1e-12 && found.bytes < at.bytes) at = found;
  }
  at.evaluated = evaluated;
  return at;
}

struct Line {
  double smaller = 0, reported = 0;  ///< times; points lost on samples not seen
};

Line report(const char* method, const std::optional<Found>& found, Judge& judge, std::uint64_t dense,
            double seconds) {
  if (!found) {
    std::printf("  %-34s nothing keeps within the floor\n", method);
    return {1, 0};
  }
  const Outcome outcome =
      judge.session().evaluate(found->recipe, {.measure = {}, .keepActivations = false}, {});
  const Interval& change = *outcome.quality->changeInterval;
  const Line line{static_cast<double>(dense) / static_cast<double>(found->bytes),
                  -*outcome.quality->change * 100};
  std::printf(
      "  %-34s %9llu bytes, %6.2f times smaller; drop where chosen %+.2f, on unseen samples %+.2f points "
      "(95 %%: %+.2f to %+.2f); %zu recipes, %.0f s\n",
      method, static_cast<unsigned long long>(found->bytes), line.smaller, found->drop * 100, line.reported,
      -change.high * 100, -change.low * 100, found->evaluated, seconds);
  std::fflush(stdout);
  return line;
}

template <class Work>
auto timed(double& seconds, Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::optional<Found> searched(const Subject& subject, Judge& judge) {
  SearchRequest request;
  request.maxDrop = subject.maxDrop;
  request.size = subject.size;
  request.seconds = subject.seconds;
  const SearchResult result = judge.session().search(request, {}, {});
  if (!result.best) return std::nullopt;
  return Found{result.best->recipe, result.best->bytes, result.best->drop, result.evaluated + result.singles};
}

void run(const Subject& subject) {
  const Model model = readModel(subject.model);
  Judge choosing(model, subject.choosing, subject.size, subject.calibration);
  Judge reporting(model, subject.reporting, subject.size, subject.calibration);
  const std::uint64_t dense = model.source.fileBytes;
  std::printf(
      "\n%s: %llu bytes of f32 ONNX; chosen on %zu samples within %.2f points, reported on %zu others; size "
      "counted: %s\n",
      subject.name.c_str(), static_cast<unsigned long long>(dense), subject.choosing->size(),
      subject.maxDrop * 100, subject.reporting->size(), std::string(name(subject.size)).c_str());
  double seconds = 0;
  auto found = timed(seconds, [&] { return choosing.smallest(uniformBits(model), subject.maxDrop); });
  const Line bits = report("uniform bits, rounded to nearest", found, reporting, dense, seconds);
  found = timed(seconds, [&] { return choosing.smallest(uniformPruning(model), subject.maxDrop); });
  const Line pruning = report("uniform global magnitude pruning", found, reporting, dense, seconds);
  found = timed(seconds, [&] { return std::optional(greedy(choosing, subject.maxDrop)); });
  const Line single = report("greedy by sensitivity", found, reporting, dense, seconds);
  found = timed(seconds, [&] { return searched(subject, choosing); });
  const Line search = report("search", found, reporting, dense, seconds);
  if (found) std::printf("  its recipe: %s\n", toJson(found->recipe, -1).c_str());
  printRatio("search_" + subject.name + "_times_smaller", search.smaller, Goal::AtLeast, subject.goal);
  printRatio("search_" + subject.name + "_points_lost_on_unseen", search.reported, Goal::AtMost,
             subject.reportedGoal);
  printRatio("search_" + subject.name + "_over_uniform_bits", search.smaller / bits.smaller, Goal::None);
  printRatio("search_" + subject.name + "_over_uniform_pruning", search.smaller / pruning.smaller,
             Goal::None);
  printRatio("search_" + subject.name + "_over_greedy", search.smaller / single.smaller, Goal::None);
}

std::shared_ptr<const Dataset> digits(const std::string& model, const std::string& file) {
  const Model read = readModel(model);
  const auto source = openData(std::string(LAPIDARY_SOURCE_DIR "/resources/demo/") + file);
  return std::make_shared<const Dataset>(source, choosePreprocess(read, *source).preprocess, read);
}

/// Chosen on the digits that the model was trained on; the test digits are never looked at.
Subject digitsSubject(const std::string& name) {
  Subject subject;
  subject.name = name;
  subject.model = LAPIDARY_SOURCE_DIR "/resources/demo/" + name + ".onnx";
  const auto split = splitForLearning(digits(subject.model, "digits_train.npz"), readModel(subject.model),
                                      calibrationSamples);
  subject.calibration = split.calibration;
  subject.choosing = split.choosing;
  subject.reporting = digits(subject.model, "digits_test.npz");
  subject.goal = 15;
  return subject;
}

std::optional<Subject> pictures() {
  const std::string assets = LAPIDARY_ASSETS_DIR "/";
  Subject subject;
  subject.name = "resnet20";
  subject.model = assets + "resnet/resnet20_cifar10.onnx";
  if (!std::filesystem::exists(subject.model)) return std::nullopt;
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  const Model model = readModel(subject.model);
  const Dataset all(openData(assets + "cifar10/test-1000"), cifar, model);
  const DataSplit split = splitData(all, model, 0.5, calibrationSamples);
  subject.calibration = split.calibration;
  subject.choosing = split.choosing;
  subject.reporting = split.reporting;
  subject.maxDrop = subject.reportedGoal = 0.005;
  subject.reportedGoal *= 100;
  subject.goal = 6;
  subject.seconds = 240;
  return subject;
}

}  // namespace
}  // namespace lapidary::bench

int main(int argc, char** argv) {
  using namespace lapidary::bench;
  const std::string only = argc > 1 ? argv[1] : "";
  try {
    for (const char* name : {"lenet5", "lenet300"})
      if (only.empty() || only == name) run(digitsSubject(name));
    if (!only.empty() && only != "resnet20") return 0;
    if (const auto subject = pictures())
      run(*subject);
    else
      std::printf("ResNet-20 skipped: no ../shared\n");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
