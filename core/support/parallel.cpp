// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/parallel.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/support/background.h"

namespace lapidary::core {
namespace {

thread_local bool insideWorker = false;

/// One parallelFor call: shared by every thread that helps with it.
struct Batch {
  std::size_t count = 0;
  const std::function<void(std::size_t, unsigned)>* body = nullptr;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;

  void work(unsigned worker) {
    insideWorker = true;
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        (*body)(i, worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
    insideWorker = false;
  }
};

/// Threads that sleep between batches. One batch runs at a time; callers queue on `m_turn`.
class Pool {
 public:
  static Pool& instance() {
    static Pool pool;
    return pool;
  }

  void run(Batch& batch, unsigned workers) {
    const std::lock_guard turn(m_turn);
    grow(workers - 1);
    keepOffThisProcessor();
    {
      const std::lock_guard lock(m_mutex);
      m_batch = &batch;
      m_wanted = workers - 1;
      m_started = 0;
      m_running = 0;
      ++m_generation;
    }
    m_wake.notify_all();
    batch.work(0);
    std::unique_lock lock(m_mutex);
    m_batch = nullptr;  // late sleepers find nothing left to help with
    m_idle.wait(lock, [this] { return m_running == 0; });
  }

 private:
  ~Pool() {
    {
      const std::lock_guard lock(m_mutex);
      m_quit = true;
    }
    m_wake.notify_all();
  }

  void grow(unsigned threads) {
    while (m_threads.size() < threads) m_threads.emplace_back([this] { sleepAndWork(); });
  }

  /// A sleeper is often woken on the processor of the thread that wakes it, where it would wait for all of
  /// a short batch while another processor has nothing to do.
  void keepOffThisProcessor() {
    const int here = sched_getcpu();
    cpu_set_t others;
    CPU_ZERO(&others);
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof others, &others) != 0) return;
    CPU_CLR(static_cast<unsigned>(here), &others);
    if (CPU_COUNT(&others) == 0) return;
    for (std::jthread& thread : m_threads)
      pthread_setaffinity_np(thread.native_handle(), sizeof others, &others);
  }

  void sleepAndWork() {
    std::uint64_t seen = 0;
    std::unique_lock lock(m_mutex);
    for (;;) {
      m_wake.wait(lock, [&] { return m_quit || m_generation != seen; });
      if (m_quit) return;
      seen = m_generation;
      if (m_batch == nullptr || m_started == m_wanted) continue;
      Batch* batch = m_batch;
      const unsigned worker = ++m_started;
      ++m_running;
      lock.unlock();
      batch->work(worker);
      lock.lock();
      if (--m_running == 0) m_idle.notify_all();
    }
  }

  std::mutex m_turn;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::condition_variable m_idle;
  Batch* m_batch = nullptr;
  unsigned m_wanted = 0;
  unsigned m_started = 0;
  unsigned m_running = 0;
  std::uint64_t m_generation = 0;
  bool m_quit = false;
  std::vector<std::jthread> m_threads;  // last: joined before the rest goes
};

}  // namespace

unsigned hardwareWorkers() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)));
  return std::max(1u, std::thread::hardware_concurrency());
}

bool insideParallelFor() { return insideWorker || inBackground(); }

void parallelFor(std::size_t count, unsigned workers,
                 const std::function<void(std::size_t, unsigned)>& body) {
  const bool nested = insideParallelFor();
  const unsigned useful = static_cast<unsigned>(std::min<std::size_t>(count, std::max(1u, workers)));
  if (nested || useful <= 1) {
    for (std::size_t i = 0; i < count; ++i) body(i, 0);
    return;
  }
  Batch batch;
  batch.count = count;
  batch.body = &body;
  Pool::instance().run(batch, useful);
  if (batch.failure) std::rethrow_exception(batch.failure);
}

}  // namespace lapidary::core
