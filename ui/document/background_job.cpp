// SPDX-License-Identifier: GPL-3.0-or-later
// One worker thread a job; newer work replaces waiting work, and results of older runs are dropped.
#include "ui/document/background_job.h"

#include <QMetaObject>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "ui/look/failure_text.h"

namespace lapidary::ui {

namespace {

constexpr auto progressPause = std::chrono::milliseconds(50);

std::atomic<int> jobsAtWork{0};

/// Lets one step in `progressPause` through, and always the last.
class Throttle {
 public:
  bool pass(std::size_t done, std::size_t total) {
    if (done >= total) return true;
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    auto last = m_last.load();
    const auto pause = std::chrono::duration_cast<std::chrono::steady_clock::duration>(progressPause).count();
    return now - last >= pause && m_last.compare_exchange_strong(last, now);
  }

 private:
  std::atomic<std::chrono::steady_clock::rep> m_last{0};
};

}  // namespace

struct BackgroundJob::Run {
  using Work = std::function<Deliver(const core::Progress&)>;

  BackgroundJob* owner = nullptr;
  std::mutex mutex;
  std::condition_variable wake;
  std::optional<Work> waiting;
  std::stop_source stop;     ///< of the newest run
  std::uint64_t newest = 0;  ///< number of the newest run or cancel
  std::atomic<std::uint64_t> executing{0};
  bool active = false;  ///< GUI thread only: the newest run has not ended
  bool quit = false;
  std::thread thread;

  void loop();
  void execute(const Work& work, std::uint64_t number, std::stop_token token);
  /// Queues `deliver` to the GUI thread for run `number`.
  void post(std::uint64_t number, Deliver deliver);
  /// A result that cannot be shown ends its run as failed.
  void hand(const Deliver& deliver);
  /// Asks the newest run to stop; nothing more of it is delivered.
  void drop();
  bool isNewest(std::uint64_t number) {
    const std::lock_guard lock(mutex);
    return number == newest;
  }
};

void BackgroundJob::Run::loop() {
  for (;;) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return quit || waiting; });
    if (quit) return;
    const Work work = std::move(*waiting);
    waiting.reset();
    const auto number = newest;
    const auto token = stop.get_token();
    ++jobsAtWork;  // under the lock: after a cancel nothing begins that was not counted
    lock.unlock();
    executing = number;
    execute(work, number, token);
    --jobsAtWork;
  }
}

void BackgroundJob::Run::execute(const Work& work, std::uint64_t number, std::stop_token token) {
  const auto throttle = std::make_shared<Throttle>();
  core::Progress progress;
  progress.stop = std::move(token);
  progress.onStep = [this, number, throttle](std::size_t done, std::size_t total) {
    if (throttle->pass(done, total))
      post(number, [this, done, total] { emit owner->progressed(done, total); });
  };
  QString failure;
  try {
    Deliver deliver = work(progress);
    return post(number, [this, deliver] {
      active = false;
      if (deliver) deliver();
      emit owner->finished();
    });
  } catch (const core::Cancelled&) {
  } catch (...) {
    failure = caughtText();
  }
  post(number, [this, failure] {
    active = false;
    if (failure.isEmpty())
      emit owner->cancelled();
    else
      emit owner->failed(failure);
  });
}

void BackgroundJob::Run::post(std::uint64_t number, Deliver deliver) {
  QMetaObject::invokeMethod(
      owner,
      [this, number, deliver = std::move(deliver)] {
        if (isNewest(number)) hand(deliver);
      },
      Qt::QueuedConnection);
}

void BackgroundJob::Run::hand(const Deliver& deliver) {
  QString failure;
  try {
    return deliver();
  } catch (...) {
    failure = caughtText();
  }
  drop();
  emit owner->failed(failure);
}

void BackgroundJob::Run::drop() {
  {
    const std::lock_guard lock(mutex);
    stop.request_stop();
    ++newest;
    waiting.reset();
  }
  active = false;
}

BackgroundJob::BackgroundJob(QObject* parent) : QObject(parent), m_run(std::make_shared<Run>()) {
  m_run->owner = this;
}

BackgroundJob::~BackgroundJob() {
  // What waits goes without the lock, and before the run: it may hold a poster, which holds that.
  std::optional<Run::Work> waiting;
  {
    const std::lock_guard lock(m_run->mutex);
    std::swap(waiting, m_run->waiting);
    m_run->quit = true;
    ++m_run->newest;
    m_run->stop.request_stop();
  }
  m_run->wake.notify_all();
  if (m_run->thread.joinable()) m_run->thread.join();
}

void BackgroundJob::start(std::function<Deliver(const core::Progress&)> work) {
  {
    const std::lock_guard lock(m_run->mutex);
    m_run->stop.request_stop();
    m_run->stop = std::stop_source();
    ++m_run->newest;
    m_run->waiting = std::move(work);
  }
  m_run->active = true;
  if (!m_run->thread.joinable()) m_run->thread = std::thread([run = m_run.get()] { run->loop(); });
  m_run->wake.notify_all();
  emit started();
}

void BackgroundJob::cancel() {
  if (!m_run->active) return;
  m_run->drop();
  emit cancelled();
}

bool BackgroundJob::running() const { return m_run->active; }

int BackgroundJob::atWork() { return jobsAtWork; }

std::function<void(BackgroundJob::Deliver)> BackgroundJob::poster() {
  return [run = m_run](Deliver deliver) { run->post(run->executing, std::move(deliver)); };
}

}  // namespace lapidary::ui
