// SPDX-License-Identifier: GPL-3.0-or-later
// The table of methods of explaining: one row each, so that a new one is a file and a row.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/explain/map/saliency.h"
#include "core/model/model.h"

namespace lapidary::core {

struct SaliencyTask;

/// The part of a model that a method looks at.
enum class SaliencyFamily { Gradients, Layers, Hiding };

/// The part that a method needs of a model.
enum class SaliencyNeed { Nothing, Gradients, Convolution, Rectifier, Attention };

struct SaliencyRow {
  SaliencyMethod method;
  std::string_view word;  ///< of command lines, file names and JSON: "gradient-input"
  SaliencyFamily family;
  SaliencyNeed need;
  bool isSigned;   ///< whether the sign of a value means something
  bool runsOften;  ///< hundreds of runs: worth a progress
  SaliencyMap (*map)(const SaliencyTask& task);
};

std::span<const SaliencyRow> saliencyMethods();
const SaliencyRow& rowOf(SaliencyMethod method);
/// Throws Error(Usage) with all words for a word that none has.
SaliencyMethod saliencyMethodNamed(std::string_view word);
/// Why the method does not fit the model, as far as the graph tells; empty where it does.
std::string obstacleOf(const Model& model, SaliencyMethod method);

}  // namespace lapidary::core
