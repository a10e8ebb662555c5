// SPDX-License-Identifier: GPL-3.0-or-later
// The search in a session: what it reports is what an evaluation gives; ranks and journals change nothing.
#include <gmock/gmock.h>

#include <thread>

#include "core/data/data_split.h"
#include "core/io/common/format.h"
#include "core/search/search_journal.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/core/support/thread_ranks.h"
#include "tests/support/demo_digits.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

Session choosingSession(unsigned workers = 1, DriftOptions drift = {}) {
  Model model = readModel(demo + "lenet300.onnx");
  const auto data = splitData(*digits(model), model, 0.75, 256).choosing;
  Session::Options options;
  options.workers = workers;
  options.drift = std::move(drift);
  return Session(std::move(model), data, options);
}

SearchRequest smallRequest() {
  SearchRequest request;
  request.maxDrop = 0.01;
  request.mostCandidates = 24;
  request.prunings = {sparsitySetting(0.5), sparsitySetting(0.8)};
  request.quantizers = {bitsSetting(8), bitsSetting(4), bitsSetting(2)};
  return request;
}

void expectSame(const SearchResult& a, const SearchResult& b) {
  ASSERT_TRUE(a.best && b.best);
  EXPECT_EQ(fingerprint(a.best->recipe), fingerprint(b.best->recipe));
  EXPECT_EQ(a.best->bytes, b.best->bytes);
  EXPECT_EQ(a.best->trial.divergence, b.best->trial.divergence);
  EXPECT_EQ(a.evaluated, b.evaluated);
  ASSERT_EQ(a.front.size(), b.front.size());
  for (std::size_t i = 0; i < a.front.size(); ++i) {
    EXPECT_EQ(a.front[i].bytes, b.front[i].bytes);
    EXPECT_EQ(a.front[i].drop, b.front[i].drop);
  }
}

SearchResult overRanks(unsigned count) {
  test::Post post(count);
  SearchResult result;
  const auto run = [&](unsigned rank) {
    const Session session = choosingSession();
    test::ThreadRanks ranks(post, rank);
    const SearchResult found = session.searchOver(ranks, smallRequest(), {}, {});
    if (rank == 0) result = found;
  };
  {
    std::vector<std::jthread> others;
    for (unsigned rank = 1; rank < count; ++rank) others.emplace_back(run, rank);
    run(0);
  }
  for (const auto& box : post.boxes) EXPECT_TRUE(box.empty()) << "a message was not read";
  return result;
}

TEST(SessionSearch, TheBestIsWhatAnEvaluationGives) {
  const Session session = choosingSession();
  const SearchResult result = session.search(smallRequest(), {}, {});
  ASSERT_TRUE(result.best);
  const Outcome outcome = session.evaluate(result.best->recipe, qualityOnly, {});
  EXPECT_EQ(result.best->bytes, outcome.footprint.fileAfter);
  EXPECT_NEAR(result.best->drop, -*outcome.quality->change, 1e-12);
  EXPECT_LE(result.best->drop, 0.01);
  EXPECT_LT(result.best->bytes, result.bytesBefore / 4);
  EXPECT_EQ(result.samples, session.data()->size());
}

TEST(SessionSearch, RanksChangeNothing) {
  const SearchResult one = choosingSession().search(smallRequest(), {}, {});
  for (const unsigned count : {1u, 2u, 3u}) expectSame(one, overRanks(count));
}

TEST(SessionSearch, AJournalLetsItGoOnWithoutMeasuringAgain) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path("journal");
  const Session session = choosingSession();
  const SearchResult plain = session.search(smallRequest(), {}, {});
  std::stop_source source;
  SearchResult broken;
  {
    SearchJournal journal(path, session.searchSubject());
    const SearchHooks hooks{[&](const SearchProgress& progress) {
                              if (progress.result->evaluated >= 5) source.request_stop();
                            },
                            &journal};
    broken = session.search(smallRequest(), hooks, {source.get_token(), {}});
    EXPECT_EQ(broken.end, SearchEnd::Stopped);
    EXPECT_GE(journal.size(), broken.evaluated + broken.singles);
  }
  SearchJournal journal(path, session.searchSubject());
  const std::size_t before = journal.size();
  const SearchResult resumed = session.search(smallRequest(), {{}, &journal}, {});
  EXPECT_EQ(resumed.resumed, before);
  expectSame(plain, resumed);
  const std::size_t after = journal.size();
  const SearchResult again = session.search(smallRequest(), {{}, &journal}, {});
  EXPECT_EQ(journal.size(), after) << "something was measured again";
  expectSame(plain, again);
}

/// The best that is free of the floor drifts below it, the best under the floor does not; the journal knows
/// it.
TEST(SessionSearch, SaliencyThatMustStayIsKept) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path("journal");
  const Session session = choosingSession(2, {"gradient", 12, 0.1});
  const auto driftOf = [&](const Recipe& recipe) {
    return session.evaluate(recipe, {.measure = {measurement::saliency}}, {})
        .drift->of(DriftMeasure::Ssim)
        .mean;
  };
  SearchRequest request = smallRequest();
  request.mostCandidates = 12;
  const SearchResult without = session.search(request, {}, {});
  ASSERT_TRUE(without.best);
  const double free = driftOf(without.best->recipe);
  request.minSaliency = free + 0.5 * (1 - free);
  request.saliencyMeasure = DriftMeasure::Ssim;
  SearchResult with;
  {
    SearchJournal journal(path, session.searchSubject());
    with = session.search(request, {{}, &journal}, {});
  }
  ASSERT_TRUE(with.best && with.best->drift);
  EXPECT_GE(driftOf(with.best->recipe), *request.minSaliency);
  EXPECT_EQ(with.best->drift->ssim.mean, driftOf(with.best->recipe));
  EXPECT_LT(with.best->bytes, with.bytesBefore);
  SearchJournal journal(path, session.searchSubject());
  const std::size_t lines = journal.size();
  const SearchResult again = session.search(request, {{}, &journal}, {});
  EXPECT_EQ(journal.size(), lines) << "something was measured again";
  expectSame(with, again);
  EXPECT_EQ(again.best->drift->ssim.mean, with.best->drift->ssim.mean);
}

