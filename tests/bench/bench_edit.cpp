// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what an edit of one layer costs against a full pass, at several memory budgets, and how long a
// sensitivity scan takes against exporting every cut and running ONNX Runtime on it.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/analyze/answers/predictions.h"
#include "core/analyze/answers/predictor.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/session/session.h"
#include "core/support/parallel.h"
#include "tests/bench/raced_scan.h"
#include "tests/bench/ratio.h"
#include "tests/bench/rival.h"

namespace lapidary::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t mebibyte = std::size_t{1} << 20;
const std::size_t defaultBudget = core::Session::Options{}.memoryBytes;
constexpr int rounds = 3;
const core::Session::EvaluateOptions qualityOnly{.measure = {}};
/// As a slider that moves: what is computed for this position is not kept for later ones.
const core::Session::EvaluateOptions moving{.measure = {}, .keepActivations = false};
const core::Session::EvaluateOptions candidate{.measure = {}, .keepActivations = false};

double secondsOf(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// MiB of memory that this process holds now.
double residentMebibytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) / mebibyte;
}

struct Subject {
  core::Model model;
  std::shared_ptr<const core::Dataset> data;

  std::unique_ptr<const core::Session> session(std::size_t memoryBytes) const {
    core::Session::Options options;
    options.memoryBytes = memoryBytes;
    auto made = std::make_unique<const core::Session>(model, data, options);
    made->evaluate({}, qualityOnly, {});
    return made;
  }
};

core::Recipe pruned(const std::string& layer, double sparsity) {
  core::LayerEdit edit;
  edit.prune = {core::PruneMode::Sparsity, sparsity};
  core::Recipe recipe;
  recipe.set(layer, edit);
  return recipe;
}

/// All samples through the original, prepared once, with no cache to look in or to fill.
class FullPass {
 public:
  explicit FullPass(const Subject& subject)
      : m_model(subject.model),
        m_executor(m_model, {}),
        m_predictor(m_model, m_executor, *subject.data, core::hardwareWorkers(), {}),
        m_samples(subject.data->size()) {}

  double seconds() const {
    return secondsOf([&] {
      core::Predictions predictions;
      m_predictor.extend(m_model, m_samples, predictions, {});
    });
  }

 private:
  const core::Model& m_model;
  core::Executor m_executor;
  core::Predictor m_predictor;
  std::size_t m_samples;
};

/// The share of a run's time that lies in steps at or behind each layer: what an edit of it has to compute
/// again, whatever is remembered.
std::vector<double> downstreamShares(const Subject& subject) {
  const core::Graph& graph = *subject.model.graph;
  const core::Executor executor(subject.model, {});
  const std::vector<std::size_t> samples(subject.data->order().begin(), subject.data->order().begin() + 20);
  const auto steps = executor.profile(subject.model, subject.data->inputs(samples));
  std::vector<double> shares;
  for (const core::Layer& layer : subject.model.layers) {
    std::vector<bool> changed(graph.values.size());
    changed[layer.weight.index] = true;
    double all = 0, behind = 0;
    for (const core::StepTime& step : steps) {
      std::vector<core::NodeId> nodes = step.fused;
      nodes.insert(nodes.begin(), step.node);
      bool reached = false;
      for (const core::NodeId id : nodes)
        for (const core::ValueId input : graph.node(id).inputs)
          if (input.valid() && changed[input.index]) reached = true;
      for (const core::NodeId id : nodes)
        for (const core::ValueId output : graph.node(id).outputs)
          if (output.valid()) changed[output.index] = changed[output.index] || reached;
      all += step.seconds;
      if (reached) behind += step.seconds;
    }
    shares.push_back(behind / all);
  }
  return shares;
}

