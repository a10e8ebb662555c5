// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/search/search_run.h"

#include <chrono>

#include "core/data/data_split.h"
#include "ui/document/visited_recipes.h"
#include "ui/look/remembered_choice.h"

namespace lapidary::ui {

SearchHalves searchHalves(const core::Session& session) {
  if (session.data() == nullptr)
    throw core::Error(core::ErrorKind::Usage, "the search needs data to measure on");
  core::Session::Options options;
  options.workers = session.workers();
  options.memoryBytes = (static_cast<std::size_t>(memoryBudget().current()) << 20) / 2;
  options.calibrationSamples = static_cast<std::size_t>(calibrationSamples().current());
  const core::DataSplit split =
      core::splitData(*session.data(), session.model(), 0.5, options.calibrationSamples);
  options.calibrationData = split.calibration;
  SearchHalves halves;
  halves.choosing = std::make_shared<const core::Session>(session.model(), split.choosing, options);
  halves.reporting = std::make_shared<const core::Session>(session.model(), split.reporting, options);
  return halves;
}

namespace {

std::vector<SearchFrontPoint> frontOf(const core::Session& session, const core::SearchResult& result) {
  std::vector<SearchFrontPoint> front;
  for (const core::Candidate& candidate : result.front) {
    core::Outcome measured;
    measured.drift = candidate.drift;
    front.push_back({candidate.recipe, session.footprint(candidate.recipe).fileAfter, candidate.drop,
                     candidate.dropInterval, candidate.trial.samples, figuresOf(measured)});
  }
  return front;
}

}  // namespace

SearchOutcome runSearch(const core::Session& session, const core::SearchRequest& request,
                        const core::Progress& stop, const std::function<void(const SearchNews&)>& tell) {
  using Clock = std::chrono::steady_clock;
  const SearchHalves halves = searchHalves(session);
  Clock::time_point next;
  const core::SearchHooks hooks{[&](const core::SearchProgress& progress) {
                                  const auto now = Clock::now();
                                  if (now < next) return;
                                  next = now + std::chrono::milliseconds(100);
                                  tell({*progress.result, frontOf(*halves.choosing, *progress.result),
                                        progress.stage, progress.done, progress.total});
                                },
                                nullptr};
  SearchOutcome outcome{halves.choosing->search(request, hooks, stop), {}, std::nullopt};
  outcome.front = frontOf(*halves.choosing, outcome.result);
  if (outcome.result.best)
    outcome.reported =
        halves.reporting->evaluate(outcome.result.best->recipe, {.measure = {}, .keepActivations = false}, {})
            .quality;
  return outcome;
}

}  // namespace lapidary::ui
