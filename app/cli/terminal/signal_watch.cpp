// SPDX-License-Identifier: GPL-3.0-or-later
#include "signal_watch.h"

#include <pthread.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "output.h"

namespace lapidary::cli {
namespace {

sigset_t setOf(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

void blockSignals(std::initializer_list<int> signals, bool on) {
  const sigset_t set = setOf(signals);
  pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, nullptr);
}

void onSignals(std::initializer_list<int> signals, std::function<void()> heard) {
  std::thread([set = setOf(signals), heard = std::move(heard)] {
    for (;;) {
      int signal = 0;
      if (sigwait(&set, &signal) == 0) heard();
    }
  }).detach();
}

core::Progress interruptible(const char* says) {
  static std::stop_source source;
  onSignals({SIGINT}, [says] {
    if (!source.request_stop()) std::_Exit(128 + SIGINT);
    note(says);
  });
  return {source.get_token(), {}};
}

bool ranToEnd(const char* step, const std::function<void(const core::Progress&)>& work) {
  core::Progress progress = interruptible("stopping: what was measured is shown");
  progress.onStep = terminalProgress(step).onStep;
  try {
    work(progress);
    return true;
  } catch (const core::Cancelled&) {
    return false;
  }
}

}  // namespace lapidary::cli
