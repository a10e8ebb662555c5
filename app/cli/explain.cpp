// SPDX-License-Identifier: GPL-3.0-or-later
// explain: heatmaps of chosen samples, original beside cut, as PNG and JSON.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/explain/saliency_methods.h"
#include "core/files/image.h"
#include "core/report/heatmap.h"
#include "core/support/json_text.h"
#include "evaluation_warnings.h"
#include "faithfulness_report.h"
#include "terminal/output.h"
#include "trust_output.h"

namespace lapidary::cli {
namespace {

using namespace core;
namespace fs = std::filesystem;

void writePng(const fs::path& path, const Picture& picture) {
  const std::vector<std::byte> bytes = encodePng(picture);
  writeFileAtomically(path.string(), [&](const Append& append) { append(bytes); });
}

Json completenessJson(const SaliencyMap& map) {
  if (!map.completeness) return {};
  return {{"attributed", map.completeness->attributed}, {"expected", map.completeness->expected}};
}

Json mapJson(const SaliencyMap& map) {
  Json json{
      {"width", map.width}, {"height", map.height}, {"values", map.values}, {"probability", map.probability}};
  if (map.completeness) json["completeness"] = completenessJson(map);
  return json;
}

struct ExplainCommand {
  CommonOptions common;
  DataOptions data;
  std::vector<std::size_t> samples;
  std::vector<std::string> methods;
  std::string recipe, out;
  std::int64_t targetClass = -1;
  SaliencyOptions options;
  bool faithfulness = false;
  std::size_t judged = FaithfulnessRequest().samples;

  void run() const {
    if (faithfulness) return judge();
    if (samples.empty() || out.empty())
      throw Error(ErrorKind::Usage, "say which samples to draw (--samples) and where to (--output)");
    const Recipe cut = readRecipe(recipe);
    std::vector<std::string> words = methods;
    if (words.empty()) words.emplace_back(rowOf(SaliencyMethod::Gradient).word);
    const Opened opened = openSession(common, data);
    warnOfLabels(*opened.session);
    makeFolder();
    Json json{{"out", out}, {"methods", words}, {"samples", Json::array()}};
    for (const std::size_t sample : samples)
      for (const std::string& word : words)
        json["samples"].push_back(explain(*opened.session, cut, sample, word));
    addPreprocess(json, opened);
    if (common.json) print(json);
  }

  /// Without --method all that there are.
  void judge() const {
    std::vector<SaliencyMethod> chosen;
    for (const std::string& word : methods) chosen.push_back(saliencyMethodNamed(word));
    if (chosen.empty())
      for (const SaliencyRow& row : saliencyMethods()) chosen.push_back(row.method);
    FaithfulnessRequest request;
    request.samples = judged;
    request.options = options;
    const Opened opened = openSession(common, data);
    warnOfLabels(*opened.session);
    const auto found = judgeMethods(*opened.session, chosen, request, terminalProgress("judging"));
    if (!common.json) return printFaithfulness(found);
    Json json{{"faithfulness", Json::array()}};
    for (const MethodFaithfulness& each : found) json["faithfulness"].push_back(faithfulnessJson(each));
    addPreprocess(json, opened);
    print(json);
  }

 private:
  void makeFolder() const {
    std::error_code error;
    fs::create_directories(out, error);
    if (error || !fs::is_directory(out))
      throw Error(ErrorKind::CannotWrite, out + ": cannot make the folder");
  }

