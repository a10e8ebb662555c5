// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/training_forecast.h"

#include <algorithm>

#include "core/data/data_split.h"
#include "core/support/clock.h"

namespace lapidary::core {
namespace {

constexpr std::size_t timedBatches = 4, fewestSamples = 64;

double between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

TrainingForecast forecastTraining(const Session& session, const TriedTraining& tried,
                                  const Progress& progress) {
  const std::size_t all = session.data()->size();
  const std::size_t few = std::min(all, std::max(fewestSamples, timedBatches * tried.batch));
  Session::Options options;
  options.workers = session.workers();
  options.calibrationData = session.sharedData();
  const Session timed(session.model(), firstSamples(*session.data(), session.model(), few), options);

  // The first step makes what the others find ready.
  std::size_t steps = 0;
  const Clock::time_point begin = Clock::now();
  Clock::time_point ready = begin, stepping = begin, end = begin;
  const Progress watched{progress.stop, [&](std::size_t, std::size_t) {
                           if (++steps <= 2) stepping = Clock::now();
                         }};
  tried.run(timed, watched, [&](std::size_t epoch) { (epoch == 0 ? ready : end) = Clock::now(); });
  progress.check();
  const double teaching = 1 - tried.heldOut, trained = static_cast<double>(few) * teaching;
  const double afterFirst = std::max(trained - static_cast<double>(steps > 1 ? tried.batch : 0), 1.0);
  const double total = static_cast<double>(all) * teaching + static_cast<double>(tried.further);
  TrainingForecast forecast;
  forecast.perEpoch = between(stepping, end) / std::min(afterFirst, trained) * total;
  const double before =
      between(begin, ready) * static_cast<double>(all + tried.further) / static_cast<double>(few);
  forecast.seconds = before + static_cast<double>(tried.epochs) * forecast.perEpoch;
  return forecast;
}

}  // namespace lapidary::core
