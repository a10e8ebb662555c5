// SPDX-License-Identifier: GPL-3.0-or-later
// The search for the best joint cut: what is asked for, what it finds, and what it needs to measure with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analyze/size_kind.h"
#include "core/analyze/trials/trial.h"
#include "core/compress/recipe/cut_setting.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The end of the drop that is held against the floor.
enum class FloorRule {
  PointEstimate,
  UpperEnd,  ///< of the 95 % interval: surer, and out of reach of few samples
};

/// With neither floor nor budget the whole front is sought, and the best is the smallest without a loss.
struct SearchRequest {
  std::optional<double> maxDrop;  ///< share: 0.005 is half a point
  FloorRule rule = FloorRule::PointEstimate;
  std::optional<std::uint64_t> maxBytes;
  std::optional<double> maxLatency;  ///< seconds of one sample on one thread
  /// Least mean of the measure that the saliency maps must keep, beside what else is asked for.
  std::optional<double> minSaliency = {};
  DriftMeasure saliencyMeasure = DriftMeasure::RankCorrelation;
  SizeKind size = SizeKind::Onnx;
  std::optional<double> seconds;      ///< time limit of every phase, from the beginning on
  bool learn = true;                  ///< whether cuts that learn from samples are tried
  std::size_t mostCandidates = 2000;  ///< joint recipes measured at most
  std::size_t patience = 24;          ///< batches without a better recipe before it ends by itself
  std::uint64_t seed = 1;
  std::vector<CutSetting> prunings, quantizers;  ///< empty: the tables of search_moves.h
};

/// One recipe measured jointly.
struct Candidate {
  Recipe recipe;
  std::uint64_t bytes = 0;
  Trial trial;
  std::optional<double> latency;  ///< seconds; only where a budget was given
  bool complete = false;          ///< seen all samples; false: clearly worse than the floor before that
  double drop = 0;                ///< share, point estimate
  Interval dropInterval;
  /// With labels what the original itself expects to be lost at most (Trial::highRegret): smoother than
  /// counting samples that flip, of which the luckiest of many candidates has the fewest. Else the drop.
  double expectedDrop = 0;
  std::optional<SaliencyDrift> drift = {};  ///< only of complete ones, where saliency is to be kept
};

enum class SearchEnd { Patience, Candidates, Time, Stopped };

/// The part of a search for which its time was too short; all 0 and false where it was long enough.
struct SearchLeftOut {
  bool learning = false;    ///< cuts that learn from samples were not tried
  std::size_t samples = 0;  ///< that could choose and were not looked at
  std::size_t edits = 0;    ///< edits of one layer that were not looked at: no candidate has them
  std::size_t singles = 0;  ///< edits of one layer that were not measured alone: their damage was guessed
  bool plan = false;        ///< the first joint plan was not measured to its end
  bool operator==(const SearchLeftOut&) const = default;
};

struct SearchResult {
  std::optional<Candidate> best;  ///< nothing where no recipe is valid
  std::vector<Candidate> front;   ///< no other one is smaller and better; by rising bytes
  std::uint64_t bytesBefore = 0;  ///< of the uncut model, in the kind that was asked for
  std::size_t evaluated = 0;      ///< joint recipes
  std::size_t singles = 0;        ///< edits of one layer measured before
  std::size_t resumed = 0;        ///< measurements taken from the journal
  std::size_t samples = 0;        ///< that choices are made on
  double seconds = 0;
  SearchEnd end = SearchEnd::Patience;
  SearchLeftOut leftOut = {};

  /// Whether there is a cut that keeps within what was asked for: the uncut model is none.
  bool found() const { return best && !best->recipe.empty(); }
};

/// Before the start, from a few timed runs; of one rank. Saliency and latency are counted where they are
/// asked for.
struct SearchForecast {
  bool learns = true;          ///< false: learning from samples would take too much of the time that is given
  bool complete = true;        ///< false: timing it would have taken too much of the time that is given
  double perSample = 0;        ///< seconds that a cut takes to answer one sample, with all workers
  double learning = 0;         ///< seconds that methods need to learn from samples, once
  double perDrift = 0;         ///< seconds to compare the saliency maps of one cut
  double perLatency = 0;       ///< timing of one; 0 where it is not asked for
  std::size_t singles = 0;     ///< edits of one layer to be measured
  double firstPlan = 0;        ///< seconds until the first joint plan is measured
  double perCandidate = 0;     ///< seconds
  std::size_t candidates = 0;  ///< joint recipes at most, in the time that is given
  double seconds = 0;          ///< until the end at the latest
  std::size_t memoryBytes = 0;  ///< besides the weights
};

/// The news that the search tells while it runs; on the calling thread.
struct SearchProgress {
  enum class Stage { Sizes, Singles, Plan, Refine };
  Stage stage = Stage::Sizes;
  std::size_t done = 0, total = 0;  ///< within the stage; total 0: not known
  const SearchResult* result = nullptr;
  const Candidate* latest = nullptr;  ///< the joint recipe measured just now; null for other news
};

class SearchJournal;

struct SearchHooks {
  std::function<void(const SearchProgress&)> onProgress;
  SearchJournal* journal = nullptr;  ///< where measurements are kept and taken from; null: nowhere
};

/// How a batch of recipes is to be measured. Each one's race depends on nothing but itself, so that a batch
/// gives the same results wherever its parts are measured.
struct RaceRule {
  std::size_t samples = 0;         ///< at most
  std::optional<double> hopeless;  ///< stop where even the interval's low end is above this drop
  bool latency = false;            ///< time complete ones
  bool saliency = false;           ///< compare the saliency maps of complete ones
};

struct Measurement {
  Trial trial;
  std::optional<double> latency;
  std::optional<SaliencyDrift> drift = {};
};

/// The meter that the search measures with: a session, ranks of them, or a test's formula.
class CandidateMeter {
 public:
  virtual ~CandidateMeter() = default;
  virtual QualityKind kind() const = 0;
  virtual std::size_t total() const = 0;
  virtual std::uint64_t bytes(const Recipe& recipe) = 0;
  /// Gives the bytes that one edit alone adds to the file, below 0 where it saves; a forecast where the truth
  /// takes long.
  virtual std::int64_t bytesAdded(const std::string& layer, const LayerEdit& edit);
  /// Squared error of what the layer makes of calibration samples, or, where those are not looked at, of its
  /// weights, as a share of the squares; nothing where the edit does nothing.
  virtual std::optional<double> noise(const std::string& layer, const LayerEdit& edit) = 0;
  virtual std::vector<Measurement> measure(const std::vector<Recipe>& batch, const RaceRule& rule) = 0;
  virtual double elapsed() const = 0;  ///< seconds since the search began
};

/// `layers`: names of those that may be cut. Deterministic: the same request and meter give the same
/// candidates in the same order, until time runs out or a stop is asked for.
SearchResult searchCuts(const std::vector<std::string>& layers, const SearchRequest& request,
                        CandidateMeter& meter, const SearchHooks& hooks, const Progress& progress);

/// Of those that are complete, the ones that no other one beats in both bytes and drop.
std::vector<Candidate> frontOf(const std::vector<Candidate>& candidates);

}  // namespace lapidary::core
