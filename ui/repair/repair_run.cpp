#include "ui/repair/repair_run.h"

#include <chrono>

#include "core/session_repaired.h"
#include "ui/open_model.h"
#include "ui/remembered_choice.h"

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

void PauseGate::pass(const std::stop_token& stop) {
  std::unique_lock lock(m_mutex);
  m_wake.wait(lock, stop, [this] { return !m_paused; });
}

std::shared_ptr<const core::Session> schoolOf(const RepairTask& task) {
  const core::Session& open = *task.session;
  if (task.data.kind == TrainingData::Kind::Open || open.data() == nullptr) return task.session;
  const auto source = task.data.kind == TrainingData::Kind::Demo
                          ? demoTrainingDigits()
                          : core::openData(task.data.path.toStdString());
  const auto data = std::make_shared<const core::Dataset>(source, open.data()->preprocess(), open.model(),
                                                          open.data()->preprocessOrigin());
  core::Session::Options options;
  options.workers = open.workers();
  options.memoryBytes = (static_cast<std::size_t>(memoryBudget().current()) << 20) / 2;
  options.calibrationSamples = static_cast<std::size_t>(calibrationSamples().current());
  options.calibrationData = open.sharedData();  // the cut that is shown
  return std::make_shared<const core::Session>(open.model(), data, options);
}

RepairResult runRepair(const RepairTask& task, PauseGate& gate, const std::stop_token& stop,
                       const std::function<void(const RepairNews&)>& tell) {
  const auto school = schoolOf(task);
  using Clock = std::chrono::steady_clock;
  Clock::time_point next;
  const core::Progress progress{stop, [&](std::size_t done, std::size_t total) {
                                  gate.pass(stop);
                                  if (Clock::now() < next) return;
                                  next = Clock::now() + newsPause;
                                  tell({done, total, std::nullopt});
                                }};
  const core::Repaired repaired =
      core::repair(*school, task.request, progress, [&](const core::RepairEpoch& epoch) {
        const std::size_t samples = school->data()->size();
        tell({epoch.epoch * samples, task.request.train.epochs * samples, epoch});
        return true;
      });
  return {repaired.epochs, repaired.best, core::recipeOf(task.session->model(), repaired)};
}

}  // namespace lapidary::ui
