// SPDX-License-Identifier: GPL-3.0-or-later
// The search on a model of damage that is known, so that the best recipe can be found by trying all.
#include "core/search/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/search/search_table.h"

namespace lapidary::core {
namespace {

constexpr std::size_t total = 1000;
const std::vector<std::string> layers{"a", "b", "c"};
/// Parameters of the layers, and how much noise in each hurts.
const std::map<std::string, double> sizes{{"a", 100}, {"b", 1000}, {"c", 4000}};
const std::map<std::string, double> pains{{"a", 3.0}, {"b", 1.0}, {"c", 0.4}};

double noiseOf(const LayerEdit& edit) {
  const double pruned = edit.prune.mode == PruneMode::None ? 0 : std::pow(edit.prune.value, 3);
  return pruned + (edit.quantize.scheme == Scheme::None ? 0 : std::pow(4.0, -edit.quantize.bits));
}

std::uint64_t bytesOf(const Recipe& recipe) {
  double bytes = 200;
  for (const auto& [layer, size] : sizes) {
    const LayerEdit edit = recipe.editOf(layer);
    const double kept = edit.prune.mode == PruneMode::None ? 1 : 1 - edit.prune.value;
    const double bits = edit.quantize.scheme == Scheme::None ? 32 : edit.quantize.bits;
    bytes += size * (kept * bits + 0.5) / 8;
  }
  return static_cast<std::uint64_t>(bytes);
}

/// Slightly more than additive, as real models are.
double trueDivergence(const Recipe& recipe) {
  double sum = 0;
  for (const auto& [layer, edit] : recipe.edits) sum += pains.at(layer) * noiseOf(edit);
  return sum * (1 + sum);
}

double trueDrop(const Recipe& recipe) { return 0.5 * trueDivergence(recipe); }

/// Maps suffer from noise in layer b ten times as much as the accuracy does.
double trueSaliency(const Recipe& recipe) {
  const auto edit = recipe.edits.find("b");
  return 1 - std::min(1.0, 0.5 * trueDivergence(recipe) +
                               (edit == recipe.edits.end() ? 0 : 5 * noiseOf(edit->second)));
}

SaliencyDrift driftOf(const Recipe& recipe) {
  const double kept = trueSaliency(recipe);
  return {{}, 64, {kept, {kept - 0.02, std::min(1.0, kept + 0.02)}}, {1, {1, 1}}, {1, {1, 1}}};
}

class FormulaMeter : public CandidateMeter {
 public:
  QualityKind kind() const override { return QualityKind::Accuracy; }
  std::size_t total() const override { return core::total; }
  std::uint64_t bytes(const Recipe& recipe) override { return bytesOf(recipe); }
  std::optional<double> noise(const std::string&, const LayerEdit& edit) override { return noiseOf(edit); }
  std::vector<Measurement> measure(const std::vector<Recipe>& batch, const RaceRule& rule) override {
    std::vector<Measurement> measured;
    for (const Recipe& recipe : batch) {
      if (stopAfter && seen.size() >= *stopAfter) source.request_stop();
      if (source.stop_requested()) break;
      seen.push_back(fingerprint(recipe));
      Trial trial;
      trial.samples = trial.rightBefore = trial.diverged = rule.samples;
      trial.lost =
          static_cast<std::size_t>(std::min(1.0, trueDrop(recipe)) * static_cast<double>(rule.samples));
      trial.right = trial.samples - trial.lost;
      trial.divergence = trueDivergence(recipe) * static_cast<double>(rule.samples);
      trial.regret = trueDrop(recipe) * static_cast<double>(rule.samples);
      trial.regretSquares = trueDrop(recipe) * trial.regret;
      measured.push_back({trial, {}});
      if (rule.saliency) measured.back().drift = driftOf(recipe);
    }
    return measured;
  }
  double elapsed() const override { return static_cast<double>(seen.size()); }

