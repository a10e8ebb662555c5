// SPDX-License-Identifier: GPL-3.0-or-later
// sensitivity: what every layer costs under every setting.
#include "core/analyze/trials/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "commands.h"
#include "core/support/error.h"
#include "core/support/json_text.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::vector<std::string> words(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

/// "70%" prunes, "4" or "4bit" quantizes symmetrically, "4:affine" by another scheme.
CutSetting settingOf(const std::string& word) {
  const auto refuse = [&]() -> CutSetting {
    throw Error(ErrorKind::Usage, "--settings: '" + word +
                                      "' is neither a sparsity like 70% nor bits like 4 "
                                      "or 4:affine");
  };
  try {
    std::size_t end = 0;
    const double number = std::stod(word, &end);
    const std::string rest = word.substr(end);
    if (rest == "%") return number > 0 && number <= 100 ? sparsitySetting(number / 100) : refuse();
    const bool plain = rest.empty() || rest == "bit";
    const auto scheme = plain                   ? std::optional(Scheme::Symmetric)
                        : rest.starts_with(":") ? schemeNamed(rest.substr(1))
                                                : std::nullopt;
    if (!scheme || number != std::floor(number) || number < 1 || number > 16) return refuse();
    return bitsSetting(static_cast<int>(number), *scheme);
  } catch (const std::logic_error&) {
    return refuse();
  }
}

struct SensitivityCommand {
  CommonOptions common;
  DataOptions data;
  std::string settings, out, size = "zip";
  bool reverse = false, everything = false;
  double width = 0.5;
  std::optional<double> threshold;

  void run() const {
    SensitivityRequest request;
    if (!settings.empty()) {
      request.settings.clear();
      for (const std::string& word : words(settings)) request.settings.push_back(settingOf(word));
      if (request.settings.empty()) throw Error(ErrorKind::Usage, "--settings names no setting");
    }
    request.reverse = reverse;
    request.size = *sizeKindNamed(size);
    request.race.halfWidth = width / 100;
    request.race.everything = everything;
    if (threshold) request.race.threshold = *threshold / 100;
    const Opened opened = openSession(common, data);
    const SensitivityMatrix matrix = opened.session->sensitivity(request, terminalProgress("measuring"));
    warnOfLabels(*opened.session);
    const Model& model = opened.session->model();
    if (!out.empty()) writeCsv(matrix, model);
    common.json ? print(jsonOf(matrix, model)) : printText(matrix, model);
  }

 private:
  static Json orNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

  static Json figuresOf(const SensitivityCell& cell) {
    Json json = Json::object();
    json["drop"] = cell.drop ? Json(cell.drop->value) : Json();
    json["drop_low"] = cell.drop ? Json(cell.drop->interval.low) : Json();
    json["drop_high"] = cell.drop ? Json(cell.drop->interval.high) : Json();
    json["samples"] = cell.trial.samples;
    json["kl"] = orNull(cell.trial.meanDivergence());
    json["output_snr_db"] = cell.trial.power.signal > 0 ? orNull(cell.trial.power.decibel()) : Json();
    json["weight_snr_db"] = orNull(cell.weightSnrDb);
    json["bytes_saved"] = cell.bytesSaved;
    if (!cell.failure.empty()) json["failure"] = cell.failure;
    return json;
  }

  static Json jsonOf(const SensitivityMatrix& matrix, const Model& model) {
    Json json{{"kind", kindName(matrix.kind)},        {"reverse", matrix.reverse}, {"total", matrix.total},
              {"sample_share", matrix.sampleShare()}, {"settings", Json::array()}, {"cells", Json::array()}};
    for (const CutSetting& setting : matrix.settings) json["settings"].push_back(setting.label);
    for (const SensitivityCell& cell : matrix.cells) {
      Json entry{{"layer", model.layer(matrix.layers[cell.row]).name},
                 {"setting", matrix.settings[cell.column].label}};
      entry.update(figuresOf(cell));
      json["cells"].push_back(entry);
    }
    for (const SensitivityCell& cell : matrix.allLayers) {
      Json entry{{"setting", matrix.settings[cell.column].label}};
      entry.update(figuresOf(cell));
      json["all_layers"].push_back(entry);
    }
    return json;
  }

  static std::string textOf(const SensitivityCell& cell) {
    if (!cell.failure.empty()) return "-";
    if (cell.drop)
      return pointsText(-cell.drop->value) + " ±" +
             fixedText((cell.drop->interval.high - cell.drop->interval.low) * 50, 1);
    if (cell.trial.power.signal > 0)
      return cell.trial.power.decibel() ? numberText(*cell.trial.power.decibel()) + " dB" : "same";
    return cell.weightSnrDb ? numberText(*cell.weightSnrDb) + " dB" : "same";
  }

