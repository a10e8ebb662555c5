// SPDX-License-Identifier: GPL-3.0-or-later
// The one door through which the window and the command line use the core: a model, data, and answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analyze/changes/comparison.h"
#include "core/analyze/outcome.h"
#include "core/analyze/speed/model_profile.h"
#include "core/analyze/speed/parallel_plan.h"
#include "core/calibrate/calibration.h"
#include "core/compress/cut/cutter.h"
#include "core/data/dataset.h"
#include "core/explain/map/saliency.h"
#include "core/model/model.h"
#include "core/model/unproved_node.h"
#include "core/session/measurement.h"
#include "core/session/session_options.h"
#include "core/support/cache_statistics.h"
#include "core/support/progress.h"
#include "core/support/ranks.h"

namespace lapidary::core {

// Declared in core/analyze/trials/sensitivity.h and search.h, which whoever asks for them includes.
struct SensitivityCell;
struct SensitivityMatrix;
struct SensitivityRequest;
struct SearchForecast;
struct SearchHooks;
struct SearchRequest;
struct SearchResult;
struct BundleExtras;  // in core/session/bundle.h

struct ExplainRequest {
  std::size_t sample = 0;
  SaliencyMethod method = SaliencyMethod::Gradient;
  std::int64_t targetClass = -1;  ///< -1: the original model's top-1
  SaliencyOptions options = {};   ///< the session's own workers count
};

struct Explanation {
  SaliencyMap original, cut;
  double kept = 1;  ///< rank correlation of the two
};

/// The result of `save`: what it wrote, and what it found when it read it back.
struct SavedFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::optional<Quality> quality;  ///< of the reopened file, over all samples (of a file without a graph:
                                   ///< of the cut, whose weights it was found to hold bit for bit)
  /// The nodes of the file for which it is not proved that ONNX Runtime answers so at every level of its
  /// optimiser: none where all are covered by rules; nothing of a file that cannot be run.
  std::optional<UnprovedNodes> unproved = {};
};

/// Const and thread-safe after construction. Every call works on the calling thread plus `workers` - 1
/// helpers, reports through Progress and stops when asked (it then throws Cancelled).

/// What ranks found together.
struct SharedOutcome {
  Outcome outcome;
  std::optional<Comparison> comparison;  ///< on rank 0, of scores of classes, once all samples are in
};

class Session {
 public:
  struct State;  ///< what a session remembers; known to its own files alone

  using Options = SessionOptions;

  Session(Model model, std::shared_ptr<const Dataset> data, Options options);
  ~Session();

  const Model& model() const;
  const Cutter& cutter() const;
  const Dataset* data() const;  ///< null without data
  const std::shared_ptr<const Dataset>& sharedData() const;
  QualityKind qualityKind() const;
  /// Empty where the model can run; otherwise one sentence per lacking operator.
  const std::vector<std::string>& obstacles() const;
  unsigned workers() const;
  CacheStatistics cacheStatistics() const;

  /// Sizes and zeros alone: exact, and fast enough for every move of a slider, except where methods learn
  /// from calibration samples that were not run yet: `progress` then hears of them.
  Footprint footprint(const Recipe& recipe, const Progress& progress = {}) const;

  /// Gives what the recipe takes in every form that it can be written in; packs all weights that are not
  /// known yet.
  FileSizes forms(const Recipe& recipe, const Progress& progress) const;

  /// The model that the recipe gives, as it is run: cut weights, changed graph, quantized activations.
  Model cutModel(const Recipe& recipe, const Progress& progress) const;

  /// Tells what goes together when channels (or attention heads) of this layer are removed, or why none can
  /// be: to be shown before the cut. A few milliseconds the first time, then a look-up; thread-safe.
  ChannelGroup channelGroup(LayerId layer) const;

  /// The ranges of the original's activations, for recipes that quantize them statically; computed once,
  /// by whoever needs them first, and remembered. Throws Error(Usage) without data.
  std::shared_ptr<const Calibration> calibration(const Progress& progress) const;

  struct EvaluateOptions {
    /// Once the quality is final, besides what every evaluation measures. Throws Error(Usage) for one that
    /// the table does not have.
    MeasurementSet measure = usualMeasurements();
    /// False for one of many candidates: the activations that the others start from stay remembered.
    bool keepActivations = true;
  };
  /// Calls `onOutcome` first with the footprint, then as the quality sharpens, last with final set;
  /// returns the last. Called on the calling thread only. What is remembered of the recipe is in the first.
  Outcome evaluate(const Recipe& recipe, const EvaluateOptions& options, const Progress& progress,
                   const std::function<void(const Outcome&)>& onOutcome = {}) const;

