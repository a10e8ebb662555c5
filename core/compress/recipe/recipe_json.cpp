// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes as JSON: version 1 of "lapidary-recipe". Every key is checked; errors name the path of the key.
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/compress/recipe/recipe_words.h"
#include "core/support/document_depth.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* formatName = "lapidary-recipe";
constexpr int formatVersion = 1;

std::string shortened(const Json& value) {
  std::string text = jsonText(value, {.replaceBadText = true});
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

[[noreturn]] void refuse(const std::string& path, const std::string& found, const std::string& expected) {
  throw Error(ErrorKind::InvalidInput, "recipe: " + path + " is " + found + ", expected " + expected);
}

const Json& requireObject(const Json& value, const std::string& path, const std::set<std::string>& known) {
  if (!value.is_object()) refuse(path, shortened(value), "an object");
  for (const auto& [key, unused] : value.items())
    if (!known.contains(key)) {
      std::string list;
      for (const std::string& word : known) list += (list.empty() ? "" : ", ") + word;
      throw Error(ErrorKind::InvalidInput,
                  "recipe: " + path + " has the unknown key '" + key + "', expected " + list);
    }
  return value;
}

double number(const Json& value, const std::string& path, double low, double high, const char* expected) {
  if (!value.is_number()) refuse(path, shortened(value), expected);
  const double found = value.get<double>();
  if (!(std::isfinite(found) && found >= low && found <= high)) refuse(path, shortened(value), expected);
  return found;
}

int integer(const Json& value, const std::string& path, int low, int high) {
  const std::string expected = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (!value.is_number_integer()) refuse(path, shortened(value), expected);
  return static_cast<int>(number(value, path, low, high, expected.c_str()));
}

template <class Table>
auto word(const Json& value, const std::string& path, const Table& table) {
  std::string list;
  for (const auto& [entry, text] : table) {
    if (value.is_string() && value.get_ref<const std::string&>() == text) return entry;
    if (text != "none") list += (list.empty() ? "" : ", ") + std::string(text);
  }
  refuse(path, shortened(value), "one of " + list);
}

bool flag(const Json& value, const std::string& path) {
  if (!value.is_boolean()) refuse(path, shortened(value), "true or false");
  return value.get<bool>();
}

/// A SHA-256 in hex.
std::string digest(const Json& value, const std::string& path) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    refuse(path, shortened(value), "the SHA-256 of trained weights");
  return text;
}

/// One object of the document while it is read. A key that means nothing beside the others is refused.
class Part {
 public:
  Part(const Json& json, std::string path, const std::set<std::string>& known)
      : m_json(requireObject(json, path, known)), m_path(std::move(path)) {}

  bool has(const char* key) const { return m_json.contains(key); }
  const Json& at(const char* key) const { return m_json[key]; }
  std::string pathOf(const char* key) const { return m_path + "." + key; }

  const Json& required(const char* key, const char* expected) const {
    if (!has(key)) refuse(pathOf(key), "missing", expected);
    return at(key);
  }
  /// Whether the key is there; throws where it is and `allowed` is false.
  bool hasWhere(bool allowed, const char* key, const char* expected) const {
    if (has(key) && !allowed) refuse(pathOf(key), shortened(at(key)), expected);
    return has(key);
  }

 private:
  const Json& m_json;
  std::string m_path;
};

Prune pruneFrom(const Json& json, const std::string& path) {
  const Part part(json, path, {"mode", "value", "criterion", "keep", "of", "block"});
  Prune prune;
  prune.mode = word(part.required("mode", "a mode"), part.pathOf("mode"), pruneModeWords);
  const bool pattern = prune.mode == PruneMode::Pattern, blocks = prune.mode == PruneMode::Blocks;
  const bool valued = prune.mode != PruneMode::None && prune.mode != PruneMode::Global && !pattern;
  if (valued) part.required("value", "a number");
  if (part.hasWhere(valued, "value", "no value in this mode"))
    prune.value = prune.mode == PruneMode::Threshold
                      ? number(part.at("value"), part.pathOf("value"), 0, 1e300, "a threshold of 0 or more")
                      : number(part.at("value"), part.pathOf("value"), 0, 1, "a number from 0 to 1");
  if (part.hasWhere(prune.mode != PruneMode::None && prune.mode != PruneMode::Threshold, "criterion",
                    "none in this mode"))
    prune.criterion = word(part.at("criterion"), part.pathOf("criterion"), criterionWords);
  if (pattern) part.required("keep", "a whole number"), part.required("of", "a whole number");
  if (part.hasWhere(pattern, "of", "none outside the mode pattern"))
    prune.of = integer(part.at("of"), part.pathOf("of"), 2, 64);
  if (part.hasWhere(pattern, "keep", "none outside the mode pattern"))
    prune.keep = integer(part.at("keep"), part.pathOf("keep"), 1, prune.of - 1);
  if (part.hasWhere(blocks, "block", "none outside the mode blocks")) {
    const Json& block = part.at("block");
    if (!block.is_array() || block.size() != 2)
      refuse(part.pathOf("block"), shortened(block), "[rows, columns]");
    prune.rows = integer(block[0], part.pathOf("block"), 1, 256);
    prune.columns = integer(block[1], part.pathOf("block"), 1, 256);
  }
  return prune;
}

