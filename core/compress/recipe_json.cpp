// Recipes as JSON: version 1 of "lapidary-recipe". Every key is checked; errors name the path of the key.
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/compress/recipe.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* formatName = "lapidary-recipe";
constexpr int formatVersion = 1;

template <class E>
using Words = std::initializer_list<std::pair<E, std::string_view>>;

constexpr std::array schemes{std::pair{Scheme::None, std::string_view("none")},
                             std::pair{Scheme::Symmetric, std::string_view("symmetric")},
                             std::pair{Scheme::Affine, std::string_view("affine")},
                             std::pair{Scheme::MinMax, std::string_view("minmax")},
                             std::pair{Scheme::Binary, std::string_view("binary")},
                             std::pair{Scheme::BitPlane, std::string_view("bitplane")}};
constexpr std::array modes{std::pair{PruneMode::None, std::string_view("none")},
                           std::pair{PruneMode::Threshold, std::string_view("threshold")},
                           std::pair{PruneMode::Sparsity, std::string_view("sparsity")},
                           std::pair{PruneMode::Global, std::string_view("global")}};
constexpr std::array granularities{std::pair{Granularity::Tensor, std::string_view("tensor")},
                                   std::pair{Granularity::Channel, std::string_view("channel")}};

constexpr std::array activationModes{std::pair{ActivationMode::None, std::string_view("none")},
                                     std::pair{ActivationMode::Static, std::string_view("static")},
                                     std::pair{ActivationMode::Dynamic, std::string_view("dynamic")}};
constexpr std::array rangeMethods{std::pair{RangeMethod::MinMax, std::string_view("minmax")},
                                  std::pair{RangeMethod::Percentile, std::string_view("percentile")},
                                  std::pair{RangeMethod::MeanSquaredError, std::string_view("mse")},
                                  std::pair{RangeMethod::Entropy, std::string_view("entropy")}};

template <class Table>
std::optional<typename Table::value_type::first_type> valueOf(const Table& table, std::string_view text) {
  for (const auto& [value, known] : table)
    if (known == text) return value;
  return std::nullopt;
}

template <class Table, class E>
std::string_view wordOf(const Table& table, E value) {
  for (const auto& [entry, word] : table)
    if (entry == value) return word;
  return "none";
}

std::string shortened(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
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

Prune pruneFrom(const Json& json, const std::string& path) {
  requireObject(json, path, {"mode", "value"});
  if (!json.contains("mode")) refuse(path + ".mode", "missing", "threshold, sparsity or global");
  Prune prune;
  prune.mode = word(json["mode"], path + ".mode", modes);
  const bool valued = prune.mode == PruneMode::Threshold || prune.mode == PruneMode::Sparsity;
  if (!json.contains("value")) {
    if (valued) refuse(path + ".value", "missing", "a number");
    return prune;
  }
  if (!valued) refuse(path + ".value", shortened(json["value"]), "no value in this mode");
  prune.value = prune.mode == PruneMode::Sparsity
                    ? number(json["value"], path + ".value", 0, 1, "a number from 0 to 1")
                    : number(json["value"], path + ".value", 0, 1e300, "a threshold of 0 or more");
  return prune;
}

Quantize quantizeFrom(const Json& json, const std::string& path) {
  requireObject(json, path, {"scheme", "bits", "per", "dropped_planes"});
  if (!json.contains("scheme")) refuse(path + ".scheme", "missing", "a scheme");
  Quantize quantize;
  quantize.scheme = word(json["scheme"], path + ".scheme", schemes);
  if (json.contains("bits")) quantize.bits = integer(json["bits"], path + ".bits", 1, 16);
  if (json.contains("per")) quantize.granularity = word(json["per"], path + ".per", granularities);
  if (!json.contains("dropped_planes")) return quantize;
  if (quantize.scheme != Scheme::BitPlane)
    refuse(path + ".dropped_planes", shortened(json["dropped_planes"]), "none outside the scheme bitplane");
  quantize.droppedPlanes = integer(json["dropped_planes"], path + ".dropped_planes", 0, quantize.bits - 1);
  return quantize;
}

Activations activationsFrom(const Json& json, const std::string& path) {
  requireObject(json, path, {"mode", "range"});
  if (!json.contains("mode")) refuse(path + ".mode", "missing", "static or dynamic");
  Activations activations;
  activations.mode = word(json["mode"], path + ".mode", activationModes);
  if (!json.contains("range")) return activations;
  if (activations.mode != ActivationMode::Static)
    refuse(path + ".range", shortened(json["range"]), "no range outside the mode static");
  activations.range = word(json["range"], path + ".range", rangeMethods);
  return activations;
}

Json toJsonValue(const Activations& activations) {
  Json json{{"mode", name(activations.mode)}};
  if (activations.mode == ActivationMode::Static) json["range"] = name(activations.range);
  return json;
}

Json toJsonValue(const Quantize& quantize) {
  Json json;
  json["scheme"] = name(quantize.scheme);
  if (quantize.scheme != Scheme::Binary) json["bits"] = quantize.bits;
  json["per"] = name(quantize.granularity);
  if (quantize.scheme == Scheme::BitPlane) json["dropped_planes"] = quantize.droppedPlanes;
  return json;
}

Json toJsonValue(const LayerEdit& edit) {
  Json json = Json::object();
  if (edit.prune.mode != PruneMode::None) {
    json["prune"]["mode"] = name(edit.prune.mode);
    if (edit.prune.mode != PruneMode::Global) json["prune"]["value"] = edit.prune.value;
  }
  if (edit.quantize.scheme != Scheme::None) json["quantize"] = toJsonValue(edit.quantize);
  if (edit.activations.mode != ActivationMode::None) json["activations"] = toJsonValue(edit.activations);
  return json;
}

/// The library's own parser keeps the last of two equal keys; a recipe that says two things says neither.
Json parseWithoutRepeats(const std::string& text) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      throw Error(ErrorKind::InvalidInput,
                  "recipe: the key " + shortened(parsed) + " stands twice in one object");
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::exception& error) {
    std::string reason = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    if (const auto end = reason.find("] "); end != std::string::npos) reason = reason.substr(end + 2);
    throw Error(ErrorKind::InvalidInput, "recipe: not JSON: " + reason);
  }
}