/// A session of its own for every edit: it has seen the uncut model and nothing else.
void measureEdits(const Subject& subject, std::size_t memoryBytes, const std::vector<double>& shares) {
  const auto& layers = subject.model.layers;
  const FullPass full(subject);
  full.seconds();
  std::vector<std::vector<double>> edits(layers.size());
  std::vector<double> fulls;
  core::CacheStatistics cache;
  double resident = 0;
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < layers.size(); ++i) {
      {
        const auto session = subject.session(memoryBytes);
        cache = session->cacheStatistics();
        const core::Recipe recipe = pruned(layers[i].name, 0.5);
        edits[i].push_back(secondsOf([&] { session->evaluate(recipe, moving, {}); }));
        resident = std::max(resident, residentMebibytes());
      }
      fulls.push_back(full.seconds());
    }
  const double whole = median(fulls);
  std::printf(
      "\nbudget %zu MiB: %.0f of %.0f MiB of activations remembered, %.0f MiB resident; full pass %.3f s\n",
      memoryBytes / mebibyte, static_cast<double>(cache.bytes) / mebibyte,
      static_cast<double>(cache.budget) / mebibyte, resident, whole);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ratios.push_back(median(edits[i]) / whole);
    std::printf("  %-28s edit %.3f s  ratio %.2f  (steps at or behind it: %.2f of a run)\n",
                layers[i].name.c_str(), median(edits[i]), ratios.back(), shares[i]);
  }
  std::printf("  mean over %zu layers: ratio %.3f; steps alone %.3f\n", layers.size(), mean(ratios),
              mean(shares));
  printRatio("edit_over_full_pass_" + std::to_string(memoryBytes / mebibyte) + "_MiB", mean(ratios),
             memoryBytes == defaultBudget ? Goal::AtMost : Goal::None, 0.5);
}

/// One session that lives on, edits on layers in random order: later edits find what earlier ones left.
void measureWandering(const Subject& subject, std::size_t memoryBytes) {
  const FullPass full(subject);
  full.seconds();
  const auto session = subject.session(memoryBytes);
  const auto& layers = subject.model.layers;
  std::mt19937 random(5);
  std::vector<double> edits, fulls;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::size_t> order(layers.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const core::Recipe recipe = pruned(layers[i].name, 0.4 + 0.1 * round);
      edits.push_back(secondsOf([&] { session->evaluate(recipe, qualityOnly, {}); }));
    }
    fulls.push_back(full.seconds());
  }
  const double ratio = mean(edits) / median(fulls);
  std::printf("\nbudget %zu MiB, one session, %zu edits of random layers one after another: ratio %.3f\n",
              memoryBytes / mebibyte, edits.size(), ratio);
  printRatio("edit_over_full_pass_wandering_" + std::to_string(memoryBytes / mebibyte) + "_MiB", ratio,
             Goal::AtMost, 0.5);
}

std::vector<core::CutSetting> scannedSettings() {
  std::vector<core::CutSetting> settings;
  for (const double sparsity : {0.5, 0.7, 0.9}) settings.push_back(core::sparsitySetting(sparsity));
  for (const int bits : {8, 4, 2}) settings.push_back(core::bitsSetting(bits));
  return settings;
}

std::vector<core::Recipe> cellsOf(const std::string& layer) {
  std::vector<core::Recipe> cells;
  for (const auto& setting : scannedSettings()) cells.emplace_back().set(layer, setting.edit);
  return cells;
}

/// The batch that suits ONNX Runtime best on the uncut model.
std::size_t bestBatch(ScanRival& rival, const std::string& path) {
  std::size_t best = 0;
  double least = 0;
  for (const std::size_t batch : {std::size_t{20}, std::size_t{50}, std::size_t{100}, std::size_t{250}}) {
    rival.run(path, batch);
    const double seconds = rival.run(path, batch).seconds;
    if (best == 0 || seconds < least) best = batch, least = seconds;
  }
  return best;
}

double top1Of(const core::Dataset& data, const std::vector<std::int64_t>& answers) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] == data.source().label(data.order()[i])) ++right;
  return static_cast<double>(right) / static_cast<double>(answers.size());
}

struct RivalCell {
  double exporting = 0, running = 0;
  double top1 = 0;
};

RivalCell rivalCell(const Subject& subject, const core::Cutter& cutter, const core::Recipe& recipe,
                    ScanRival& rival, std::size_t batch) {
  const std::string file =
      (std::filesystem::temp_directory_path() / ("lapidary-bench-" + std::to_string(getpid()) + "-cell.onnx"))
          .string();
  RivalCell cell;
  cell.exporting = secondsOf([&] { core::writeModel(cutter.apply(recipe), file); });
  const ScanRival::Answer answer = rival.run(file, batch);
  cell.running = answer.seconds;
  cell.top1 = top1Of(*subject.data, answer.top1);
  std::filesystem::remove(file);
  return cell;
}

