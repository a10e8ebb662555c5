// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe of all that is done to a model: a value that maps layers to edits. It is the whole document a
// person edits.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/compress/recipe/prune_edit.h"
#include "core/compress/recipe/quantize_edit.h"

namespace lapidary::core {

/// The quantization of the values that a layer reads (its data input). Codes are unsigned 8-bit, one scale
/// and zero point for the whole tensor; the layer then computes with the values that the codes stand for.
enum class ActivationMode {
  None,
  Static,   ///< the range is fixed beforehand, from calibration samples
  Dynamic,  ///< the range is that of each sample as it comes (DynamicQuantizeLinear)
};

struct Activations {
  ActivationMode mode = ActivationMode::None;
  RangeMethod range = RangeMethod::MinMax;  ///< Static only
  bool operator==(const Activations&) const = default;
};

enum class LowRankMode {
  None,
  Rank,    ///< keep the `value` greatest singular values
  Energy,  ///< keep the fewest that hold the share `value` of the sum of their squares
};

/// The weight, as a matrix of outputs x inputs, in place of its truncated singular value decomposition: two
/// layers with a narrow middle. It comes before pruning and quantization, which then are of both factors.
struct LowRank {
  LowRankMode mode = LowRankMode::None;
  double value = 0;  ///< a whole number of at least 1 (Rank), a share in (0, 1] (Energy)
  auto operator<=>(const LowRank&) const = default;
};

struct LayerEdit {
  Prune prune;
  Quantize quantize;
  Activations activations = {};  ///< Conv, Gemm and MatMul only
  LowRank lowRank = {};          ///< Conv, Gemm and MatMul only
  bool operator==(const LayerEdit&) const = default;
  bool empty() const {
    return prune.mode == PruneMode::None && quantize.scheme == Scheme::None &&
           activations.mode == ActivationMode::None && lowRank.mode == LowRankMode::None;
  }
};

struct RepairedWeights;  // core/compress/cut/repaired_weights.h

/// The weights that the edits are done to, where a training took the place of the model's own. A recipe that
/// was read from JSON knows their name alone; whoever holds the weights puts them in.
struct TrainedWeights {
  std::string id;  ///< SHA-256 of the ONNX file that holds them, in hex; empty: the model's own
  std::shared_ptr<const RepairedWeights> held = nullptr;
  bool operator==(const TrainedWeights& other) const { return id == other.id; }
  explicit operator bool() const { return !id.empty(); }
};

/// Edits by layer name; a layer that is not named is left as it is. Equal recipes give equal models.
struct Recipe {
  double globalSparsity = 0;  ///< share of all weights in layers of mode Global
  /// Evens out the ranges of channels between neighbouring layers before they are quantized: the same
  /// function, with smaller errors per tensor (cross-layer equalisation; Nagel et al. 2019).
  bool equalize = false;
  std::map<std::string, LayerEdit> edits;  ///< holds no empty edit
  TrainedWeights repaired = {};
  bool operator==(const Recipe&) const = default;

  /// Of the model as it was opened.
  bool empty() const { return edits.empty() && !repaired; }
  /// Whether some layer's activations are quantized.
  bool quantizesActivations() const;
  LayerEdit editOf(const std::string& layer) const;
  /// Stores the edit; an empty one removes the entry.
  void set(const std::string& layer, const LayerEdit& edit);
};

/// Throws Error(InvalidInput) naming the layer and the value where one is out of range or not finite.
void validate(const Recipe& recipe);
void validate(const LayerEdit& edit);

/// The documented JSON form (version 1). `indent` < 0 gives one line:
///   {"format": "lapidary-recipe", "version": 1, "global_sparsity": 0.6, "equalize": true,
///    "layers": {"conv1": {"prune": {"mode": "threshold", "value": 0.01},
///                         "quantize": {"scheme": "bitplane", "bits": 8, "per": "channel",
///                                      "dropped_planes": 2},
///                         "activations": {"mode": "static", "range": "percentile"}},
///               "fc": {"low_rank": {"mode": "energy", "value": 0.9},
///                      "prune": {"mode": "pattern", "keep": 2, "of": 4, "criterion": "wanda"},
///                      "quantize": {"scheme": "symmetric", "bits": 4, "per": "group", "group": 64,
///                                   "range": "mse", "rounding": "gptq", "bias_correction": true}}}}
/// mode of prune: threshold, sparsity, global (without value), pattern (keep and of), blocks (with
/// "block": [rows, columns]), channels, heads. criterion: l1 (the default), l2, taylor, wanda, sparsegpt.
/// scheme: symmetric, affine, minmax, bitplane, power2, codebook; without bits: binary, ternary, nf4,
/// fp8_e4m3, fp8_e5m2. per: tensor, channel (the default), group (with "group"). range: minmax (the default),
/// percentile, mse, entropy. rounding: nearest (the default), gptq, adaround; "bias_correction" and "awq"
/// are true or false. mode of low_rank: rank, energy. mode of activations: static, dynamic (without range).
/// "global_sparsity", "equalize" and "layers" may be absent, and so may any part of an edit. "repaired" names
/// the trained weights that it is of: see TrainedWeights.
std::string toJson(const Recipe& recipe, int indent = 2);
/// Throws Error(InvalidInput) naming the key and what was expected; unknown keys are errors.
Recipe recipeFromJson(const std::string& text);

/// The words of the JSON form, for command lines and messages; nothing for an unknown word.
std::string_view name(Scheme scheme);
std::string_view name(PruneMode mode);
std::string_view name(Granularity granularity);
std::string_view name(ActivationMode mode);
std::string_view name(RangeMethod method);
std::string_view name(Criterion criterion);
std::string_view name(Rounding rounding);
std::string_view name(LowRankMode mode);
std::optional<PruneMode> pruneModeNamed(std::string_view word);
std::optional<Criterion> criterionNamed(std::string_view word);
std::optional<Rounding> roundingNamed(std::string_view word);
std::optional<Granularity> granularityNamed(std::string_view word);
std::optional<Scheme> schemeNamed(std::string_view word);
std::optional<ActivationMode> activationModeNamed(std::string_view word);
std::optional<RangeMethod> rangeMethodNamed(std::string_view word);

/// A stable hash of what the recipe means (fields that have no effect do not count), 32 hex digits.
std::string fingerprint(const Recipe& recipe);

}  // namespace lapidary::core
