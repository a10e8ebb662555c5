#include "signal_watch.h"

#include <pthread.h>

#include <csignal>
#include <thread>

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

}  // namespace lapidary::cli
