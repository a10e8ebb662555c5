// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/known_layers.h"

#include <vector>

#include "core/support/error.h"
#include "core/support/nearest.h"

namespace lapidary::core {
namespace {

/// "; the nearest are 'conv1', 'conv2'".
std::string likeIt(const Model& model, const std::string& name) {
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) names.push_back(layer.name);
  std::string text;
  for (const std::string& near : nearestNames(name, names, 3))
    text += (text.empty() ? "; the nearest are '" : ", '") + near + "'";
  return text;
}

}  // namespace

LayerId knownLayer(const Model& model, const std::string& name) {
  const LayerId id = model.findLayer(name);
  if (!id.valid())
    throw Error(ErrorKind::InvalidInput,
                "recipe: the model has no layer '" + name + "'" + likeIt(model, name));
  return id;
}

void requireKnownLayers(const Model& model, const Recipe& recipe) {
  for (const auto& [name, edit] : recipe.edits) knownLayer(model, name);
}

}  // namespace lapidary::core
