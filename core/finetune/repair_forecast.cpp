// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/repair_forecast.h"

#include <algorithm>
#include <chrono>

#include "core/data/sample_subset.h"
#include "core/support/clock.h"

namespace lapidary::core {
namespace {

constexpr std::size_t timedBatches = 4, fewestSamples = 64;
constexpr std::size_t pictureBytes = std::size_t{16} << 20;

double seconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// The first samples of the order, which holds the classes in about their share.
std::shared_ptr<const Dataset> firstOf(const Dataset& data, const Model& model, std::size_t count) {
  const auto& order = data.order();
  std::vector<std::size_t> samples(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  const auto source =
      std::make_shared<const SampleSubset>(data.sharedSource(), std::move(samples), pictureBytes);
  return std::make_shared<const Dataset>(source, data.preprocess(), model, data.preprocessOrigin());
}

}  // namespace

RepairForecast forecastRepair(const Session& session, const RepairRequest& request,
                              const Progress& progress) {
  if (session.data() == nullptr) throw Error(ErrorKind::Usage, "a repair learns from samples: open data");
  const std::size_t all = session.data()->size();
  const std::size_t few = std::min(all, std::max(fewestSamples, timedBatches * request.train.batch));
  Session::Options options;
  options.workers = session.workers();
  options.calibrationData = session.sharedData();
  const Session timed(session.model(), firstOf(*session.data(), session.model(), few), options);
  RepairRequest once = request;
  once.train.epochs = 1;

  // The first step makes what the others find ready.
  std::size_t steps = 0;
  const Clock::time_point begin = Clock::now();
  Clock::time_point ready = begin, stepping = begin, end = begin;
  const Progress watched{progress.stop, [&](std::size_t, std::size_t) {
                           if (++steps <= 2) stepping = Clock::now();
                         }};
  repair(timed, once, watched, [&](const RepairEpoch& epoch) {
    (epoch.epoch == 0 ? ready : end) = Clock::now();
    return true;
  });
  progress.check();
  const auto trained = static_cast<double>(few) * (1 - request.heldOut);
  const double afterFirst = std::max(trained - static_cast<double>(steps > 1 ? request.train.batch : 0), 1.0);
  RepairForecast forecast;
  forecast.perEpoch = seconds(stepping, end) / std::min(afterFirst, trained) * static_cast<double>(all) *
                      (1 - request.heldOut);
  const double before = seconds(begin, ready) * static_cast<double>(all) / static_cast<double>(few);
  forecast.seconds = before + static_cast<double>(request.train.epochs) * forecast.perEpoch;
  return forecast;
}

}  // namespace lapidary::core
