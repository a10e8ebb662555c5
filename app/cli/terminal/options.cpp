// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <utility>

#include "core/io/common/format.h"
#include "core/session/save_target.h"
#include "output.h"
#include "scores_output.h"
#include "warnings.h"

namespace lapidary::cli {

using namespace core;

void addCommon(CLI::App& command, CommonOptions& options) {
  command.add_option("MODEL", options.model, "Model file: " + alternatives(modelEndings()))
      ->type_name("FILE")
      ->required();
  command.add_flag("--json", options.json, "One JSON object on standard output");
  command.add_flag_callback("--strict", beStrict, "Exit with status 3 where anything was warned of");
  command.add_option("--threads", options.threads, "Number of threads (default: all processors)")
      ->check(CLI::Range(1u, 1024u));
  command
      .add_option(
          "--memory", options.memory,
          "Memory in MB besides the weights, for activations and all that is remembered (default: 1024;"
          " where one sample needs more, samples run one at a time)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 22));
}

CLI::Option* addData(CLI::App& command, DataOptions& options, OutputMeans output) {
  CLI::Option* data = command.add_option("--data", options.data,
                                         "Samples: FILE.npz (x, y), IMAGES:LABELS (IDX), a folder of class "
                                         "folders (pictures or sounds), or a CSV of "
                                         "file,label; FILE:train, FILE:val or FILE:test: that part of it");
  command
      .add_option("--preprocess", options.preprocess,
                  "JSON file that says how pictures or sounds become inputs (default: beside the model; else "
                  "guessed, or found by trying"
                  " common forms on labelled samples)")
      ->type_name("FILE");
  command
      .add_option(
          output == OutputMeans::Scores ? "--scores,--output" : "--scores", options.scores,
          "The model's output that holds the scores of the classes (default: chosen by the labels, by "
          "its name and its form)")
      ->type_name("NAME");
  return data->type_name("DATA");
}

CLI::Option* addRecipe(CLI::App& command, std::string& path) {
  return command.add_option("--recipe", path, "Recipe (JSON) to cut the model by")->type_name("FILE");
}

std::string readText(const std::string& path) {
  const Bytes bytes = mapFile(path);
  return {reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()};
}

Recipe readRecipe(const std::string& path) {
  if (path.empty()) return {};
  return withContext(path, [&] { return recipeFromJson(readText(path)); });
}

const char* originName(PreprocessOrigin origin) {
  switch (origin) {
    case PreprocessOrigin::Guessed:
      return "guessed";
    case PreprocessOrigin::BesideModel:
      return "beside_model";
    case PreprocessOrigin::Given:
      return "given";
    case PreprocessOrigin::Tried:
      return "tried";
  }
  return "";
}

void requireTarget(const std::string& out) {
  if (out.empty()) throw Error(ErrorKind::Usage, "say where to write with -o OUT");
  requireSavable(out);
}

CLI::Option* addSize(CLI::App& command, std::string& word, const std::string& says) {
  std::vector<std::string> words;
  for (const SizeKind kind : {SizeKind::Onnx, SizeKind::Zipped, SizeKind::Lapidary})
    words.emplace_back(name(kind));
  return command.add_option("--size", word, says)->check(CLI::IsMember(words));
}

const char* kindName(QualityKind kind) {
  switch (kind) {
    case QualityKind::Accuracy:
      return "accuracy";
    case QualityKind::Agreement:
      return "agreement";
    case QualityKind::Noise:
      return "noise";
  }
  return "";
}

namespace {

std::string originText(const PreprocessChoice& choice) {
  if (choice.origin != PreprocessOrigin::Tried) return originName(choice.origin);
  return "tried: best of " + std::to_string(choice.triedForms) + " common forms on " +
         std::to_string(choice.triedSamples) + " labelled samples";
}

}  // namespace

void addCalibration(CLI::App& command, CalibrationOptions& options) {
  command
      .add_option(
          "--calibration", options.data,
          "Samples that static ranges of activations come from and methods learn from (default: those "
          "of --data)")
      ->type_name("DATA");
  command
      .add_option("--calibration-samples", options.samples,
                  "How many of them, from the first of a stratified order")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 32))
      ->capture_default_str();
}

namespace {

/// Says on standard error what is known of an opening, once.
class Teller {
 public:
  void tell(const Opened& opened) {
    for (; m_warnings < opened.warnings.size(); ++m_warnings) warn(opened.warnings[m_warnings]);
    for (; m_dataWarnings < opened.dataWarnings.size(); ++m_dataWarnings)
      warn(opened.dataWarnings[m_dataWarnings]);
    if (opened.scores && !std::exchange(m_scores, true)) tellScores(*opened.scores);
    if (!opened.preprocess || std::exchange(m_preprocess, true)) return;
    note("preprocess (" + originText(*opened.preprocess) +
         "): " + oneLine(toJson(opened.preprocess->preprocess)));
  }

 private:
  std::size_t m_warnings = 0, m_dataWarnings = 0;
  bool m_preprocess = false, m_scores = false;
};

OpenRequest requestOf(const CommonOptions& options, const DataOptions& data,
                      const CalibrationOptions& calibration, const DriftOptions& drift) {
  OpenRequest request;
  request.model = AtPath{options.model};
  if (!data.data.empty()) request.data = AtPath{data.data};
  if (!data.preprocess.empty()) request.preprocess = AtPath{data.preprocess};
  request.options.output = data.scores;
  request.calibrationData = calibration.data;
  request.options.workers = options.threads;
  if (options.memory > 0) request.options.memoryBytes = options.memory << 20;
  request.options.calibrationSamples = calibration.samples;
  request.options.drift = drift;
  return request;
}

}  // namespace

Opened openSession(const CommonOptions& options, const DataOptions& data,
                   const CalibrationOptions& calibration, const DriftOptions& drift) {
  OpenRequest request = requestOf(options, data, calibration, drift);
  Teller teller;
  bool trying = false;
  request.onPhase = [&](OpenPhase phase, const Opened& soFar) {
    teller.tell(soFar);
    trying = phase == OpenPhase::Preprocess || phase == OpenPhase::Calibration;
  };
  Progress progress = terminalProgress("trying preprocessing");
  if (progress.onStep)
    progress.onStep = [&trying, show = progress.onStep](std::size_t done, std::size_t total) {
      if (trying) show(done, total);
    };
  Opened opened = open(request, progress);
  teller.tell(opened);
  return opened;
}

}  // namespace lapidary::cli
