// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/scores_choice.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lapidary::core {
namespace {

/// What speaks for an output, and what of it most.
struct Claim {
  std::size_t output = 0, classes = 0;
  int fit = 0, name = 0, form = 0;

  int weight() const { return fit + name + form; }
};

/// A difference in weight below this decides nothing that a person would be sure of.
constexpr int clear = 15;

constexpr std::array<std::string_view, 6> namesOfScores{"logit", "prob", "score", "softmax", "class", "pred"};
constexpr std::array<std::string_view, 2> namesOfOutputs{"output", "label"};
constexpr std::array<std::string_view, 10> namesOfOthers{"feature",   "hidden", "embed", "pool", "aux",
                                                         "attention", "state",  "token", "map",  "mask"};

template <std::size_t N>
bool holdsOneOf(const std::string& text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

int weightOfName(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool other = holdsOneOf(name, namesOfOthers);
  if (holdsOneOf(name, namesOfScores)) return other ? 0 : 40;
  if (other) return -40;
  return holdsOneOf(name, namesOfOutputs) ? 20 : 0;
}

/// As many scores as classes is what is looked for; more may be, as labels need not have every class; fewer
/// cannot be.
std::optional<int> weightOfFit(std::size_t scores, std::size_t classes) {
  if (classes == 0 || scores == 0) return 0;
  if (scores < classes) return std::nullopt;
  return scores == classes ? 100 : scores <= 2 * classes ? 20 : 0;
}

std::optional<Claim> claimOf(const OutputForm& form, std::size_t output, std::size_t classes) {
  if (form.dtype && !isFloating(*form.dtype)) return std::nullopt;
  Claim claim{output, 0, 0, weightOfName(form.name), 0};
  if (!form.shape) return claim;
  std::size_t axes = 0;
  if (form.shape->size() < 2) return std::nullopt;
  for (std::size_t i = 1; i < form.shape->size(); ++i) {
    const Dimension& dimension = (*form.shape)[i];
    if (dimension.size == std::int64_t{1}) continue;
    ++axes;
    claim.classes = static_cast<std::size_t>(std::max<std::int64_t>(0, dimension.size.value_or(0)));
  }
  if (axes == 0 || axes > 2) return std::nullopt;
  const auto fit = weightOfFit(claim.classes, classes);
  if (!fit) return std::nullopt;
  claim.fit = *fit;
  claim.form = axes == 1 ? 30 : 0;
  return claim;
}

ScoresChoice::Why reasonOf(const Claim& best, const Claim* next) {
  if (next == nullptr) return ScoresChoice::Why::Only;
  if (best.fit > next->fit) return ScoresChoice::Why::FitsData;
  if (best.name > next->name) return ScoresChoice::Why::Name;
  if (best.form > next->form) return ScoresChoice::Why::Form;
  return ScoresChoice::Why::First;
}

}  // namespace

std::vector<OutputForm> declaredOutputs(const Model& model) {
  std::vector<OutputForm> forms;
  for (const ValueId id : model.graph->outputs) {
    const Value& value = model.graph->value(id);
    forms.push_back({value.name, value.dtype, value.shape});
  }
  return forms;
}

std::optional<ScoresChoice> chooseScores(std::span<const OutputForm> outputs, std::size_t classes) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (const auto claim = claimOf(outputs[i], i, classes)) claims.push_back(*claim);
  if (claims.empty()) return std::nullopt;
  std::ranges::stable_sort(claims, std::ranges::greater(), &Claim::weight);
  const Claim& best = claims.front();
  ScoresChoice choice{best.output,
                      outputs[best.output].name,
                      reasonOf(best, claims.size() > 1 ? &claims[1] : nullptr),
                      best.classes,
                      {}};
  for (std::size_t i = 1; i < claims.size(); ++i)
    if (best.weight() - claims[i].weight() < clear) choice.rivals.push_back(outputs[claims[i].output].name);
  return choice;
}

ScoresChoice namedScores(std::span<const OutputForm> outputs, const std::string& name) {
  std::string names;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].name == name) return {i, name, ScoresChoice::Why::Given, 0, {}};
    names += (i == 0 ? "'" : ", '") + outputs[i].name + "'";
  }
  throw Error(ErrorKind::InvalidInput, "the model has no output '" + name + "'; it has " + names);
}

std::size_t labelledClasses(const DataSource& data) {
  std::int64_t most = -1;
  for (std::size_t i = 0; data.labelled() && i < data.size(); ++i) most = std::max(most, data.label(i));
  return static_cast<std::size_t>(most + 1);
}

std::string_view wordOf(ScoresChoice::Why why) {
  switch (why) {
    case ScoresChoice::Why::Given:
      return "given";
    case ScoresChoice::Why::Only:
      return "only";
    case ScoresChoice::Why::FitsData:
      return "fits-labels";
    case ScoresChoice::Why::Name:
      return "name";
    case ScoresChoice::Why::Form:
      return "form";
    case ScoresChoice::Why::First:
      return "first";
  }
  return "";
}

}  // namespace lapidary::core
