// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/files/bytes.h"
#include "core/support/json_text.h"
#include "scores_output.h"
#include "warnings.h"

namespace lapidary::cli {

using namespace core;

namespace {

bool notesMuted = false;

}  // namespace

void muteNotes() { notesMuted = true; }

void note(const std::string& text) {
  if (!notesMuted) std::fprintf(stderr, "%s\n", text.c_str());
}

void print(const Json& json) {
  Json whole = json;
  addWarnings(whole);
  addScores(whole);
  const std::string text = jsonText(whole, {.indent = 2, .replaceBadText = true});
  std::printf("%s\n", text.c_str());
}

void printLine(const std::string& text) { std::printf("%s\n", text.c_str()); }

namespace {

/// Code points: a name in another script must not push its row out of line.
std::size_t width(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

Json orNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

void printTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width(row[i]));
    }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      line += i == 0 ? row[i] + padding : "  " + padding + row[i];
    }
    printLine(line);
  }
}

void writeText(const std::string& path, const std::string& text) {
  writeFileAtomically(path, [&](const Append& append) { append(std::as_bytes(std::span(text))); });
}

std::string oneLine(const std::string& json) { return jsonText(parseOrderedJson(json)); }

std::string warningText(const Warning& warning) {
  switch (warning.kind) {
    case WarningKind::UnknownOp:
      return "operators that this program does not know, and in how many nodes they stand: " +
             warning.detail + "; the model can be cut, but not run";
    case WarningKind::NoGraph:
      return "the file holds weights without a graph; it cannot be run";
    case WarningKind::ExternalData:
      return "external data: " + warning.detail;
    case WarningKind::NewerOpset:
      return "the file is newer than this program: " + warning.detail;
    case WarningKind::DroppedContent:
      return "not kept when writing: " + warning.detail;
    case WarningKind::ShapeInference:
      return "shapes: " + warning.detail;
    case WarningKind::TrainingState:
      return "left out, as it is kept for training alone: " + warning.detail;
    case WarningKind::AveragedCopy:
      return "a second copy of the weights, averaged over the training, is left out: " + warning.detail +
             "; to cut it in place of the others, save it to a file of its own";
    case WarningKind::TiedWeights:
      return "several names stand for one weight, which is counted, cut and written once: " + warning.detail;
    case WarningKind::SharedStorage:
      return "these share a part of their numbers in the file, and are cut and written apart from each "
             "other: " +
             warning.detail;
    case WarningKind::KeptTensors:
      return "kept as they are, in element types that cannot be cut: " + warning.detail;
    case WarningKind::ScalesBeside:
      return "these are multiplied by scales that stand beside them; their values are shown and cut "
             "without: " +
             warning.detail;
    case WarningKind::OneShard:
      return "the file is a part of a model: " + warning.detail;
    case WarningKind::OutsideLayers:
      return countText(warning.count) + " of " + countText(warning.total) +
             " parameters belong to no layer, and stay as they are: " + warning.detail;
    case WarningKind::NoLayers:
      return "the model has no layer whose weights could be cut";
    case WarningKind::InlinedFunctions:
      return "functions that the file defines were put in the place of their calls, and are written so: " +
             warning.detail;
    case WarningKind::UnpackedWeights:
      return "packed weights were opened as DequantizeLinear and MatMul, so that they can be cut, and are "
             "written "
             "so: " +
             warning.detail;
    case WarningKind::ScoresOutput:
      return "several outputs could be the scores of the classes; taken was " + warning.detail +
             "; choose another by --scores";
  }
  return warning.detail;
}

std::string numberText(double value) { return core::shortText(value); }

std::string shapeText(const Shape& shape) { return toText(shape); }

Progress terminalProgress(const std::string& what) {
  Progress progress;
  if (notesMuted || isatty(STDERR_FILENO) == 0) return progress;
  auto last = std::make_shared<std::atomic<int>>(-1);
  progress.onStep = [what, last](std::size_t done, std::size_t total) {
    const int percent = total == 0 ? 100 : static_cast<int>(100 * done / total);
    if (last->exchange(percent) != percent)
      std::fprintf(stderr, "\r%s %d %%%s", what.c_str(), percent, percent == 100 ? "\n" : "");
  };
  return progress;
}

void addQuality(Json& json, const Quality& quality) {
  json["samples"] = quality.samples;
  json["top1"] = orNull(quality.top1);
  json["top1_low"] = quality.top1Interval ? Json(quality.top1Interval->low) : Json();
  json["top1_high"] = quality.top1Interval ? Json(quality.top1Interval->high) : Json();
  json["top5"] = orNull(quality.top5);
  json["loss"] = orNull(quality.loss);
  if (quality.kind == QualityKind::Noise) json["output_snr_db"] = orNull(quality.outputSnrDb);
  json["agreement"] = orNull(quality.agreement);
  json["agreement_low"] = quality.agreementInterval ? Json(quality.agreementInterval->low) : Json();
  json["agreement_high"] = quality.agreementInterval ? Json(quality.agreementInterval->high) : Json();
  json["top1_original"] = orNull(quality.originalTop1);
  json["change"] = orNull(quality.change);
  json["change_low"] = quality.changeInterval ? Json(quality.changeInterval->low) : Json();
  json["change_high"] = quality.changeInterval ? Json(quality.changeInterval->high) : Json();
}

void addPreprocess(Json& json, const Opened& opened) {
  if (!opened.preprocess) return;
  json["preprocess"] = parseOrderedJson(toJson(opened.preprocess->preprocess));
  json["preprocess_origin"] = originName(opened.preprocess->origin);
}

namespace {

std::string intervalText(const Interval& interval) {
  return percentText(interval.low) + " to " + percentText(interval.high);
}

}  // namespace

void printQuality(const Quality& quality) {
  if (quality.kind == QualityKind::Noise) {
    if (quality.onData) printLine("samples  " + countText(static_cast<std::int64_t>(quality.samples)));
    return printLine(
        (quality.onData ? "output signal-to-noise on the data (the outputs are not scores of classes): "
                        : "output signal-to-noise on noise inputs: ") +
        (quality.outputSnrDb ? numberText(*quality.outputSnrDb) + " dB" : std::string("unchanged")));
  }
  std::vector<std::vector<std::string>> rows{
      {"samples", countText(static_cast<std::int64_t>(quality.samples)), ""}};
  if (quality.top1)
    rows.push_back({"top-1", percentText(*quality.top1), intervalText(*quality.top1Interval)});
  if (quality.top5) rows.push_back({"top-5", percentText(*quality.top5), ""});
  if (quality.change)
    rows.push_back(
        {"change", pointsText(*quality.change) + " points",
         pointsText(quality.changeInterval->low) + " to " + pointsText(quality.changeInterval->high)});
  if (quality.loss) rows.push_back({"loss", numberText(*quality.loss), ""});
  if (quality.agreement)
    rows.push_back({"agreement", percentText(*quality.agreement), intervalText(*quality.agreementInterval)});
  printTable(rows);
}

}  // namespace lapidary::cli
