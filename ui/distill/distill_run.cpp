// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/distill/distill_run.h"

#include <algorithm>
#include <chrono>

#include "core/student/make_student.h"
#include "ui/look/remembered_choice.h"

namespace lapidary::ui {

namespace {

constexpr auto newsPause = std::chrono::milliseconds(50);

std::shared_ptr<const core::Session> sessionOf(const core::Session& teacher, core::Model student,
                                               const std::optional<core::Preprocess>& preprocess) {
  core::Session::Options options;
  options.workers = teacher.workers();
  options.memoryBytes = (static_cast<std::size_t>(memoryBudget().current()) << 20) / 4;
  const auto data = core::studentData(*teacher.data(), student, preprocess);
  return std::make_shared<const core::Session>(std::move(student), data, options);
}

/// Untrained; says in the request how samples become its input.
core::Model studentFor(const DistillTask& task, const core::Session& training, core::DistillRequest& request,
                       const core::Progress& progress) {
  core::Model student = core::makeStudent(task.student, training.model(), core::studentTask(training),
                                          request.train.seed, progress);
  request.preprocess = core::preprocessBeside(student, training.data()->source());
  return student;
}

}  // namespace

core::TrainingForecast forecastOf(const DistillTask& task, const core::Progress& progress) {
  const auto training = trainingSession({task.session, task.data, {}});
  core::DistillRequest request = task.request;
  const core::Model student = studentFor(task, *training, request, progress);
  return core::forecastDistill(*training, student, request, progress);
}

std::shared_ptr<const DistillResult> runDistill(const DistillTask& task, PauseGate& gate,
                                                const std::stop_token& stop, const core::Progress& progress,
                                                const std::function<void(const DistillNews&)>& tell) {
  using Clock = std::chrono::steady_clock;
  const auto training = trainingSession({task.session, task.data, {}});
  std::stop_source either;
  const std::stop_callback byPerson(stop, [&] { either.request_stop(); });
  const std::stop_callback byWindow(progress.stop, [&] { either.request_stop(); });
  core::DistillRequest request = task.request;
  const core::Progress stopOnly{either.get_token(), {}};
  const core::Progress steps{either.get_token(),
                             [&](std::size_t, std::size_t) { gate.pass(either.get_token()); }};
  const core::Model student = studentFor(task, *training, request, stopOnly);
  const std::size_t samples = request.train.epochs * training->data()->size();
  const auto onEpoch = [&](const core::TrainedEpoch& epoch) {
    tell({epoch.epoch * training->data()->size(), samples, epoch, {}});
    return true;
  };
  Clock::time_point next;
  const auto onStep = [&](const core::StepNews& step) {
    if (Clock::now() < next) return;
    next = Clock::now() + newsPause;
    tell({samples * step.step / std::max<std::size_t>(1, step.steps), samples, {}, step});
  };
  const core::Distilled distilled = core::distill(*training, student, request, steps, onEpoch, onStep);
  progress.check();
  auto result = std::make_shared<DistillResult>();
  result->spec = task.student;
  result->epochs = distilled.epochs;
  result->best = distilled.best;
  result->teacher = task.session;
  result->student = sessionOf(*task.session, distilled.model, request.preprocess);
  result->comparison =
      core::compareStudent(*task.session, distilled.model, *result->student->data(), progress);
  return result;
}

}  // namespace lapidary::ui