Quantize quantizeFrom(const Json& json, const std::string& path) {
  const Part part(
      json, path,
      {"scheme", "bits", "per", "dropped_planes", "group", "range", "rounding", "bias_correction", "awq"});
  Quantize quantize;
  quantize.scheme = word(part.required("scheme", "a scheme"), part.pathOf("scheme"), schemeWords);
  const int mostBits = quantize.scheme == Scheme::Codebook ? 8 : 16;
  if (part.has("bits")) quantize.bits = integer(part.at("bits"), part.pathOf("bits"), 1, mostBits);
  if (part.has("per")) quantize.granularity = word(part.at("per"), part.pathOf("per"), granularityWords);
  if (part.hasWhere(quantize.granularity == Granularity::Group, "group", "none unless per is group"))
    quantize.groupSize = integer(part.at("group"), part.pathOf("group"), 8, 4096);
  if (part.hasWhere(quantize.scheme == Scheme::BitPlane, "dropped_planes",
                    "none outside the scheme bitplane"))
    quantize.droppedPlanes =
        integer(part.at("dropped_planes"), part.pathOf("dropped_planes"), 0, quantize.bits - 1);
  if (part.hasWhere(hasRange(quantize.scheme), "range", "none in a scheme without even steps"))
    quantize.range = word(part.at("range"), part.pathOf("range"), rangeMethodWords);
  if (part.hasWhere(hasRounding(quantize.scheme), "rounding",
                    "none outside the schemes symmetric, affine and power2"))
    quantize.rounding = word(part.at("rounding"), part.pathOf("rounding"), roundingWords);
  if (part.has("bias_correction"))
    quantize.correctBias = flag(part.at("bias_correction"), part.pathOf("bias_correction"));
  if (part.has("awq")) quantize.scaleInputs = flag(part.at("awq"), part.pathOf("awq"));
  return quantize;
}

LowRank lowRankFrom(const Json& json, const std::string& path) {
  const Part part(json, path, {"mode", "value"});
  LowRank lowRank;
  lowRank.mode = word(part.required("mode", "rank or energy"), part.pathOf("mode"), lowRankModeWords);
  if (lowRank.mode == LowRankMode::None) return lowRank;
  const Json& value = part.required("value", "a number");
  lowRank.value = lowRank.mode == LowRankMode::Rank
                      ? integer(value, part.pathOf("value"), 1, 1 << 24)
                      : number(value, part.pathOf("value"), 1e-9, 1, "a number above 0, at most 1");
  return lowRank;
}

Activations activationsFrom(const Json& json, const std::string& path) {
  const Part part(json, path, {"mode", "range"});
  Activations activations;
  activations.mode =
      word(part.required("mode", "static or dynamic"), part.pathOf("mode"), activationModeWords);
  if (part.hasWhere(activations.mode == ActivationMode::Static, "range", "no range outside the mode static"))
    activations.range = word(part.at("range"), part.pathOf("range"), rangeMethodWords);
  return activations;
}

Json toJsonValue(const Activations& activations) {
  Json json{{"mode", name(activations.mode)}};
  if (activations.mode == ActivationMode::Static) json["range"] = name(activations.range);
  return json;
}

Json toJsonValue(const Prune& prune) {
  Json json{{"mode", name(prune.mode)}};
  if (prune.mode == PruneMode::Pattern)
    json["keep"] = prune.keep, json["of"] = prune.of;
  else if (prune.mode != PruneMode::Global)
    json["value"] = prune.value;
  if (prune.mode == PruneMode::Blocks) json["block"] = {prune.rows, prune.columns};
  if (prune.mode != PruneMode::Threshold && prune.criterion != Criterion::Magnitude)
    json["criterion"] = name(prune.criterion);
  return json;
}

