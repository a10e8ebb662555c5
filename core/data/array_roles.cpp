// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/array_roles.h"

#include <algorithm>

#include "core/data/column_words.h"
#include "core/data/label_array.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using Shapes = std::map<std::string, Shape>;

std::string allNames(const Shapes& shapes) {
  std::string text;
  for (const auto& [name, shape] : shapes) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

/// By a name without its part: the arrays of one part.
using Part = std::map<std::string, std::string>;

template <class Rank>
std::string bestOf(const Part& part, Rank&& rank) {
  std::string best;
  std::optional<std::size_t> bestRank;
  for (const auto& [rest, name] : part)
    if (const auto found = rank(rest); found && (!bestRank || *found < *bestRank))
      best = name, bestRank = found;
  return best;
}

std::map<DataPart, Part> partsIn(const Shapes& shapes) {
  std::map<DataPart, Part> parts;
  for (const auto& [name, shape] : shapes)
    if (const auto found = partName(name)) parts[found->part].emplace(found->rest, name);
  std::erase_if(parts, [](const auto& entry) { return bestOf(entry.second, samplesWordRank).empty(); });
  return parts;
}

std::size_t lengthOf(const Shapes& shapes, const std::string& name) {
  const Shape& shape = shapes.at(name);
  return shape.empty() ? 0 : static_cast<std::size_t>(shape[0]);
}

ArrayRoles rolesInPart(const Shapes& shapes, const Part& part) {
  ArrayRoles roles;
  roles.samples = bestOf(part, samplesWordRank);
  roles.labels = bestOf(part, labelWordRank);
  for (const auto& [rest, name] : part)
    if (name != roles.samples && name != roles.labels) roles.inputs.emplace(rest, name);
  for (const auto& [name, shape] : shapes)
    if (!partName(name)) roles.aside.push_back(name);
  return roles;
}

/// What numpy.savez calls arrays without names, in the order in which they were given.
bool isUnnamedPair(const Shapes& shapes) {
  return shapes.size() == 2 && shapes.contains("arr_0") && shapes.contains("arr_1") &&
         !shapes.at("arr_0").empty() && mayHoldLabels(shapes.at("arr_1"), shapes.at("arr_0")[0]);
}

/// The name with the first rank, where its form may hold labels too; `y` always.
std::string labelsIn(const Shapes& shapes, const std::string& samples) {
  if (shapes.contains("y")) return "y";
  Part candidates;
  for (const auto& [name, shape] : shapes)
    if (name != samples && !shape.empty() && mayHoldLabels(shape, shape[0])) candidates.emplace(name, name);
  return bestOf(candidates, labelWordRank);
}

std::string samplesIn(const Shapes& shapes) {
  if (shapes.contains("x")) return "x";
  Part candidates;
  for (const auto& [name, shape] : shapes) candidates.emplace(name, name);
  return bestOf(candidates, samplesWordRank);
}

ArrayRoles rolesByName(const Shapes& shapes) {
  ArrayRoles roles;
  if (isUnnamedPair(shapes)) {
    roles.samples = "arr_0";
    roles.labels = "arr_1";
    roles.warnings.push_back({DataWarningKind::GuessedArrays, "'arr_0', 'arr_1'", 2});
    return roles;
  }
  roles.samples = samplesIn(shapes);
  roles.labels = labelsIn(shapes, roles.samples);
  for (const auto& [name, shape] : shapes)
    if (name != roles.samples && name != roles.labels) roles.inputs.emplace(name, name);
  if (roles.samples.empty() && roles.inputs.size() == 1) {
    roles.samples = roles.inputs.begin()->second;
    roles.inputs.clear();
  }
  return roles;
}

/// Beside samples that are known, arrays of another length feed nothing.
void setAsideOtherLengths(const Shapes& shapes, ArrayRoles& roles) {
  if (roles.samples.empty()) return;
  const std::size_t samples = lengthOf(shapes, roles.samples);
  std::erase_if(roles.inputs, [&](const auto& entry) {
    if (lengthOf(shapes, entry.second) == samples && samples > 0) return false;
    roles.aside.push_back(entry.second);
    return true;
  });
}

}  // namespace

ArrayRoles rolesOf(const Shapes& shapes, std::optional<DataPart> wanted) {
  const std::map<DataPart, Part> parts = shapes.contains("x") ? std::map<DataPart, Part>() : partsIn(shapes);
  if (parts.empty() && wanted)
    throw invalidInput(
        "the arrays are not in parts: names such as x_train, y_train, x_test, y_test expected, " +
        allNames(shapes) + " found");
  ArrayRoles roles;
  if (parts.empty()) {
    roles = rolesByName(shapes);
  } else {
    std::map<DataPart, std::size_t> lengths;
    for (const auto& [part, arrays] : parts)
      lengths[part] = lengthOf(shapes, bestOf(arrays, samplesWordRank));
    const DataPart chosen = chosenPart(lengths, wanted);
    roles = rolesInPart(shapes, parts.at(chosen));
    if (const auto warning = partWarning(lengths, chosen, wanted)) roles.warnings.push_back(*warning);
    roles.parts = {lengths, chosen};
  }
  if (roles.samples.empty() && roles.inputs.empty())
    throw invalidInput(
        "the npz holds no samples: an array 'x', or arrays named as the model's inputs, expected" +
        (shapes.empty() ? std::string() : ", " + allNames(shapes) + " found"));
  setAsideOtherLengths(shapes, roles);
  return roles;
}

}  // namespace lapidary::core
