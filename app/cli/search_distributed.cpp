// SPDX-License-Identifier: GPL-3.0-or-later
#include "search_distributed.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>

#include "terminal/exit_status.h"
#include "terminal/mpi_ranks.h"
#include "terminal/signal_watch.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// The search so far, on rank 0. Thread-safe: what ends the run comes from another thread.
class SearchSoFar {
 public:
  void update(const SearchReport& report) {
    const std::lock_guard lock(m_mutex);
    m_report = report;
  }

  /// Prints what is there and leaves the process, without waiting for other threads.
  [[noreturn]] void endAfterLoss(bool json) {
    const std::lock_guard lock(m_mutex);
    m_report.complete = false;
    std::fprintf(stderr,
                 "lapidary-cli: a rank was lost, or the run was ended from outside: this is the best of %zu "
                 "candidates; the journal holds all of them, and the same command goes on from it\n",
                 m_report.result.evaluated);
    if (json)
      print(jsonOf(m_report));
    else if (m_report.result.best)
      printLine("best recipe so far: " + toJson(m_report.result.best->recipe, -1));
    std::fflush(nullptr);
    std::_Exit(statusLost);
  }

 private:
  std::mutex m_mutex;
  SearchReport m_report;
};

}  // namespace

void searchDistributed(const std::function<SearchReport(Ranks&, const OnSearch&)>& search,
                       const std::function<void(const SearchReport&)>& show, bool json) {
  // mpirun tells the ranks that are left of a lost one by SIGTERM, and waits a second.
  blockSignals({SIGTERM, SIGINT}, true);
  const auto ranks = joinRanks();
  // Lives until the process ends: the watching thread looks at it.
  static SearchSoFar* const soFar = new SearchSoFar;
  if (ranks->rank() == 0)
    onSignals({SIGTERM, SIGINT}, [json] { soFar->endAfterLoss(json); });
  else
    muteNotes(), blockSignals({SIGTERM, SIGINT}, false);
  SearchReport report;
  try {
    report = search(*ranks, [](const SearchReport& found) { soFar->update(found); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lapidary-cli: rank %u: %s\n", ranks->rank(), error.what());
    const auto* known = dynamic_cast<const Error*>(&error);
    endAllRanks(known != nullptr ? statusOf(known->kind()) : statusInput);
  }
  if (ranks->rank() == 0) show(report);
}

}  // namespace lapidary::cli