  std::vector<std::string> seen;
  std::stop_source source;
  std::optional<std::size_t> stopAfter;
};

SearchRequest requestOf() {
  SearchRequest request;
  request.prunings = {sparsitySetting(0.3), sparsitySetting(0.6)};
  request.quantizers = {bitsSetting(8), bitsSetting(5), bitsSetting(4), bitsSetting(3), bitsSetting(2)};
  return request;
}

/// The smallest recipe of all 18^3 that keeps within.
std::uint64_t smallest(const SearchRequest& request, double maxDrop) {
  const auto moves = joinedMoves(request);
  std::uint64_t least = bytesOf({});
  for (const auto& a : moves)
    for (const auto& b : moves)
      for (const auto& c : moves) {
        Recipe recipe;
        recipe.set("a", a.edit);
        recipe.set("b", b.edit);
        recipe.set("c", c.edit);
        const double lost = std::floor(std::min(1.0, trueDrop(recipe)) * total) / total;
        if (lost <= maxDrop + 1e-12 && trueDrop(recipe) <= maxDrop) least = std::min(least, bytesOf(recipe));
      }
  return least;
}

TEST(Search, ComesWithinAFewPercentOfTheBestOfAllRecipes) {
  for (const double floor : {0.005, 0.02, 0.1}) {
    SearchRequest request = requestOf();
    request.maxDrop = floor;
    FormulaMeter meter;
    const SearchResult result = searchCuts(layers, request, meter, {}, {});
    ASSERT_TRUE(result.best) << floor;
    EXPECT_LE(result.best->drop, floor);
    EXPECT_LE(static_cast<double>(result.best->bytes), 1.02 * static_cast<double>(smallest(request, floor)))
        << floor << " after " << result.evaluated;
    EXPECT_LT(result.evaluated, 600u);  // of 5,832
    EXPECT_EQ(result.best->bytes, bytesOf(result.best->recipe));
  }
}

TEST(Search, SaliencyThatMustStayIsKept) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.1;
  FormulaMeter free;
  const SearchResult without = searchCuts(layers, request, free, {}, {});
  ASSERT_TRUE(without.best);
  EXPECT_LT(trueSaliency(without.best->recipe), 0.9);
  EXPECT_FALSE(without.best->drift);
  request.minSaliency = 0.9;
  FormulaMeter bound;
  const SearchResult with = searchCuts(layers, request, bound, {}, {});
  ASSERT_TRUE(with.best && with.best->drift);
  EXPECT_GE(with.best->drift->rank.mean, 0.9);
  EXPECT_GE(with.best->bytes, without.best->bytes);
  std::uint64_t least = bytesOf({});
  const auto moves = joinedMoves(request);
  for (const auto& a : moves)
    for (const auto& b : moves)
      for (const auto& c : moves) {
        Recipe recipe;
        recipe.set("a", a.edit);
        recipe.set("b", b.edit);
        recipe.set("c", c.edit);
        if (trueDrop(recipe) <= 0.1 && trueSaliency(recipe) >= 0.9) least = std::min(least, bytesOf(recipe));
      }
  EXPECT_LE(static_cast<double>(with.best->bytes), 1.05 * static_cast<double>(least));
  request.saliencyMeasure = DriftMeasure::Ssim;  // which the formula never harms
  FormulaMeter other;
  EXPECT_EQ(searchCuts(layers, request, other, {}, {}).best->bytes, without.best->bytes);
}

TEST(Search, ABudgetOfBytesIsKeptAndUsed) {
  SearchRequest request = requestOf();
  request.maxBytes = 3500;
  FormulaMeter meter;
  const SearchResult result = searchCuts(layers, request, meter, {}, {});
  ASSERT_TRUE(result.best);
  EXPECT_LE(result.best->bytes, 3500u);
  for (const Candidate& candidate : result.front)
    EXPECT_TRUE(candidate.bytes > 3500 || candidate.drop >= result.best->drop);
}

TEST(Search, AFloorThatNothingMeetsGivesTheUncutModelOrNothing) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.001;
  request.maxBytes = 10;
  FormulaMeter meter;
  EXPECT_FALSE(searchCuts(layers, request, meter, {}, {}).best);
}

TEST(Search, TheFrontRisesInBytesAndFallsInDrop) {
  SearchRequest request = requestOf();
  FormulaMeter meter;
  const SearchResult result = searchCuts(layers, request, meter, {}, {});
  ASSERT_GT(result.front.size(), 5u);
  for (std::size_t i = 1; i < result.front.size(); ++i) {
    EXPECT_GT(result.front[i].bytes, result.front[i - 1].bytes);
    EXPECT_LT(result.front[i].drop, result.front[i - 1].drop);
  }
}

TEST(Search, IsTheSameEveryTimeAndAnotherForAnotherSeed) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.02;
  FormulaMeter once, again, other;
  searchCuts(layers, request, once, {}, {});
  searchCuts(layers, request, again, {}, {});
  request.seed = 2;
  searchCuts(layers, request, other, {}, {});
  EXPECT_EQ(once.seen, again.seen);
  EXPECT_NE(once.seen, other.seen);
}

TEST(Search, AStopKeepsTheBestAndTheFront) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.02;
  FormulaMeter meter;
  meter.stopAfter = 40;
  const SearchResult result = searchCuts(layers, request, meter, {}, {meter.source.get_token(), {}});
  EXPECT_EQ(result.end, SearchEnd::Stopped);
  ASSERT_TRUE(result.best);
  EXPECT_EQ(result.evaluated + result.singles, 40u);
  EXPECT_FALSE(result.front.empty());
}

