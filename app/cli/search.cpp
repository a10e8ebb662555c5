// SPDX-License-Identifier: GPL-3.0-or-later
// search: prune and quantize until the accuracy floor.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/data/data_split.h"
#include "core/io/common/format.h"
#include "core/search/search_journal.h"
#include "core/support/clock.h"
#include "core/support/error.h"
#include "evaluation_warnings.h"
#include "runtime_check.h"
#include "search_budget.h"
#include "search_distributed.h"
#include "search_report.h"
#include "terminal/exit_status.h"
#include "terminal/signal_watch.h"
#include "trust_output.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// The session to choose in, and the samples to report on.
struct SearchSessions {
  std::unique_ptr<Session> choosing;
  std::shared_ptr<const Dataset> reporting;
  Session::Options options;  ///< of both
  std::size_t learning = 0;  ///< samples that methods learn from
  std::string chosenOn, reportedOn;
};

struct SearchCommand {
  CommonOptions common;
  DataOptions data;
  std::string test, journal, out, size, rule = "point";
  std::optional<double> maxDrop, maxLatency, minutes, holdout;
  std::optional<std::uint64_t> maxBytes;
  std::size_t candidates = SearchRequest{}.mostCandidates;
  std::uint64_t seed = 1;
  DriftOptions drift;
  std::optional<double> minSaliency;
  std::string saliencyMeasure = "rank";
  bool distributed = false;

  void run() const {
    requireTarget(out);
    if (!test.empty() && holdout)
      throw Error(ErrorKind::Usage, "--test names the data to report on: leave --holdout away");
    if (distributed)
      return searchDistributed([this](Ranks& ranks, const OnSearch& tell) { return search(&ranks, tell); },
                               [this](const SearchReport& report) { show(report); }, common.json);
    blockSignals({SIGINT}, true);
    const SearchReport report = search(nullptr, {});
    show(report);
  }

 private:
  void show(const SearchReport& report) const {
    common.json ? print(jsonOf(report)) : printText(report, *m_model);
    if (report.result.found()) return;
    note("lapidary-cli: " + nothingFoundText(report));
    throw NothingFound();
  }

  SearchRequest request() const {
    SearchRequest made;
    if (maxDrop) made.maxDrop = *maxDrop / 100;
    made.rule = rule == "upper" ? FloorRule::UpperEnd : FloorRule::PointEstimate;
    made.maxBytes = maxBytes;
    made.maxLatency = maxLatency;
    made.minSaliency = minSaliency;
    made.saliencyMeasure = driftMeasureFrom(saliencyMeasure);
    made.size = size.empty() ? sizeKindOfPath(out).value_or(SizeKind::Onnx) : *sizeKindNamed(size);
    if (minutes) made.seconds = *minutes * 60;
    made.mostCandidates = candidates;
    made.seed = seed;
    return made;
  }

  /// Two sessions of one model; halves of one set of data where nothing else was said.
  SearchSessions open(bool leads) const {
    Opened opened = openSession(common, data);
    SearchSessions sessions;
    Session::Options options;
    options.workers = common.threads;
    options.drift = drift;
    if (common.memory > 0) options.memoryBytes = common.memory << 20;
    const Model& model = opened.session->model();
    m_model = std::make_shared<const Model>(model);
    if (opened.session->data() == nullptr) throw Error(ErrorKind::Usage, "a search needs --data");
    if (leads) warnOfLabels(*opened.session);
    if (!test.empty()) {
      const auto samples = std::make_shared<const Dataset>(openData(test), opened.preprocess->preprocess,
                                                           model, opened.preprocess->origin);
      const auto [calibration, choosing] =
          splitForLearning(opened.session->sharedData(), model, options.calibrationSamples);
      options.calibrationData = calibration;
      sessions.learning = calibration->size();
      sessions.reporting = samples;
      sessions.options = options;
      sessions.choosing = std::make_unique<Session>(model, choosing, options);
      sessions.chosenOn = data.data;
      sessions.reportedOn = test;
      return sessions;
    }
    const DataSplit split =
        splitData(*opened.session->data(), model, holdout.value_or(0.5), options.calibrationSamples);
    options.calibrationData = split.calibration;
    sessions.learning = split.calibration->size();
    sessions.choosing = std::make_unique<Session>(model, split.choosing, options);
    sessions.reporting = split.reporting;
    sessions.options = options;
    sessions.chosenOn = data.data + " that are used to choose";
    sessions.reportedOn = data.data + " that are held out";
    return sessions;
  }

  std::unique_ptr<SearchJournal> openJournal(const Session& session, bool leads) const {
    if (!leads) return nullptr;
    const std::string path = journal.empty() ? out + ".journal" : journal;
    auto opened = std::make_unique<SearchJournal>(path, session.searchSubject());
    note("journal: " + path +
         (opened->size() > 0 ? ", " + std::to_string(opened->size()) + " measurements to go on from" : ""));
    return opened;
  }

  SearchReport search(Ranks* ranks, const OnSearch& tell) const {
    const bool leads = ranks == nullptr || ranks->rank() == 0;
    const SearchSessions sessions = open(leads);
    SearchBudget budget(m_start, minutes, sessions.reporting->size());
    SearchRequest asked = request();
    asked.seconds = budget.left();
    const auto kept = openJournal(*sessions.choosing, leads);
    if (leads) {
      budget.learn(sessions.choosing->forecast(asked, {}));
      note(textOf(budget.forecast(), budget.checking()));
      asked.learn = budget.forecast().learns;
    }
    asked.seconds = budget.forSearching();
    SearchReport report = reportOf(sessions);
    const SearchHooks hooks{[&](const SearchProgress& progress) {
                              report.result = *progress.result;
                              if (tell) tell(report);
                              noteProgress(progress);
                            },
                            kept.get()};
    const Progress stop = ranks == nullptr ? interruptible() : Progress{};
    report.result = ranks != nullptr ? sessions.choosing->searchOver(*ranks, asked, hooks, stop)
                                     : sessions.choosing->search(asked, hooks, stop);
    if (leads && report.result.found()) save(sessions, budget, report);
    if (leads) warnOfLeftOut(report, minutes.value_or(0));
    return report;
  }

