// SPDX-License-Identifier: GPL-3.0-or-later
// profile: how long every step of a model takes, and how much of this machine's speed it reaches.
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::string megaText(double value) { return numberText(value / 1e6); }
std::string millisecondsText(double seconds) { return numberText(seconds * 1e3); }

struct ProfileCommand {
  CommonOptions common;
  DataOptions data;
  std::string recipe;
  ProfileRequest request;

  void run() {
    const Recipe cut = readRecipe(recipe);
    request.threads = std::max(1u, common.threads);
    const Opened opened = openSession(common, data);
    warnOfTriedLabels(opened);
    const ModelProfile profile =
        opened.session->profile(cut, request, terminalProgress("measuring the steps"));
    if (!common.json) return printText(profile, !cut.empty());
    Json json = toJsonValue(profile, opened.session->model());
    addPreprocess(json, opened);
    print(json);
  }

 private:
  static Json toJsonValue(const ModelProfile& profile, const Model& model) {
    Json json{{"batch", profile.samples},
              {"threads", profile.threads},
              {"runs", profile.runs},
              {"peak_gflops", profile.peak / 1e9},
              {"seconds", profile.seconds},
              {"seconds_original", profile.original},
              {"flops", profile.flops},
              {"bytes", profile.bytes},
              {"peak_share", profile.peakShare},
              {"steps", Json::array()}};
    for (const StepProfile& step : profile.steps)
      json["steps"].push_back({{"name", step.name},
                               {"op", step.op},
                               {"layer", step.layer.valid() ? Json(model.layer(step.layer).name) : Json()},
                               {"seconds", step.seconds},
                               {"seconds_original", step.original},
                               {"flops", step.flops},
                               {"bytes", step.bytes},
                               {"peak_share", step.peakShare}});
    return json;
  }

  /// The original's time has a column of its own where there is a recipe.
  static void printText(const ModelProfile& profile, bool cut) {
    std::vector<std::vector<std::string>> table{{"step", "op"}};
    if (cut) table[0].push_back("original ms");
    for (const char* head : {"ms", "share of time", "MFLOP", "MB", "GFLOP/s", "share of peak"})
      table[0].push_back(head);
    const auto add = [&](const std::string& name, const std::string& op, const auto& figures) {
      std::vector<std::string> row{name, op};
      if (cut) row.push_back(millisecondsText(figures.original));
      row.insert(row.end(), {millisecondsText(figures.seconds),
                             percentText(profile.seconds > 0 ? figures.seconds / profile.seconds : 0),
                             megaText(figures.flops), megaText(figures.bytes),
                             numberText(figures.seconds > 0 ? figures.flops / figures.seconds / 1e9 : 0),
                             percentText(figures.peakShare)});
      table.push_back(std::move(row));
    };
    for (const StepProfile& step : profile.steps) add(step.name, step.op, step);
    add("all", "", profile);
    printTable(table);
    printLine("medians of " + std::to_string(profile.runs) + " runs, batch " +
              std::to_string(profile.samples) + ", " + std::to_string(profile.threads) +
              (profile.threads == 1 ? " thread" : " threads at once, each with a batch of its own") +
              "; sgemm peak of one thread " + numberText(profile.peak / 1e9) + " GFLOP/s");
  }
};

}  // namespace

void addProfile(CLI::App& program) {
  CLI::App* command = program.add_subcommand("profile", "Time every step of a model, before and after a cut");
  const auto profile = std::make_shared<ProfileCommand>();
  addCommon(*command, profile->common);
  command->get_option("--threads")
      ->description("Number of threads that run such a batch at the same time (default: 1)");
  addData(*command, profile->data)
      ->description(
          "Samples to run (default: noise): FILE.npz (x, y), IMAGES:LABELS (IDX), a folder of "
          "class folders, or a CSV of file,label; FILE:train, FILE:val or FILE:test: that part of it");
  addRecipe(*command, profile->recipe);
  command->add_option("--batch", profile->request.batch, "Samples that run at once (a fixed batch stays)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{65536}))
      ->capture_default_str();
  command->footer(
      "Examples:\n  lapidary-cli profile model.onnx --batch 50\n"
      "  lapidary-cli profile model.onnx --data test.npz --recipe cut.json --json");
  command->callback([profile] { profile->run(); });
}

}  // namespace lapidary::cli
