// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/recipe/recipe.h"

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

void requireWhole(const std::string& what, int found, int low, int high) {
  if (found < low || found > high)
    refuse(what, found, (std::to_string(low) + " to " + std::to_string(high)).c_str());
}

void validate(const Prune& prune) {
  switch (prune.mode) {
    case PruneMode::None:
    case PruneMode::Global:
      return;
    case PruneMode::Threshold:
      if (!(std::isfinite(prune.value) && prune.value >= 0))
        refuse("prune value", prune.value, "a threshold of 0 or more");
      return;
    case PruneMode::Pattern:
      requireWhole("of", prune.of, 2, 64);
      return requireWhole("keep", prune.keep, 1, prune.of - 1);
    case PruneMode::Blocks:
      requireWhole("block rows", prune.rows, 1, 256);
      requireWhole("block columns", prune.columns, 1, 256);
      break;
    case PruneMode::Sparsity:
    case PruneMode::Channels:
    case PruneMode::Heads:
      break;
  }
  requireShare("prune value", prune.value);
}

/// Checks which criteria a mode ranks by: Wanda compares weights of one output alone, Reconstruct needs its
/// turn at every single weight.
void requireRanking(const Prune& prune) {
  const bool single = prune.mode == PruneMode::Sparsity || prune.mode == PruneMode::Pattern;
  const bool ranks = prune.mode != PruneMode::None && prune.mode != PruneMode::Threshold;
  if (ranks && !single && (prune.criterion == Criterion::Wanda || prune.criterion == Criterion::Reconstruct))
    throw Error(ErrorKind::InvalidInput, "criterion " + std::string(name(prune.criterion)) +
                                             " goes with the modes sparsity and pattern; for " +
                                             std::string(name(prune.mode)) + " take l1, l2 or taylor");
}

/// One ranking over all layers of mode global.
void requireOneRanking(const Recipe& recipe) {
  const LayerEdit* first = nullptr;
  for (const auto& [layer, edit] : recipe.edits) {
    if (edit.prune.mode != PruneMode::Global) continue;
    if (first == nullptr) first = &edit;
    const bool byGradients = edit.prune.criterion == Criterion::Taylor;
    if (byGradients != (first->prune.criterion == Criterion::Taylor))
      throw Error(ErrorKind::InvalidInput, "recipe: layers of mode global are ranked together, but '" +
                                               layer + "' has another criterion than those before it");
  }
}

void validate(const Quantize& quantize) {
  if (quantize.scheme == Scheme::None) return;
  if (quantize.granularity == Granularity::Group) requireWhole("group", quantize.groupSize, 8, 4096);
  if (fixedBits(quantize.scheme) != 0) return;
  requireWhole("bits", quantize.bits, 1, quantize.scheme == Scheme::Codebook ? 8 : 16);
  if (quantize.scheme == Scheme::BitPlane &&
      (quantize.droppedPlanes < 0 || quantize.droppedPlanes > quantize.bits - 1))
    refuse("dropped_planes", quantize.droppedPlanes, "0 to one less than bits");
}

void validate(const LowRank& lowRank) {
  if (lowRank.mode == LowRankMode::Rank &&
      !(lowRank.value >= 1 && lowRank.value == std::floor(lowRank.value)))
    refuse("rank", lowRank.value, "a whole number of at least 1");
  if (lowRank.mode == LowRankMode::Energy && !(lowRank.value > 0 && lowRank.value <= 1))
    refuse("energy", lowRank.value, "a number above 0, at most 1");
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

std::uint64_t bitsOf(double value) { return std::bit_cast<std::uint64_t>(value + 0.0); }  // -0 and 0 are one

template <class E>
std::uint64_t wordOf(E value) {
  return static_cast<std::uint64_t>(value);
}

/// Fields that came later are preceded by a mark where they differ from what was always done: recipes without
/// them keep the fingerprint they had.
void append(std::vector<std::uint64_t>& words, const Prune& prune) {
  words.push_back(wordOf(prune.mode));
  const bool unvalued =
      prune.mode == PruneMode::None || prune.mode == PruneMode::Global || prune.mode == PruneMode::Pattern;
  if (!unvalued) words.push_back(bitsOf(prune.value));
  const bool ranked = prune.mode != PruneMode::None && prune.mode != PruneMode::Threshold;
  if (ranked && prune.criterion != Criterion::Magnitude)
    words.insert(words.end(), {0xc417u, wordOf(prune.criterion)});
  if (prune.mode == PruneMode::Pattern) words.insert(words.end(), {wordOf(prune.keep), wordOf(prune.of)});
  if (prune.mode == PruneMode::Blocks) words.insert(words.end(), {wordOf(prune.rows), wordOf(prune.columns)});
}

void append(std::vector<std::uint64_t>& words, const Quantize& quantize) {
  words.push_back(wordOf(quantize.scheme));
  if (quantize.scheme == Scheme::None) return;
  words.push_back(wordOf(quantize.granularity));
  if (fixedBits(quantize.scheme) == 0) words.push_back(wordOf(quantize.bits));
  if (quantize.scheme == Scheme::BitPlane) words.push_back(wordOf(quantize.droppedPlanes));
  if (quantize.granularity == Granularity::Group) words.push_back(wordOf(quantize.groupSize));
  if (hasRange(quantize.scheme) && quantize.range != RangeMethod::MinMax)
    words.insert(words.end(), {0x4a46eu, wordOf(quantize.range)});
  if (hasRounding(quantize.scheme) && quantize.rounding != Rounding::Nearest)
    words.insert(words.end(), {0x409du, wordOf(quantize.rounding)});
  if (quantize.correctBias) words.push_back(0xb1a5u);
  if (quantize.scaleInputs) words.push_back(0xa30u);
}

/// Only what has an effect, so that equal words mean equal models.
void append(std::vector<std::uint64_t>& words, const LayerEdit& edit) {
  append(words, edit.prune);
  if (edit.activations.mode != ActivationMode::None) {
    const bool ranged = edit.activations.mode == ActivationMode::Static;
    words.push_back(0xac7u);  // apart from the words of recipes without activations
    words.push_back(wordOf(edit.activations.mode));
    words.push_back(ranged ? wordOf(edit.activations.range) : 0);
  }
  if (edit.lowRank.mode != LowRankMode::None)
    words.insert(words.end(), {0x10c4u, wordOf(edit.lowRank.mode), bitsOf(edit.lowRank.value)});
  append(words, edit.quantize);
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
  requireRanking(edit.prune);
  validate(edit.quantize);
  validate(edit.lowRank);
}

void validate(const Recipe& recipe) {
  requireShare("global_sparsity", recipe.globalSparsity);
  for (const auto& [layer, edit] : recipe.edits)
    withContext("recipe: layer '" + layer + "'", [&edit = edit] { validate(edit); });
  requireOneRanking(recipe);
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
  if (global) words.push_back(bitsOf(recipe.globalSparsity));
  if (recipe.equalize && !recipe.edits.empty()) words.push_back(0xe9a1u);
  if (recipe.repaired) append(words, recipe.repaired.id);
  const Key key = hashWords(words);
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(key.high),
                static_cast<unsigned long long>(key.low));
  return text;
}

}  // namespace lapidary::core