  SearchReport reportOf(const SearchSessions& sessions) const {
    SearchReport report;
    report.bytesIn = m_model->source.fileBytes;
    report.learning = sessions.learning;
    report.choosing = sessions.choosing->data()->size();
    report.reporting = sessions.reporting->size();
    report.chosenOn = sessions.chosenOn;
    report.reportedOn = sessions.reportedOn;
    report.kind = sessions.choosing->qualityKind();
    return report;
  }

  /// Writes the best and measures it on samples that no choice has seen: all, or as many as there is time
  /// for.
  void save(const SearchSessions& sessions, const SearchBudget& budget, SearchReport& report) const {
    const std::size_t samples = budget.samplesToReport(report.result);
    report.unreported = report.reporting - samples;
    const auto seen =
        report.unreported == 0 ? sessions.reporting : firstSamples(*sessions.reporting, *m_model, samples);
    const Session reporting(*m_model, seen, sessions.options);
    const Recipe& best = report.result.best->recipe;
    report.saved = reporting.save(best, out, terminalProgress("checking"));
    warnOfRuntime(*report.saved);
    report.quality = report.saved->quality;
    if (!test.empty()) warnOfLabels(reporting);
    if (minSaliency) report.drift = reporting.evaluate(best, {.measure = {measurement::saliency}}, {}).drift;
  }

  static void noteProgress(const SearchProgress& progress) {
    if (progress.latest == nullptr || !progress.result->best) return;
    static std::uint64_t last = 0;
    const Candidate& best = *progress.result->best;
    if (best.bytes == last) return;
    last = best.bytes;
    note("best so far: " + countText(static_cast<std::int64_t>(best.bytes)) + " bytes, drop " +
         numberText(best.drop * 100) + " points, after " + std::to_string(progress.result->evaluated) +
         " candidates and " + numberText(progress.result->seconds) + " s");
  }

  Clock::time_point m_start = Clock::now();
  mutable std::shared_ptr<const Model> m_model;
};

}  // namespace

void addSearch(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("search", "Find the smallest joint cut within an accuracy floor");
  const auto search = std::make_shared<SearchCommand>();
  addCommon(*command, search->common);
  addData(*command, search->data)->required();
  command
      ->add_option("--max-drop", search->maxDrop,
                   "Points of accuracy that may be lost (agreement without labels)")
      ->check(CLI::Range(0.0, 100.0));
  command
      ->add_option("--confidence", search->rule,
                   "What has to keep within --max-drop: the drop itself (point) or the upper end of its "
                   "95 % interval (upper)")
      ->check(CLI::IsMember({"point", "upper"}))
      ->capture_default_str();
  command->add_option("--max-bytes", search->maxBytes, "Bytes that the file may have");
  command->add_option("--max-latency", search->maxLatency, "Seconds that one sample may take on one thread")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--min-saliency", search->minSaliency,
                   "Least mean similarity of the saliency maps before and after, where choices are made")
      ->check(CLI::Range(-1.0, 1.0));
  command
      ->add_option(
          "--saliency-measure", search->saliencyMeasure,
          "What --min-saliency holds: rank correlation, structural similarity, or overlap of the top")
      ->check(CLI::IsMember({"rank", "ssim", "top"}))
      ->capture_default_str();
  addDrift(*command, search->drift);
  command
      ->add_option(
          "--minutes", search->minutes,
          "Minutes that the command takes at most, all phases together; what they were too few for is told")
      ->check(CLI::PositiveNumber);
  command->add_option("--candidates", search->candidates, "Joint recipes to measure at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 24))
      ->capture_default_str();
  command
      ->add_option("--holdout", search->holdout,
                   "Share of --data that no choice sees and the figures come from (default: 0.5)")
      ->check(CLI::Range(0.01, 0.99));
  command
      ->add_option("--test", search->test,
                   "Other data that the figures come from; all of --data then chooses")
      ->type_name("DATA");
  addSize(*command, search->size, "Bytes of which file are made small (default: by the ending of OUT)");
  command->add_option("--seed", search->seed, "Of the search's random moves")->capture_default_str();
  command
      ->add_option("--journal", search->journal,
                   "File of all measurements, from which a run goes on (default: OUT.journal)")
      ->type_name("FILE");
  command->add_flag("--distributed", search->distributed,
                    "Share the candidates over the ranks of mpirun; the result is that of one process");
  command->add_option("-o,--out", search->out, "File to write; the ending picks the format")
      ->type_name("FILE");
  command->footer(
      "Examples:\n  lapidary-cli search model.onnx --data val.npz --max-drop 0.5 --minutes 5 -o small.onnx\n"
      "  lapidary-cli search model.onnx --data val.npz --test test.npz --max-drop 0 -o small.onnx --json\n"
      "  lapidary-cli search model.onnx --data val.npz --max-drop 1 --min-saliency 0.9 -o small.onnx\n"
      "  mpirun -n 4 lapidary-cli search model.onnx --data val.npz --max-drop 1 --distributed -o small.onnx");
  command->callback([search] { search->run(); });
}

}  // namespace lapidary::cli