void requireHeader(const Json& json) {
  requireObject(json, "the document", {"format", "version", "global_sparsity", "layers"});
  const auto text = [&](const char* key) { return json.contains(key) ? shortened(json[key]) : "missing"; };
  if (!json.contains("format") || json["format"] != formatName)
    refuse("format", text("format"), "\"lapidary-recipe\"");
  if (!json.contains("version") || json["version"] != formatVersion) refuse("version", text("version"), "1");
}

}  // namespace

std::string_view name(Scheme scheme) { return wordOf(schemes, scheme); }
std::string_view name(PruneMode mode) { return wordOf(modes, mode); }
std::string_view name(Granularity granularity) { return wordOf(granularities, granularity); }

std::string_view name(ActivationMode mode) { return wordOf(activationModes, mode); }
std::string_view name(RangeMethod method) { return wordOf(rangeMethods, method); }

std::optional<Scheme> schemeNamed(std::string_view text) { return valueOf(schemes, text); }
std::optional<ActivationMode> activationModeNamed(std::string_view text) {
  return valueOf(activationModes, text);
}
std::optional<RangeMethod> rangeMethodNamed(std::string_view text) { return valueOf(rangeMethods, text); }

std::string toJson(const Recipe& recipe, int indent) {
  Json json;
  json["format"] = formatName;
  json["version"] = formatVersion;
  if (recipe.globalSparsity != 0) json["global_sparsity"] = recipe.globalSparsity;
  json["layers"] = Json::object();
  for (const auto& [layer, edit] : recipe.edits)
    if (!edit.empty()) json["layers"][layer] = toJsonValue(edit);
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Recipe recipeFromJson(const std::string& text) {
  const Json json = parseWithoutRepeats(text);
  requireHeader(json);
  Recipe recipe;
  if (json.contains("global_sparsity"))
    recipe.globalSparsity = number(json["global_sparsity"], "global_sparsity", 0, 1, "a number from 0 to 1");
  if (!json.contains("layers")) return recipe;
  if (!json["layers"].is_object()) refuse("layers", shortened(json["layers"]), "an object");
  for (const auto& [layer, part] : json["layers"].items()) {
    const std::string path = "layers." + layer;
    requireObject(part, path, {"prune", "quantize", "activations"});
    LayerEdit edit;
    if (part.contains("prune")) edit.prune = pruneFrom(part["prune"], path + ".prune");
    if (part.contains("quantize")) edit.quantize = quantizeFrom(part["quantize"], path + ".quantize");
    if (part.contains("activations"))
      edit.activations = activationsFrom(part["activations"], path + ".activations");
    recipe.set(layer, edit);
  }
  return recipe;
}

}  // namespace lapidary::core
