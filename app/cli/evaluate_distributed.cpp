// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate_distributed.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/support/json_text.h"
#include "evaluation_warnings.h"
#include "terminal/exit_status.h"
#include "terminal/mpi_ranks.h"
#include "terminal/output.h"
#include "terminal/signal_watch.h"
#include "trust_output.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// The figures so far, on rank 0. Thread-safe: what ends the run comes from another thread.
class Figures {
 public:
  Figures(std::string journal, bool json, unsigned ranks)
      : m_journal(std::move(journal)), m_asJson(json), m_ranks(ranks) {}

  void update(const Outcome& outcome) {
    const std::lock_guard lock(m_mutex);
    m_outcome = outcome;
    const auto now = std::chrono::steady_clock::now();
    if (m_journal.empty() || (!outcome.final && now < m_nextWrite)) return;
    m_nextWrite = now + std::chrono::milliseconds(500);
    write();
  }

  /// Prints all that one process would, and keeps it in the journal.
  void printAll(const Opened& opened, const SharedOutcome& shared) {
    const std::lock_guard lock(m_mutex);
    m_opened = &opened;
    m_outcome = shared.outcome;
    m_trust = {shared.outcome.drift, shared.comparison, shared.outcome.figures};
    print();
    if (!m_journal.empty()) write();
    m_opened = nullptr;  // it ends before this object does
  }

  /// Prints what is there, keeps it in the journal and leaves the process. Without waiting for other threads.
  [[noreturn]] void endAfterLoss() const {
    const std::lock_guard lock(m_mutex);
    const std::size_t samples = m_outcome.quality ? m_outcome.quality->samples : 0;
    const std::size_t total = m_outcome.quality ? m_outcome.quality->total : 0;
    std::fprintf(
        stderr,
        "lapidary-cli: a rank was lost, or the run was ended from outside: these are the figures over "
        "the first %zu of %zu samples\n",
        samples, total);
    if (samples > 0) print();
    if (samples > 0 && !m_journal.empty()) write();
    std::fflush(nullptr);
    std::_Exit(statusLost);
  }

 private:
  Json toJson() const {
    Json json = Json::object();
    if (m_outcome.quality) {
      addQuality(json, *m_outcome.quality);
      json["total"] = m_outcome.quality->total;
    }
    json["complete"] = m_outcome.final;
    json["ranks"] = m_ranks;
    json["seconds"] = m_outcome.seconds;
    json["bytes"] = m_outcome.footprint.fileAfter;
    if (m_opened == nullptr) return json;
    addTrust(json, *m_opened->session, m_trust);
    addPreprocess(json, *m_opened);
    return json;
  }

  void print() const {
    if (m_asJson) return cli::print(toJson());
    if (m_outcome.quality) printQuality(*m_outcome.quality);
    printLine("took " + numberText(m_outcome.seconds) + " s on " + std::to_string(m_ranks) + " ranks");
    if (m_opened != nullptr) printTrust(*m_opened->session, m_trust, m_outcome.recipe.empty());
  }

  /// Beside the journal and renamed over it, so that a reader always finds whole figures.
  void write() const {
    const std::string beside = m_journal + ".part";
    std::ofstream file(beside);
    file << jsonText(toJson(), {2}) << '\n';
    file.close();
    if (!file || std::rename(beside.c_str(), m_journal.c_str()) != 0)
      std::fprintf(stderr, "lapidary-cli: the journal %s could not be written\n", m_journal.c_str());
  }

  std::string m_journal;
  bool m_asJson;
  unsigned m_ranks;
  mutable std::mutex m_mutex;
  Outcome m_outcome;
  const Opened* m_opened = nullptr;  ///< while all is printed, once all samples are in
  TrustFigures m_trust;
  std::chrono::steady_clock::time_point m_nextWrite;
};

void evaluateOnRanks(Ranks& ranks, const CommonOptions& common, const DataOptions& data,
                     const DriftOptions& drift, const std::string& recipe, bool stages, Figures& figures) {
  const Recipe cut = readRecipe(recipe);
  const Opened opened = openSession(common, data, {}, drift);
  if (ranks.rank() == 0 && opened.session->data() != nullptr) warnOfKind(*opened.session, cut.empty());
  const auto share = stages ? &Session::evaluateInStages : &Session::evaluateOver;
  const SharedOutcome shared = (*opened.session.*share)(
      ranks, cut, terminalProgress("evaluating"), [&](const Outcome& outcome) { figures.update(outcome); });
  if (ranks.rank() != 0) return;
  warnOfLabels(*opened.session, shared.comparison);
  figures.printAll(opened, shared);
}

}  // namespace

void evaluateDistributed(const CommonOptions& common, const DataOptions& data, const DriftOptions& drift,
                         const std::string& recipe, const Distribution& distribution) {
  // mpirun tells the ranks that are left of a lost one by SIGTERM, and waits a second.
  blockSignals({SIGTERM, SIGINT}, true);
  const auto ranks = joinRanks();
  // Lives until the process ends: the watching thread looks at it.
  static Figures* const figures = new Figures(distribution.journal, common.json, ranks->count());
  if (ranks->rank() == 0)
    onSignals({SIGTERM, SIGINT}, [] { figures->endAfterLoss(); });
  else
    muteNotes(), blockSignals({SIGTERM, SIGINT}, false);
  try {
    evaluateOnRanks(*ranks, common, data, drift, recipe, distribution.stages, *figures);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lapidary-cli: rank %u: %s\n", ranks->rank(), error.what());
    const auto* known = dynamic_cast<const Error*>(&error);
    endAllRanks(known != nullptr ? statusOf(known->kind()) : statusInput);
  }
}

}  // namespace lapidary::cli