  Json explain(const Session& session, const Recipe& cut, std::size_t sample, const std::string& word) const {
    const Explanation found = session.explain(cut, {sample, saliencyMethodNamed(word), targetClass, options},
                                              terminalProgress(word));
    const std::string stem = "sample" + std::to_string(sample) + "_" + word;
    const float range = sharedRange(found.original, found.cut);
    writePng(fs::path(out) / (stem + "_original.png"), heatmapPicture(found.original, range));
    writePng(fs::path(out) / (stem + "_cut.png"), heatmapPicture(found.cut, range));
    writePng(fs::path(out) / (stem + "_difference.png"), differencePicture(found.original, found.cut, range));
    Json json{{"sample", sample},
              {"name", session.data()->source().sampleName(sample)},
              {"method", word},
              {"class", found.original.targetClass},
              {"kept", found.kept}};
    if (found.original.completeness) json["completeness"] = completenessJson(found.original);
    Json full = json;
    full["original"] = mapJson(found.original);
    full["cut"] = mapJson(found.cut);
    const std::string text = jsonText(full, {.indent = 1, .replaceBadText = true});
    writeFileAtomically((fs::path(out) / (stem + ".json")).string(),
                        [&](const Append& append) { append(std::as_bytes(std::span(text))); });
    json["files"] = {stem + "_original.png", stem + "_cut.png", stem + "_difference.png", stem + ".json"};
    if (!common.json) tell(sample, found, stem);
    return json;
  }

  void tell(std::size_t sample, const Explanation& found, const std::string& stem) const {
    std::string line = "sample " + std::to_string(sample) + ": class " +
                       std::to_string(found.original.targetClass) + ", probability " +
                       numberText(found.original.probability) + " -> " + numberText(found.cut.probability) +
                       ", rank correlation " + numberText(found.kept);
    if (const auto& sums = found.original.completeness)
      line += ", attributed " + numberText(sums->attributed) + " of " + numberText(sums->expected);
    printLine(line + "  " + (fs::path(out) / stem).string() + "_*.png");
  }
};

/// Only what changes a figure that people quote.
void addNumbers(CLI::App& command, SaliencyOptions& options) {
  const auto count = CLI::Range(1, 1000000);
  command.add_option("--seed", options.seed, "Of what is drawn")->capture_default_str();
  command.add_option("--copies", options.smoothSamples, "Noisy copies of smooth-grad")
      ->check(count)
      ->capture_default_str();
  command.add_option("--noise", options.smoothNoise, "Of smooth-grad, as a share of the input's range")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--steps", options.pathSteps, "Of integrated-gradients")
      ->check(count)
      ->capture_default_str();
  command.add_option("--masks", options.riseMasks, "Of rise")->check(count)->capture_default_str();
  command.add_option("--coalitions", options.shapCoalitions, "Of kernel-shap")
      ->check(count)
      ->capture_default_str();
  command.add_option("--segments", options.shapSegments, "Superpixels of kernel-shap")
      ->check(CLI::Range(1, 2048))
      ->capture_default_str();
  command.add_option("--epsilon", options.lrpEpsilon, "Of lrp-epsilon and lrp-gamma")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  command.add_option("--gamma", options.lrpGamma, "Of lrp-gamma")
      ->check(CLI::Range(0.0, 1000.0))
      ->capture_default_str();
}

}  // namespace

void addExplain(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("explain", "Draw what the answers rest on, before and after a cut");
  const auto explain = std::make_shared<ExplainCommand>();
  addCommon(*command, explain->common);
  addData(*command, explain->data, OutputMeans::File)->required();
  command->add_option("--samples", explain->samples, "Numbers of samples, like 0,5")->delimiter(',');
  command->add_flag("--faithfulness", explain->faithfulness,
                    "Instead of drawing: measure how far methods (all, or those of --method) can be trusted");
  command->add_option("--judge-samples", explain->judged, "Samples for --faithfulness")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command
      ->add_option("--method", explain->methods,
                   "How to explain, one or several with commas (default: gradient; of --faithfulness: all)")
      ->delimiter(',')
      ->check(CLI::IsMember(saliencyWords()));
  command->add_option("--class", explain->targetClass, "Class to explain (default: the original's answer)")
      ->check(CLI::NonNegativeNumber);
  addNumbers(*command, explain->options);
  addRecipe(*command, explain->recipe);
  command->add_option("-o,--output", explain->out, "Folder for the pictures")->type_name("FOLDER");
  command->footer(
      "Example:\n  lapidary-cli explain model.onnx --data test.npz --samples 0,5 --recipe cut.json -o maps");
  command->callback([explain] { explain->run(); });
}

}  // namespace lapidary::cli