  static void printText(const SensitivityMatrix& matrix, const Model& model) {
    std::vector<std::vector<std::string>> rows{{matrix.reverse ? "all layers but" : "layer"}};
    for (const CutSetting& setting : matrix.settings) rows[0].push_back(setting.label);
    for (std::size_t row = 0; row < matrix.layers.size(); ++row) {
      rows.push_back({model.layer(matrix.layers[row]).name});
      for (std::size_t column = 0; column < matrix.settings.size(); ++column)
        rows.back().push_back(textOf(matrix.cell(row, column)));
    }
    if (matrix.reverse) {
      rows.push_back({"(all layers)"});
      for (const SensitivityCell& cell : matrix.allLayers) rows.back().push_back(textOf(cell));
    }
    printTable(rows);
    printLine(unitLine(matrix));
    if (matrix.total > 0 && matrix.kind != QualityKind::Noise)
      printLine(percentText(matrix.sampleShare()) + " of a full scan's samples were needed");
    printPromising(matrix, model);
  }

  static std::string unitLine(const SensitivityMatrix& matrix) {
    switch (matrix.kind) {
      case QualityKind::Accuracy:
        return "change of top-1 in points, with half of its 95 % interval";
      case QualityKind::Agreement:
        return "samples that answer otherwise than before, in points, with half of the 95 % interval";
      case QualityKind::Noise:
        return matrix.total > 0 ? "signal-to-noise ratio of the outputs"
                                : "signal-to-noise ratio of the weights";
    }
    return {};
  }

  static void printPromising(const SensitivityMatrix& matrix, const Model& model) {
    if (matrix.reverse) return;
    const auto order = promisingFirst(matrix.cells);
    printLine("most bytes for what they cost:");
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, order.size()); ++i) {
      const SensitivityCell& cell = matrix.cells[order[i]];
      if (cell.bytesSaved <= 0) break;
      rows.push_back({"  " + model.layer(matrix.layers[cell.row]).name, matrix.settings[cell.column].label,
                      textOf(cell), bytesText(static_cast<std::uint64_t>(cell.bytesSaved)) + " less"});
    }
    printTable(rows);
  }

  static std::string quoted(const std::string& text) {
    std::string made = "\"";
    for (const char c : text) made += c == '"' ? std::string("\"\"") : std::string(1, c);
    return made + '"';
  }

  void writeCsv(const SensitivityMatrix& matrix, const Model& model) const {
    std::ostringstream text;
    const auto number = [](const Json& value) { return value.is_null() ? std::string() : jsonText(value); };
    text << "layer,setting,drop,drop_low,drop_high,samples,kl,output_snr_db,weight_snr_db,bytes_saved\n";
    for (const SensitivityCell& cell : matrix.cells) {
      const Json figures = figuresOf(cell);
      text << quoted(model.layer(matrix.layers[cell.row]).name) << ','
           << quoted(matrix.settings[cell.column].label);
      for (const char* key : {"drop", "drop_low", "drop_high", "samples", "kl", "output_snr_db",
                              "weight_snr_db", "bytes_saved"})
        text << ',' << number(figures[key]);
      text << '\n';
    }
    writeText(out, text.str());
  }
};

}  // namespace

void addSensitivity(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("sensitivity", "Measure what each layer costs under each setting");
  const auto scan = std::make_shared<SensitivityCommand>();
  addCommon(*command, scan->common);
  addData(*command, scan->data);
  command->add_option("--settings", scan->settings,
                      "What to try on each layer, as in 50%,70%,90%,8,4,3,2 (the default): sparsities in "
                      "percent; bits, symmetric, or with a scheme as in 4:affine");
  command->add_flag("--reverse", scan->reverse, "Cut all layers but one: what leaving it whole saves");
  command->add_option("--width", scan->width, "Points within which a drop is to be known: half the interval")
      ->check(CLI::Range(0.01, 100.0))
      ->capture_default_str();
  command->add_option("--threshold", scan->threshold,
                      "Points: stop at a cell once its drop surely lies on one side of this");
  command->add_flag("--everything", scan->everything, "Measure every cell on all samples");
  addSize(*command, scan->size, "Bytes of which file are counted")->capture_default_str();
  command->add_option("-o,--out", scan->out, "CSV file to write the cells to")->type_name("FILE");
  command->footer(
      "Examples:\n  lapidary-cli sensitivity model.onnx --data test.npz -o table.csv\n"
      "  lapidary-cli sensitivity model.onnx --data test.npz --settings 80%,4,4:affine --threshold 1");
  command->callback([scan] { scan->run(); });
}

}  // namespace lapidary::cli