Json toJsonValue(const Quantize& quantize) {
  Json json;
  json["scheme"] = name(quantize.scheme);
  if (fixedBits(quantize.scheme) == 0) json["bits"] = quantize.bits;
  json["per"] = name(quantize.granularity);
  if (quantize.granularity == Granularity::Group) json["group"] = quantize.groupSize;
  if (quantize.scheme == Scheme::BitPlane) json["dropped_planes"] = quantize.droppedPlanes;
  if (hasRange(quantize.scheme) && quantize.range != RangeMethod::MinMax)
    json["range"] = name(quantize.range);
  if (hasRounding(quantize.scheme) && quantize.rounding != Rounding::Nearest)
    json["rounding"] = name(quantize.rounding);
  if (quantize.correctBias) json["bias_correction"] = true;
  if (quantize.scaleInputs) json["awq"] = true;
  return json;
}

Json toJsonValue(const LowRank& lowRank) {
  Json json{{"mode", name(lowRank.mode)}};
  if (lowRank.mode == LowRankMode::Rank)
    json["value"] = static_cast<std::int64_t>(lowRank.value);
  else
    json["value"] = lowRank.value;
  return json;
}

Json toJsonValue(const LayerEdit& edit) {
  Json json = Json::object();
  if (edit.lowRank.mode != LowRankMode::None) json["low_rank"] = toJsonValue(edit.lowRank);
  if (edit.prune.mode != PruneMode::None) json["prune"] = toJsonValue(edit.prune);
  if (edit.quantize.scheme != Scheme::None) json["quantize"] = toJsonValue(edit.quantize);
  if (edit.activations.mode != ActivationMode::None) json["activations"] = toJsonValue(edit.activations);
  return json;
}

/// The library's own parser keeps the last of two equal keys; a recipe that says two things says neither.
Json parseWithoutRepeats(const std::string& text) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > deepestDocument) throw Error(ErrorKind::InvalidInput, "recipe: the JSON is nested too deep");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      throw Error(ErrorKind::InvalidInput,
                  "recipe: the key " + shortened(parsed) + " stands twice in one object");
    return true;
  };
  try {
    return parseOrderedJson(text, watch);
  } catch (const Json::exception& error) {
    std::string reason = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    if (const auto end = reason.find("] "); end != std::string::npos) reason = reason.substr(end + 2);
    throw Error(ErrorKind::InvalidInput, "recipe: not JSON: " + reason);
  }
}

void requireHeader(const Json& json) {
  requireObject(json, "the document",
                {"format", "version", "global_sparsity", "equalize", "repaired", "layers"});
  const auto text = [&](const char* key) { return json.contains(key) ? shortened(json[key]) : "missing"; };
  if (!json.contains("format") || json["format"] != formatName)
    refuse("format", text("format"), "\"lapidary-recipe\"");
  if (!json.contains("version") || json["version"] != formatVersion) refuse("version", text("version"), "1");
}

}  // namespace

std::string toJson(const Recipe& recipe, int indent) {
  Json json;
  json["format"] = formatName;
  json["version"] = formatVersion;
  if (recipe.globalSparsity != 0) json["global_sparsity"] = recipe.globalSparsity;
  if (recipe.equalize) json["equalize"] = true;
  if (recipe.repaired) json["repaired"] = recipe.repaired.id;
  json["layers"] = Json::object();
  for (const auto& [layer, edit] : recipe.edits)
    if (!edit.empty()) json["layers"][layer] = toJsonValue(edit);
  return jsonText(json, {.indent = indent, .replaceBadText = true});
}

Recipe recipeFromJson(const std::string& text) {
  const Json json = parseWithoutRepeats(text);
  requireHeader(json);
  Recipe recipe;
  if (json.contains("global_sparsity"))
    recipe.globalSparsity = number(json["global_sparsity"], "global_sparsity", 0, 1, "a number from 0 to 1");
  if (json.contains("equalize")) recipe.equalize = flag(json["equalize"], "equalize");
  if (json.contains("repaired")) recipe.repaired.id = digest(json["repaired"], "repaired");
  if (!json.contains("layers")) return recipe;
  if (!json["layers"].is_object()) refuse("layers", shortened(json["layers"]), "an object");
  for (const auto& [layer, part] : json["layers"].items()) {
    const std::string path = "layers." + layer;
    requireObject(part, path, {"prune", "quantize", "activations", "low_rank"});
    LayerEdit edit;
    if (part.contains("prune")) edit.prune = pruneFrom(part["prune"], path + ".prune");
    if (part.contains("quantize")) edit.quantize = quantizeFrom(part["quantize"], path + ".quantize");
    if (part.contains("activations"))
      edit.activations = activationsFrom(part["activations"], path + ".activations");
    if (part.contains("low_rank")) edit.lowRank = lowRankFrom(part["low_rank"], path + ".low_rank");
    recipe.set(layer, edit);
  }
  validate(recipe);
  return recipe;
}

}  // namespace lapidary::core
