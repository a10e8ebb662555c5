// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/repair/repair_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/finetune/repaired_recipe.h"
#include "ui/files/open_model.h"
#include "ui/look/remembered_choice.h"

namespace lapidary::ui {

namespace {

constexpr auto newsPause = std::chrono::milliseconds(50);

}  // namespace

void PauseGate::setPaused(bool paused) {
  {
    const std::lock_guard lock(m_mutex);
    m_paused = paused;
  }
  m_wake.notify_all();
}

bool PauseGate::paused() const {
  const std::lock_guard lock(m_mutex);
  return m_paused;
}

bool PauseGate::holds() const {
  const std::lock_guard lock(m_mutex);
  return m_holds;
}

void PauseGate::pass(const std::stop_token& stop) {
  std::unique_lock lock(m_mutex);
  m_holds = m_paused;
  m_wake.wait(lock, stop, [this] { return !m_paused; });
  m_holds = false;
}

namespace {

/// The part to train on, where the data have one and none is named.
std::shared_ptr<const core::DataSource> dataToLearnFrom(const std::string& where) {
  auto source = core::openData(where);
  const core::DataParts parts = source->parts();
  const core::DataPlace place = core::dataPlace(where);
  if (place.part || !parts.samples.contains(core::DataPart::Train)) return source;
  return core::openData(core::pathOf({place.file, core::DataPart::Train}));
}

}  // namespace

std::shared_ptr<const core::Session> trainingSession(const RepairTask& task) {
  const core::Session& open = *task.session;
  if (task.data.kind == TrainingData::Kind::Open || open.data() == nullptr) return task.session;
  const auto source = task.data.kind == TrainingData::Kind::Demo
                          ? demoTrainingDigits()
                          : dataToLearnFrom(task.data.path.toStdString());
  const auto data = std::make_shared<const core::Dataset>(source, open.data()->preprocess(), open.model(),
                                                          open.data()->preprocessOrigin());
  core::Session::Options options;
  options.workers = open.workers();
  options.memoryBytes = (static_cast<std::size_t>(memoryBudget().current()) << 20) / 2;
  options.calibrationSamples = static_cast<std::size_t>(calibrationSamples().current());
  options.calibrationData = open.sharedData();  // the cut that is shown
  return std::make_shared<const core::Session>(open.model(), data, options);
}

namespace {

/// The progress of a training through its epochs, from what is heard of it.
class Whereabouts {
 public:
  explicit Whereabouts(double samplesAnEpoch) : m_samples(samplesAnEpoch) {}

  /// Samples are counted from any number on.
  double step(std::size_t done) {
    if (std::exchange(m_epochBegins, false)) m_first = done;
    const double part = m_samples > 0 ? static_cast<double>(done - std::min(done, m_first)) / m_samples : 0;
    return m_epochs + std::min(part, 1.0);
  }
  double epoch(std::size_t over) {
    m_epochBegins = m_begun = true;
    return m_epochs = static_cast<double>(over);
  }
  bool begun() const { return m_begun; }

 private:
  double m_samples, m_epochs = 0;
  std::size_t m_first = 0;
  bool m_epochBegins = false, m_begun = false;
};

/// Gathers losses from several threads.
class LossMeter {
 public:
  void add(double sum, std::size_t samples) {
    const std::lock_guard lock(m_mutex);
    m_sum += sum;
    m_samples += samples;
  }
  /// Of all that came since the last time; nothing where nothing came.
  std::optional<double> takeMean() {
    const std::lock_guard lock(m_mutex);
    const double sum = std::exchange(m_sum, 0);
    const std::size_t samples = std::exchange(m_samples, 0);
    return samples > 0 ? std::optional(sum / static_cast<double>(samples)) : std::nullopt;
  }

 private:
  std::mutex m_mutex;
  double m_sum = 0;
  std::size_t m_samples = 0;
};

}  // namespace

RepairResult runRepair(const RepairTask& task, PauseGate& gate, const std::stop_token& stop,
                       const std::function<void(const RepairNews&)>& tell) {
  using Clock = std::chrono::steady_clock;
  const auto training = trainingSession(task);
  Whereabouts where((1 - task.request.heldOut) * static_cast<double>(training->data()->size()));
  LossMeter meter;
  Clock::time_point next;
  const core::Progress progress{stop, [&](std::size_t done, std::size_t) {
                                  gate.pass(stop);
                                  if (!where.begun()) return;  // what comes before the first step
                                  const double now = where.step(done);
                                  if (Clock::now() < next) return;
                                  next = Clock::now() + newsPause;
                                  tell({now, std::nullopt, meter.takeMean()});
                                }};
  core::RepairRequest request = task.request;
  request.loss.heard = [&](double sum, std::size_t samples) { meter.add(sum, samples); };
  const core::Repaired repaired =
      core::repair(*training, request, progress, [&](const core::RepairEpoch& epoch) {
        tell({where.epoch(epoch.epoch), epoch, meter.takeMean()});
        return true;
      });
  return {repaired.epochs, repaired.best, core::recipeOf(task.session->model(), repaired)};
}

}  // namespace lapidary::ui
