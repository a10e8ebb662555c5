// SPDX-License-Identifier: GPL-3.0-or-later
#include "trust_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/analyze/changes/class_changes.h"
#include "core/analyze/changes/trust_json.h"
#include "core/explain/saliency_methods.h"
#include "core/session/measurements.h"
#include "core/support/json_text.h"

namespace lapidary::cli {

using namespace core;

namespace {

/// Rows of the table of classes that a terminal has room for.
constexpr std::size_t shownClasses = 12;

void addError(Json& json, const std::string& key, const std::optional<Reliability>& found) {
  json[key] = found ? Json(found->ece) : Json();
  json[key + "_low"] = found ? Json(found->eceInterval.low) : Json();
  json[key + "_high"] = found ? Json(found->eceInterval.high) : Json();
  json[key + "_adaptive"] = found ? Json(found->adaptiveEce) : Json();
}

Json binsOf(const std::optional<Reliability>& found) {
  return found ? parseOrderedJson(toJson(*found)).at("bins") : Json();
}

std::string within(const Interval& interval) {
  return percentText(interval.low) + " to " + percentText(interval.high);
}

std::string valueText(double value, FigureUnit unit) {
  switch (unit) {
    case FigureUnit::Share:
      return percentText(value);
    case FigureUnit::Seconds:
      return numberText(value * 1000) + " ms";
    case FigureUnit::Bytes:
      return bytesText(static_cast<std::uint64_t>(value));
    case FigureUnit::Similarity:
    case FigureUnit::None:
      break;
  }
  return numberText(value);
}

void addFigure(Json& json, const FigureWords& words, const std::vector<Figure>& figures) {
  const auto found = std::ranges::find(figures, &words, &Figure::words);
  const bool known = found != figures.end();
  const std::string key(words.key);
  json[key] = known ? Json(found->value) : Json();
  json[key + "_low"] = known ? Json(found->interval.low) : Json();
  json[key + "_high"] = known ? Json(found->interval.high) : Json();
}

void printFigure(const Figure& figure) {
  const FigureUnit unit = figure.words->unit;
  printLine(std::string(figure.words->title) + ": " + valueText(figure.value, unit) + " (" +
            valueText(figure.interval.low, unit) + " to " + valueText(figure.interval.high, unit) + ")");
}

std::string nameOf(const ClassChange& row, const std::vector<std::string>& names) {
  const auto cls = static_cast<std::size_t>(row.cls);
  return cls < names.size() && !names[cls].empty() ? names[cls] : std::to_string(row.cls);
}

void printClasses(const std::vector<ClassChange>& classes, const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> table{
      {"class", "samples", "before", "after", "95 %", "change, points", "95 %", "lost", "gained"}};
  for (std::size_t i = 0; i < std::min(classes.size(), shownClasses); ++i) {
    const ClassChange& row = classes[i];
    table.push_back({nameOf(row, names), std::to_string(row.samples), percentText(row.before),
                     percentText(row.after), within(row.afterInterval), pointsText(row.change),
                     pointsText(row.changeInterval.low) + " to " + pointsText(row.changeInterval.high),
                     std::to_string(row.lost), std::to_string(row.gained)});
  }
  printTable(table);
  if (classes.size() > shownClasses)
    printLine("and " + std::to_string(classes.size() - shownClasses) + " classes more that lost no more");
}

void printError(const std::string& name, const Reliability& found) {
  printLine(name + percentText(found.ece) + " (" + within(found.eceInterval) +
            "), over bins of equal counts " + percentText(found.adaptiveEce) + "; mean confidence " +
            percentText(found.confidence));
}

std::string figureText(const char* name, const KeptFigure& kept) {
  return std::string(name) + " " + numberText(kept.mean) + " (" + numberText(kept.interval.low) + " to " +
         numberText(kept.interval.high) + ")";
}

}  // namespace

std::vector<std::string> saliencyWords() {
  std::vector<std::string> words;
  for (const SaliencyRow& row : saliencyMethods()) words.emplace_back(row.word);
  return words;
}

void addDrift(CLI::App& command, DriftOptions& options) {
  command
      .add_option("--saliency-method", options.method, "How maps are made that are compared before and after")
      ->check(CLI::IsMember(saliencyWords()))
      ->capture_default_str();
  command
      .add_option("--saliency-samples", options.samples,
                  "How many samples they are compared on, the first of a stratified order; 0: none")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 24))
      ->capture_default_str();
  command
      .add_option("--saliency-top", options.topShare,
                  "Share of the positions whose overlap counts, the largest")
      ->check(CLI::Range(0.0001, 1.0))
      ->capture_default_str();
}

TrustFigures trustOf(const Session& session, const Recipe& recipe) {
  TrustFigures figures;
  if (session.data() == nullptr || !session.obstacles().empty() ||
      session.qualityKind() == QualityKind::Noise)
    return figures;
  const bool maps = !recipe.empty();
  const MeasurementSet measured = maps ? MeasurementSet{measurement::saliency} : MeasurementSet{};
  const Outcome outcome = session.evaluate(recipe, {.measure = measured}, terminalProgress("comparing maps"));
  if (maps) figures.drift = outcome.drift;
  figures.figures = outcome.figures;
  figures.comparison = session.compare(recipe, terminalProgress("comparing answers"));
  return figures;
}

Json driftJson(const std::optional<SaliencyDrift>& drift) {
  return drift ? parseOrderedJson(toJson(*drift)) : Json();
}

void addTrust(Json& json, const Session& session, const TrustFigures& figures) {
  json["saliency"] = driftJson(figures.drift);
  const bool known = figures.comparison.has_value();
  const std::optional<Reliability> none;
  const auto& after = known ? figures.comparison->reliability : none;
  const auto& before = known ? figures.comparison->originalReliability : none;
  addError(json, "ece", after);
  addError(json, "ece_original", before);
  json["reliability"] = binsOf(after);
  json["reliability_original"] = binsOf(before);
  for (const FigureWords* words : wordsOfAnswers()) addFigure(json, *words, figures.figures);
  json["classes"] =
      known
          ? parseOrderedJson(toJson(classChanges(*figures.comparison), session.data()->source().classNames()))
          : Json();
}

std::string driftText(const SaliencyDrift& drift) {
  return figureText("rank correlation", drift.rank) + ", " + figureText("SSIM", drift.ssim) + ", " +
         figureText(("top " + numberText(drift.options.topShare * 100) + " %").c_str(), drift.top) + " of " +
         drift.options.method + " maps of " + std::to_string(drift.samples) + " samples";
}

void printTrust(const Session& session, const TrustFigures& figures, bool uncut) {
  if (figures.drift) printLine("saliency kept: " + driftText(*figures.drift));
  if (!figures.comparison) return;
  if (!uncut)
    for (const Figure& figure : figures.figures) printFigure(figure);
  if (figures.comparison->reliability) {
    if (!uncut) printError("ECE before: ", *figures.comparison->originalReliability);
    printError(uncut ? "ECE: " : "ECE after: ", *figures.comparison->reliability);
  }
  if (!uncut) printClasses(classChanges(*figures.comparison), session.data()->source().classNames());
}

}  // namespace lapidary::cli