TEST(SessionSearch, TellsApartModelsAndData) {
  const Session session = choosingSession();
  EXPECT_EQ(session.searchSubject(), choosingSession(2).searchSubject());
  Model model = readModel(demo + "lenet300.onnx");
  const auto all = digits(model);
  EXPECT_NE(session.searchSubject(), Session(model, all, {}).searchSubject());
  Model other = readModel(demo + "lenet5.onnx");
  EXPECT_NE(session.searchSubject(), Session(other, digits(other), {}).searchSubject());
}

TEST(SessionSearch, WithoutDataItSaysSo) {
  const Session session(readModel(demo + "lenet300.onnx"), nullptr, {});
  try {
    session.search(smallRequest(), {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
  }
}

TEST(SessionSearch, ForecastsCountWhatWillBeMeasured) {
  const Session session = choosingSession();
  SearchRequest request = smallRequest();
  const SearchForecast forecast = session.forecast(request, {});
  EXPECT_GT(forecast.firstPlan, 0);
  EXPECT_GT(forecast.perCandidate, 0);
  EXPECT_GE(forecast.seconds, forecast.firstPlan);
  EXPECT_GT(forecast.memoryBytes, 0u);
  request.seconds = forecast.firstPlan + 1;
  EXPECT_LE(session.forecast(request, {}).candidates, request.mostCandidates);
}

SearchResult searchedFor(double seconds) {
  SearchRequest request;
  request.maxDrop = 0.01;
  request.seconds = seconds;
  return choosingSession().search(request, {}, {});
}

/// In so little time the original alone cannot be measured; whatever runs is broken off.
TEST(SessionSearch, ATimeLimitEndsWhateverRuns) {
  for (const double seconds : {0.0, 0.01}) {
    const SearchResult result = searchedFor(seconds);
    EXPECT_EQ(result.end, SearchEnd::Time) << seconds;
    EXPECT_LT(result.seconds, seconds + 2);
    EXPECT_NE(result.leftOut, SearchLeftOut{}) << seconds;
  }
}

/// How far a search comes depends on the machine; when it ends does not.
TEST(SessionSearch, ALongerTimeLimitIsKeptToo) {
  for (const double seconds : {0.1, 0.3, 1.0}) EXPECT_LT(searchedFor(seconds).seconds, seconds + 2);
}

TEST(SessionSearch, AForecastCountsSaliencyAndLatencyAndFitsTheTime) {
  const Session session = choosingSession(1, {"gradient", 64, 0.1});
  SearchRequest request = smallRequest();
  const SearchForecast plain = session.forecast(request, {});
  EXPECT_TRUE(plain.complete);
  EXPECT_EQ(plain.perDrift, 0);
  request.minSaliency = 0.5;
  const SearchForecast saliency = session.forecast(request, {});
  EXPECT_GT(saliency.perDrift, 0);
  EXPECT_GE(saliency.perCandidate, saliency.perDrift);
  request.minSaliency.reset();
  request.maxLatency = 1;
  const SearchForecast latency = session.forecast(request, {});
  EXPECT_GT(latency.perLatency, 0);
  EXPECT_GE(latency.perCandidate, latency.perLatency);
  EXPECT_EQ(saliency.perLatency, 0);
  request.seconds = 2;
  EXPECT_LE(session.forecast(request, {}).seconds, 2);
  request.seconds = 0;
  EXPECT_FALSE(session.forecast(request, {}).complete);
}

TEST(DataSplit, HalvesAreDisjointStratifiedAndAlwaysTheSame) {
  const Model model = readModel(demo + "lenet300.onnx");
  const auto data = digits(model);
  const DataSplit split = splitData(*data, model, 0.25, 256), again = splitData(*data, model, 0.25, 256);
  std::set<std::string> names;
  std::vector<double> classes(10);
  for (std::size_t i = 0; i < split.reporting->size(); ++i) {
    names.insert(split.reporting->source().sampleName(i));
    ++classes[static_cast<std::size_t>(split.reporting->source().label(i))];
    EXPECT_EQ(split.reporting->source().sampleName(i), again.reporting->source().sampleName(i));
  }
  for (std::size_t i = 0; i < split.calibration->size(); ++i) {
    const std::string& name = split.calibration->source().sampleName(i);
    EXPECT_FALSE(names.contains(name));
    names.insert(name);
  }
  EXPECT_NEAR(static_cast<double>(split.calibration->size()), 256, 10);
  for (std::size_t i = 0; i < split.choosing->size(); ++i)
    EXPECT_FALSE(names.contains(split.choosing->source().sampleName(i)));
  EXPECT_EQ(split.calibration->size() + split.choosing->size() + split.reporting->size(), data->size());
  std::vector<double> whole(10);
  for (std::size_t i = 0; i < data->size(); ++i) ++whole[static_cast<std::size_t>(data->source().label(i))];
  for (std::size_t c = 0; c < 10; ++c) EXPECT_NEAR(classes[c], whole[c] / 4, 1);
  EXPECT_THROW(splitData(*data, model, 0, 256), Error);
  EXPECT_THROW(splitData(*data, model, 1, 256), Error);
}

}  // namespace
}  // namespace lapidary::core
