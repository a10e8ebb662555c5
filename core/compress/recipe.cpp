#include "core/compress/recipe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "core/support/error.h"
#include "core/support/ids.h"

namespace lapidary::core {
namespace {

[[noreturn]] void refuse(const std::string& what, double found, const char* expected) {
  char number[64];
  std::snprintf(number, sizeof number, "%g", found);
  throw Error(ErrorKind::InvalidInput, what + " is " + number + ", expected " + expected);
}

void requireShare(const std::string& what, double share) {
  if (!(share >= 0 && share <= 1)) refuse(what, share, "a number from 0 to 1");
}

void validate(const Prune& prune) {
  if (prune.mode == PruneMode::Threshold && !(std::isfinite(prune.value) && prune.value >= 0))
    refuse("prune value", prune.value, "a threshold of 0 or more");
  if (prune.mode == PruneMode::Sparsity) requireShare("prune value", prune.value);
}

void validate(const Quantize& quantize) {
  if (quantize.scheme == Scheme::None || quantize.scheme == Scheme::Binary) return;
  if (quantize.bits < 1 || quantize.bits > 16) refuse("bits", quantize.bits, "1 to 16");
  if (quantize.scheme == Scheme::BitPlane &&
      (quantize.droppedPlanes < 0 || quantize.droppedPlanes > quantize.bits - 1))
    refuse("dropped_planes", quantize.droppedPlanes, "0 to one less than bits");
}

void append(std::vector<std::uint64_t>& words, const std::string& text) {
  words.push_back(text.size());
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    word = word << 8 | static_cast<unsigned char>(text[i]);
    if (i % 8 == 7 || i + 1 == text.size()) {
      words.push_back(word);
      word = 0;
    }
  }
}

/// Only what has an effect, so that equal words mean equal models.
void append(std::vector<std::uint64_t>& words, const LayerEdit& edit) {
  const Prune& prune = edit.prune;
  const Quantize& quantize = edit.quantize;
  words.push_back(static_cast<std::uint64_t>(prune.mode));
  if (prune.mode == PruneMode::Threshold || prune.mode == PruneMode::Sparsity)
    words.push_back(std::bit_cast<std::uint64_t>(prune.value + 0.0));  // -0 and 0 are one
  if (edit.activations.mode != ActivationMode::None) {
    const bool ranged = edit.activations.mode == ActivationMode::Static;
    words.push_back(0xac7u);  // apart from the words of recipes without activations
    words.push_back(static_cast<std::uint64_t>(edit.activations.mode));
    words.push_back(ranged ? static_cast<std::uint64_t>(edit.activations.range) : 0);
  }
  words.push_back(static_cast<std::uint64_t>(quantize.scheme));
  if (quantize.scheme == Scheme::None) return;
  words.push_back(static_cast<std::uint64_t>(quantize.granularity));
  if (quantize.scheme != Scheme::Binary) words.push_back(static_cast<std::uint64_t>(quantize.bits));
  if (quantize.scheme == Scheme::BitPlane)
    words.push_back(static_cast<std::uint64_t>(quantize.droppedPlanes));
}

}  // namespace

LayerEdit Recipe::editOf(const std::string& layer) const {
  const auto it = edits.find(layer);
  return it == edits.end() ? LayerEdit{} : it->second;
}

bool Recipe::quantizesActivations() const {
  return std::ranges::any_of(
      edits, [](const auto& edit) { return edit.second.activations.mode != ActivationMode::None; });
}

void Recipe::set(const std::string& layer, const LayerEdit& edit) {
  if (edit.empty())
    edits.erase(layer);
  else
    edits[layer] = edit;
}

void validate(const LayerEdit& edit) {
  validate(edit.prune);
  validate(edit.quantize);
}

void validate(const Recipe& recipe) {
  requireShare("global_sparsity", recipe.globalSparsity);
  for (const auto& [layer, edit] : recipe.edits)
    withContext("recipe: layer '" + layer + "'", [&] { validate(edit); });
}

std::string fingerprint(const Recipe& recipe) {
  std::vector<std::uint64_t> words{1};
  bool global = false;
  for (const auto& [layer, edit] : recipe.edits) {
    if (edit.empty()) continue;
    append(words, layer);
    append(words, edit);
    global = global || edit.prune.mode == PruneMode::Global;
  }
  if (global) words.push_back(std::bit_cast<std::uint64_t>(recipe.globalSparsity + 0.0));
  const Key key = hashWords(words);
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(key.high),
                static_cast<unsigned long long>(key.low));
  return text;
}

}  // namespace lapidary::core
