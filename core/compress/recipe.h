// What to do to a model: a value that maps layers to edits. It is the whole document a person edits.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace lapidary::core {

enum class PruneMode {
  None,
  Threshold,  ///< zero where |w| < value
  Sparsity,   ///< zero the floor(value * n) weights of least magnitude in this layer
  Global,     ///< take part in Recipe::globalSparsity: one threshold over all layers in this mode
};

struct Prune {
  PruneMode mode = PruneMode::None;
  double value = 0;  ///< threshold (in weight units) or sparsity in [0, 1]
  bool operator==(const Prune&) const = default;
};

enum class Scheme {
  None,
  Symmetric,  ///< signed codes, zero point 0, scale = max|w| / (2^(b-1) - 1)
  Affine,     ///< unsigned codes, integer zero point, range widened to hold 0
  MinMax,     ///< w' = (w - min) / (max - min), code = floor(w' * N + 0.5), N = 2^b - 1
  Binary,     ///< sign(w) times the mean magnitude (of the weights that are not pruned)
  BitPlane,   ///< symmetric integer code as sum of b_i 2^i of its magnitude; low planes can be dropped
};

enum class Granularity { Tensor, Channel };

struct Quantize {
  Scheme scheme = Scheme::None;
  int bits = 8;                               ///< 1 to 16; ignored by Binary
  Granularity granularity = Granularity::Channel;
  int droppedPlanes = 0;                      ///< BitPlane only: lowest planes set to zero, 0 to bits - 1
  bool operator==(const Quantize&) const = default;
};

struct LayerEdit {
  Prune prune;
  Quantize quantize;
  bool operator==(const LayerEdit&) const = default;
  bool empty() const { return prune.mode == PruneMode::None && quantize.scheme == Scheme::None; }
};

/// Edits by layer name; a layer that is not named is left as it is. Equal recipes give equal models.
struct Recipe {
  double globalSparsity = 0;              ///< share of all weights in layers of mode Global
  std::map<std::string, LayerEdit> edits; ///< holds no empty edit
  bool operator==(const Recipe&) const = default;

  bool empty() const { return edits.empty(); }
  LayerEdit editOf(const std::string& layer) const;
  /// Stores the edit; an empty one removes the entry.
  void set(const std::string& layer, const LayerEdit& edit);
};

/// The documented JSON form (version 1). `indent` < 0 gives one line.
std::string toJson(const Recipe& recipe, int indent = 2);
/// Throws Error(InvalidInput) naming the key and what was expected; unknown keys are errors.
Recipe recipeFromJson(const std::string& text);

/// A stable hash of what the recipe means, for comparing and naming.
std::string fingerprint(const Recipe& recipe);

}  // namespace lapidary::core