TEST(Search, LimitsOfCandidatesAndTimeEndIt) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.02;
  request.mostCandidates = 20;
  FormulaMeter few;
  SearchResult result = searchCuts(layers, request, few, {}, {});
  EXPECT_EQ(result.end, SearchEnd::Candidates);
  EXPECT_LE(result.evaluated, 20u);
  request.mostCandidates = 2000;
  request.seconds = 45;  // the formula takes a second a candidate
  FormulaMeter timed;
  result = searchCuts(layers, request, timed, {}, {});
  EXPECT_EQ(result.end, SearchEnd::Time);
  EXPECT_LE(timed.seen.size(), 45u + 8);
}

/// Every question takes time, and what runs when the time is up is broken off.
class SlowMeter : public FormulaMeter {
 public:
  explicit SlowMeter(double most) : m_most(most) {}

  std::optional<double> noise(const std::string& layer, const LayerEdit& edit) override {
    spend(0.1);
    return FormulaMeter::noise(layer, edit);
  }
  std::vector<Measurement> measure(const std::vector<Recipe>& batch, const RaceRule& rule) override {
    std::vector<Measurement> measured;
    for (const Recipe& recipe : batch) {
      if (m_now + 1 > m_most) {
        m_now = m_most;
        source.request_stop();
        break;
      }
      m_now += 1;
      measured.push_back(FormulaMeter::measure({recipe}, rule).front());
    }
    return measured;
  }
  double elapsed() const override { return m_now; }

 private:
  void spend(double seconds) {
    m_now += seconds;
    if (m_now >= m_most) source.request_stop();
  }

  double m_most, m_now = 0;
};

TEST(Search, EveryPhaseLooksAtTheTimeAndSaysWhatItLeftOut) {
  for (const double seconds : {0.05, 1.0, 3.0, 6.0, 12.0, 20.0, 40.0, 60.0, 200.0}) {
    SearchRequest request = requestOf();
    request.maxDrop = 0.1;
    request.seconds = seconds;
    SlowMeter meter(seconds);
    const SearchResult result = searchCuts(layers, request, meter, {}, {meter.source.get_token(), {}});
    EXPECT_LE(meter.elapsed(), seconds + 0.11);
    const SearchLeftOut& out = result.leftOut;
    if (seconds < 3) {
      EXPECT_GT(out.edits, 0u) << seconds;
    }
    if (seconds < 20) {
      EXPECT_GT(out.edits + out.singles, 0u) << seconds;
    }
    if (seconds >= 12) {
      EXPECT_TRUE(result.found()) << seconds << " is enough for a cut";
    }
    if (seconds >= 200) {
      EXPECT_EQ(out, SearchLeftOut{});
    }
    if (result.found()) {
      EXPECT_LE(result.best->drop, 0.1);
    }
  }
}

TEST(Search, WithTimeEnoughALimitChangesNothing) {
  SearchRequest request = requestOf();
  request.maxDrop = 0.02;
  request.mostCandidates = 40;
  FormulaMeter free, bound;
  const SearchResult without = searchCuts(layers, request, free, {}, {});
  request.seconds = 1e6;
  const SearchResult with = searchCuts(layers, request, bound, {}, {});
  EXPECT_EQ(with.leftOut, SearchLeftOut{});
  EXPECT_EQ(free.seen, bound.seen);
  EXPECT_EQ(with.best->bytes, without.best->bytes);
}

TEST(Search, TheUncutModelIsNoCutThatWasFound) {
  SearchRequest request = requestOf();
  request.maxDrop = 0;
  request.prunings = {sparsitySetting(0.99)};
  request.quantizers = {bitsSetting(1, Scheme::Binary)};
  FormulaMeter meter;
  const SearchResult result = searchCuts(layers, request, meter, {}, {});
  ASSERT_TRUE(result.best);
  EXPECT_FALSE(result.found());
}

TEST(Search, DominatedEditsAreNoMovesAndForetoldDamageLiesBetween) {
  FormulaMeter meter;
  SearchTable table({"c"}, joinedMoves(requestOf()), meter, [](std::size_t) {});
  const auto& options = table.layers()[0].options;
  EXPECT_TRUE(options[0].edit.empty());
  for (std::size_t i = 2; i < options.size(); ++i) {
    EXPECT_LT(options[i].bytes, options[i - 1].bytes);
    EXPECT_GT(options[i].noise, options[i - 1].noise);
  }
  const std::size_t last = options.size() - 1;
  table.setDamage(0, 1, 1e-4);
  table.setDamage(0, last, 1);
  table.interpolate();
  for (std::size_t i = 2; i < last; ++i) {
    EXPECT_GT(options[i].damage, 1e-4);
    EXPECT_LT(options[i].damage, 1);
  }
}

TEST(Search, JoinedMovesHoldEveryPairOnce) {
  const auto moves = joinedMoves(requestOf());
  EXPECT_EQ(moves.size(), 18u);
  EXPECT_TRUE(moves.front().edit.empty());
  for (const auto& setting : joinedMoves({})) EXPECT_NO_THROW(validate(setting.edit)) << setting.label;
}

}  // namespace
}  // namespace lapidary::core