  /// Measures the quality of a recipe that may be asked for next, on at least so many samples of the order,
  /// so that `evaluate` finds it in memory: the same figures to the last bit. On the calling thread alone;
  /// pushes nothing out that other recipes were measured with.
  void anticipate(const Recipe& recipe, std::size_t samples, const Progress& progress) const;
  /// In the first outcome that carries a quality, where nothing was remembered.
  std::size_t firstSamples() const;

  /// Times every step of the cut model, and of the original beside it, on the first samples of the data,
  /// on noise inputs where there are no data. Throws Error(Unsupported) where the model cannot run or
  /// nothing can be fed.
  ModelProfile profile(const Recipe& recipe, const ProfileRequest& request, const Progress& progress) const;

  /// The quality over all samples, shared out over ranks that all call this with the same model, data and
  /// recipe; the same figures as `evaluate`'s and `compare`'s to the last bit. On rank 0 `onOutcome` hears of
  /// every longer prefix of the samples, and the drift of a cut is measured last; on the others the outcome
  /// has no quality. Throws Error(Usage) without data.
  SharedOutcome evaluateOver(Ranks& ranks, const Recipe& recipe, const Progress& progress,
                             const std::function<void(const Outcome&)>& onOutcome = {}) const;

  /// The same with the graph shared out: every rank computes one stage of the original and of the cut, and
  /// hands the activations on. Throws Error(Usage) for more ranks than there are steps.
  SharedOutcome evaluateInStages(Ranks& ranks, const Recipe& recipe, const Progress& progress,
                                 const std::function<void(const Outcome&)>& onOutcome = {}) const;

  /// Stages, workers and parts of the cut model, foretold and measured (see parallel_plan.h).
  ParallelFigures plan(const Recipe& recipe, const ParallelRequest& request, const Progress& progress) const;

  /// Measures which layer hurts (see sensitivity.h). `onMatrix` hears first of the empty matrix with its
  /// bytes, then, with the cell that changed, as it fills in; on the calling thread. Without anything to run
  /// there are bytes and signal-to-noise ratios of the weights.
  SensitivityMatrix sensitivity(
      const SensitivityRequest& request, const Progress& progress,
      const std::function<void(const SensitivityMatrix&, const SensitivityCell*)>& onMatrix = {}) const;

  /// The best joint cut (see search.h), chosen on this session's data alone. Throws Error(Usage) without
  /// data, Error(Unsupported) where outputs are not scores of classes. A stop ends the search early; what
  /// was found is returned.
  SearchResult search(const SearchRequest& request, const SearchHooks& hooks, const Progress& progress) const;
  /// The same with the candidates shared out over ranks that all call this alike: the same result, whatever
  /// their number, where no time limit cuts it short. On other ranks than 0 the result is empty.
  SearchResult searchOver(Ranks& ranks, const SearchRequest& request, const SearchHooks& hooks,
                          const Progress& progress) const;
  /// Tells model and data apart from others: what a search's journal belongs to.
  std::string searchSubject() const;
  /// Forecasts what a search would take, from a few timed candidates.
  SearchForecast forecast(const SearchRequest& request, const Progress& progress) const;

  Comparison compare(const Recipe& recipe, const Progress& progress) const;
  /// Questions the labels of the data (see label_check.h) by what the original is known to answer, and by its
  /// answers to the first few hundred samples at least, which `evaluate` goes on from. Empty without labels,
  /// and where nothing can run or outputs are no scores of classes.
  std::vector<DataWarning> labelQuestions(const Progress& progress) const;
  Explanation explain(const Recipe& recipe, const ExplainRequest& request, const Progress& progress) const;

  /// Writes the cut model (the ending picks the format; .zip gives the bundle), opens it again,
  /// evaluates it, and only then returns. Throws Error(CannotWrite) if what is read back differs.
  SavedFile save(const Recipe& recipe, const std::string& path, const Progress& progress) const;
  /// The same; the bundle holds also what the extras ask for. Throws besides, before anything is written,
  /// Error(Usage) for extras of another file than a bundle, or for samples of data that are no pictures, and
  /// Error(Unsupported) where the model gives no heatmaps for the samples or cannot be attacked.
  SavedFile save(const Recipe& recipe, const std::string& path, const BundleExtras& extras,
                 const Progress& progress) const;

  /// Runs the cut model on arrays named as the graph's inputs; outputs by name.
  std::vector<std::pair<std::string, Tensor>> run(
      const Recipe& recipe, const std::vector<std::pair<std::string, Tensor>>& inputs) const;

 private:
  std::unique_ptr<State> m_state;
};

}  // namespace lapidary::core
