// What to do to a model: a value that maps layers to edits. It is the whole document a person edits.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lapidary::core {

enum class PruneMode {
  None,
  Threshold,  ///< zero where |w| < value
  Sparsity,   ///< zero the floor(value * n) weights of least magnitude in this layer; ties by index
  Global,     ///< take part in Recipe::globalSparsity: one threshold over all layers in this mode
};

struct Prune {
  PruneMode mode = PruneMode::None;
  double value = 0;  ///< threshold (in weight units) or sparsity in [0, 1]
  bool operator==(const Prune&) const = default;
};

/// Quantization comes after pruning, and a weight that is zero by then stays exactly zero in every
/// scheme but MinMax without pruning. All arithmetic that gives values is float32: WeightEncoding.
enum class Scheme {
  None,
  /// Signed codes, zero point 0, scale = max|w| / N, N = 2^(b-1) - 1, code = w / scale rounded to
  /// nearest, ties to even. At 1 bit N = 1: three codes -1, 0, 1, stored as 2 bits.
  Symmetric,
  /// Unsigned codes 0 to 2^b - 1; the range [min, max] is widened to hold 0, the zero point is an
  /// integer; code = w / scale rounded to nearest even, plus the zero point.
  Affine,
  /// w' = (w - min) / (max - min), code = floor(w' * N + 0.5), N = 2^b - 1, value = code * scale + min
  /// with scale = (max - min) / N. Where pruning left zeros, min and max are those of the other
  /// weights, N = 2^b - 2 (1 at 1 bit, then stored as 2 bits), and code 0 is kept for exact zero: the
  /// codes of the others are 1 + floor(w' * N + 0.5), their value code * scale + (min - scale).
  MinMax,
  /// sign(w) times the mean magnitude of the weights that are not zero; codes -1, 1 (1 bit), and 0
  /// where there are zeros (2 bits).
  Binary,
  /// Symmetric's integer code seen as sign and magnitude = sum of b_i 2^i; the lowest `droppedPlanes`
  /// planes of the magnitude are cleared, the scale stays.
  BitPlane,
};

/// One scale for the tensor, or one for every output channel (weights of rank 0 or 1: for the tensor).
enum class Granularity { Tensor, Channel };

struct Quantize {
  Scheme scheme = Scheme::None;
  int bits = 8;  ///< 1 to 16; ignored by Binary
  Granularity granularity = Granularity::Channel;
  int droppedPlanes = 0;  ///< BitPlane only: lowest planes set to zero, 0 to bits - 1
  bool operator==(const Quantize&) const = default;
};

/// What becomes of the values that a layer reads (its data input). Codes are unsigned 8-bit, one scale and
/// zero point for the whole tensor; the layer then computes with the values that the codes stand for.
enum class ActivationMode {
  None,
  Static,   ///< the range is fixed beforehand, from calibration samples
  Dynamic,  ///< the range is that of each sample as it comes (DynamicQuantizeLinear)
};

/// How a static range comes from the calibration samples; values beyond it are clipped.
enum class RangeMethod {
  MinMax,            ///< from least to greatest value seen
  Percentile,        ///< leaves out the outermost 0.01 % of the values
  MeanSquaredError,  ///< the range whose codes have the least mean squared error
  Entropy,           ///< the range of least Kullback-Leibler divergence (Migacz 2017)
};

struct Activations {
  ActivationMode mode = ActivationMode::None;
  RangeMethod range = RangeMethod::MinMax;  ///< Static only
  bool operator==(const Activations&) const = default;
};

struct LayerEdit {
  Prune prune;
  Quantize quantize;
  Activations activations = {};  ///< Conv, Gemm and MatMul only
  bool operator==(const LayerEdit&) const = default;
  bool empty() const {
    return prune.mode == PruneMode::None && quantize.scheme == Scheme::None &&
           activations.mode == ActivationMode::None;
  }
};

/// Edits by layer name; a layer that is not named is left as it is. Equal recipes give equal models.
struct Recipe {
  double globalSparsity = 0;               ///< share of all weights in layers of mode Global
  std::map<std::string, LayerEdit> edits;  ///< holds no empty edit
  bool operator==(const Recipe&) const = default;

  bool empty() const { return edits.empty(); }
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
///   {"format": "lapidary-recipe", "version": 1, "global_sparsity": 0.6,
///    "layers": {"conv1": {"prune": {"mode": "threshold", "value": 0.01},
///                         "quantize": {"scheme": "bitplane", "bits": 8, "per": "channel",
///                                      "dropped_planes": 2},
///                         "activations": {"mode": "static", "range": "percentile"}}}}
/// mode: threshold, sparsity, global (without value). scheme: symmetric, affine, minmax, binary
/// (without bits), bitplane. per: tensor, channel (the default). mode of activations: static, dynamic
/// (without range). range: minmax (the default), percentile, mse, entropy. "global_sparsity" and "layers"
/// may be absent, and so may any part of an edit.
std::string toJson(const Recipe& recipe, int indent = 2);
/// Throws Error(InvalidInput) naming the key and what was expected; unknown keys are errors.
Recipe recipeFromJson(const std::string& text);

/// The words of the JSON form, for command lines and messages; nothing for an unknown word.
std::string_view name(Scheme scheme);
std::string_view name(PruneMode mode);
std::string_view name(Granularity granularity);
std::string_view name(ActivationMode mode);
std::string_view name(RangeMethod method);
std::optional<Scheme> schemeNamed(std::string_view word);
std::optional<ActivationMode> activationModeNamed(std::string_view word);
std::optional<RangeMethod> rangeMethodNamed(std::string_view word);

/// A stable hash of what the recipe means (fields that have no effect do not count), 32 hex digits.
std::string fingerprint(const Recipe& recipe);

}  // namespace lapidary::core