/// Ours: every cell of the scan. Theirs: one cell of every layer, its setting another one from layer to
/// layer, between ours so that both see the machine alike.
void measureScan(const Subject& subject, const std::string& path) {
  const unsigned threads = core::hardwareWorkers();
  const core::Cutter cutter(subject.model);
  ScanRival rival(subject.data->inputs(subject.data->order()).at(0), threads);
  const std::size_t batch = bestBatch(rival, path);
  const auto& layers = subject.model.layers;
  double ours = secondsOf([&] { subject.session(defaultBudget); });  // what the scan starts with
  const auto session = subject.session(defaultBudget);
  std::vector<double> exporting, running;
  FullScan full{scannedSettings(), {}, 0, 0};
  std::size_t cells = 0;
  double worst = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto recipes = cellsOf(layers[i].name);
    // ONNX Runtime's threads spin for a while after a run; they must not spin into ours.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::vector<core::Outcome> outcomes;
    ours += secondsOf([&] {
      for (const auto& recipe : recipes) outcomes.push_back(session->evaluate(recipe, candidate, {}));
    });
    for (const auto& outcome : outcomes) full.drops.push_back(-*outcome.quality->change);
    cells += recipes.size();
    const std::size_t chosen = i % recipes.size();
    const RivalCell cell = rivalCell(subject, cutter, recipes[chosen], rival, batch);
    exporting.push_back(cell.exporting);
    running.push_back(cell.running);
    worst = std::max(worst, std::abs(cell.top1 - outcomes[chosen].quality->top1.value()));
  }
  const double all = static_cast<double>(cells), theirs = all * (mean(exporting) + mean(running));
  std::printf("\nsensitivity scan, %zu layers x %zu settings = %zu cells of %zu samples, %u threads each\n",
              layers.size(), cells / layers.size(), cells, subject.data->size(), threads);
  std::printf("  ours, all cells and the uncut model: %.2f s (%.3f s a cell)\n", ours, ours / all);
  std::printf(
      "  ONNX Runtime, batch %zu: SCALED UP from %zu of the %zu cells to %.2f s (%.3f s a cell: %.4f s to "
      "cut\n  and export, %.3f s to make the session and run)\n",
      batch, running.size(), cells, theirs, theirs / all, mean(exporting), mean(running));
  std::printf("  top-1 of the same cells differ by at most %.4f\n", worst);
  printRatio("sensitivity_scan_speedup", theirs / ours, Goal::AtLeast, 10);
  full.seconds = ours;
  full.rivalSeconds = theirs;
  measureRacedScans(subject.model, subject.data, full);
}

/// All of it where no budget is given; else only the edits at these.
int benchEdit(std::vector<std::size_t> budgets) {
  const std::string assets = LAPIDARY_ASSETS_DIR "/", path = assets + "resnet/resnet20_cifar10.onnx";
  const std::string pictures = assets + "cifar10/test-1000";
  if (!std::filesystem::exists(path) || !std::filesystem::exists(pictures)) {
    std::printf("ResNet-20 skipped: no ../shared\n");
    return 0;
  }
  core::Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  Subject subject{core::readModel(path), nullptr};
  subject.data = std::make_shared<const core::Dataset>(core::openData(pictures), cifar, subject.model);
  subject.session(defaultBudget);  // the samples are decoded from here on
  const auto shares = downstreamShares(subject);
  std::printf("ResNet-20, %zu samples, %u workers, an edit prunes half of one layer's weights\n",
              subject.data->size(), core::hardwareWorkers());
  const bool all = budgets.empty();
  // The smallest first: what a process once held it does not all give back.
  if (all) budgets = {256 * mebibyte, 512 * mebibyte, defaultBudget, 2048 * mebibyte};
  for (const std::size_t budget : budgets) measureEdits(subject, budget, shares);
  if (!all) return 0;
  measureWandering(subject, defaultBudget);
  measureScan(subject, path);
  return 0;
}

}  // namespace
}  // namespace lapidary::bench

// Arguments: memory budgets in MiB, to time the edits at these alone.
int main(int argc, char** argv) {
  try {
    std::vector<std::size_t> budgets;
    for (int i = 1; i < argc; ++i) budgets.push_back(std::stoul(argv[i]) * lapidary::bench::mebibyte);
    return lapidary::bench::benchEdit(std::move(budgets));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
