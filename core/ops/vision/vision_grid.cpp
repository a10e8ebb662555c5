// SPDX-License-Identifier: GPL-3.0-or-later
// GridSample (Jaderberg et al. 2015) in any number of dimensions, and the AffineGrid that it samples at.
#include <algorithm>
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/vision/vision.h"

namespace lapidary::core {
namespace {

enum class Mode { Linear, Nearest, Cubic };
enum class Padding { Zeros, Border, Reflection };

struct Rule {
  Mode mode;
  Padding padding;
  bool alignCorners;
};

/// Opset 20 gave the modes shorter names.
Rule ruleOf(const Node& node) {
  Rule rule{Mode::Linear, Padding::Zeros, node.intOr("align_corners", 0) != 0};
  const std::string mode = node.textOr("mode", "linear"), padding = node.textOr("padding_mode", "zeros");
  if (mode == "nearest")
    rule.mode = Mode::Nearest;
  else if (mode == "cubic" || mode == "bicubic")
    rule.mode = Mode::Cubic;
  else if (mode != "linear" && mode != "bilinear")
    failAttribute("mode", "is '" + mode + "'");
  if (padding == "border")
    rule.padding = Padding::Border;
  else if (padding == "reflection")
    rule.padding = Padding::Reflection;
  else if (padding != "zeros")
    failAttribute("padding_mode", "is '" + padding + "'");
  return rule;
}

/// Mirrors a position at the outer borders of the pixels, or at the centres of the outer pixels.
double reflected(double position, std::int64_t size, bool alignCorners) {
  const double low = alignCorners ? 0 : -0.5;
  const double span = alignCorners ? static_cast<double>(size - 1) : static_cast<double>(size);
  if (span == 0) return 0;
  const double within = std::fmod(std::abs(position - low), 2 * span);
  return low + (within <= span ? within : 2 * span - within);
}

double padded(const Rule& rule, double position, std::int64_t size) {
  if (rule.padding == Padding::Zeros) return position;
  if (rule.padding == Padding::Reflection) position = reflected(position, size, rule.alignCorners);
  return std::clamp(position, 0.0, static_cast<double>(size - 1));
}

/// Pixels along one axis that make a value, and their weights.
struct AxisTaps {
  std::size_t count = 0;
  std::int64_t source[4] = {};
  double weight[4] = {};

  /// Pixels outside count as zero.
  void add(double position, double tapWeight, std::int64_t size) {
    if (!(position >= 0 && position < static_cast<double>(size)) || tapWeight == 0) return;
    source[count] = static_cast<std::int64_t>(position);
    weight[count++] = tapWeight;
  }
};

/// Keys' cubic (1981) with a = -0.75, as PyTorch has it.
double cubicWeight(double distance) {
  constexpr double a = -0.75;
  const double d = std::abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/// -1 and 1 are the outer borders of the outer pixels, or with align_corners their centres. The cubic is
/// padded pixel by pixel, the other modes as a whole.
AxisTaps tapsAt(const Rule& rule, double normalized, std::int64_t size) {
  const auto length = static_cast<double>(size);
  double position =
      rule.alignCorners ? (normalized + 1) / 2 * (length - 1) : ((normalized + 1) * length - 1) / 2;
  if (rule.mode != Mode::Cubic) position = padded(rule, position, size);
  AxisTaps taps;
  if (!(std::abs(position) < 1e15)) return taps;  // nowhere near, or not a number
  const double base = std::floor(position);
  if (rule.mode == Mode::Nearest) {
    taps.add(std::nearbyint(position), 1, size);
  } else if (rule.mode == Mode::Linear) {
    taps.add(base, 1 - (position - base), size);
    taps.add(base + 1, position - base, size);
  } else {
    for (int k = -1; k <= 2; ++k)
      taps.add(padded(rule, base + k, size), cubicWeight(position - base - k), size);
  }
  return taps;
}

/// The taps of one position in all dimensions: offsets in a plane and weights. Made once and filled anew for
/// every position, so that nothing is allocated on the way.
struct PositionTaps {
  std::vector<std::int64_t> offsets, nextOffsets;
  std::vector<double> weights, nextWeights;

  void reset() {
    offsets.assign(1, 0);
    weights.assign(1, 1);
  }
  void extend(const AxisTaps& axis, std::int64_t size) {
    nextOffsets.clear();
    nextWeights.clear();
    for (std::size_t i = 0; i < offsets.size(); ++i)
      for (std::size_t k = 0; k < axis.count; ++k) {
        nextOffsets.push_back(offsets[i] * size + axis.source[k]);
        nextWeights.push_back(weights[i] * axis.weight[k]);
      }
    offsets.swap(nextOffsets);
    weights.swap(nextWeights);
  }
  double of(const double* plane) const {
    double sum = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) sum += weights[i] * plane[offsets[i]];
    return sum;
  }
};

void requireGrid(const Tensor& x, const Tensor& grid) {
  const auto dims = static_cast<std::int64_t>(x.rank()) - 2;
  if (dims < 1 || dims > 6 || product(x.shape(), 2, x.rank()) == 0)
    failInput(0, "X", "has shape " + toText(x.shape()) + ", batch x channels x sizes was expected");
  if (grid.rank() != x.rank() || grid.shape()[0] != x.shape()[0] || grid.shape().back() != dims)
    failInput(1, "grid",
              "has shape " + toText(grid.shape()) + " for an input " + toText(x.shape()) +
                  ": batch x sizes x " + std::to_string(dims) + " was expected");
}

std::vector<Activation> gridSample(const OpCall& call) {
  const Tensor x = convert(call.input(0), DType::Float64);
  const Tensor grid = convert(floatInput(call, 1), DType::Float64);
  requireGrid(x, grid);
  const Rule rule = ruleOf(call.node);
  const std::size_t dims = x.rank() - 2;
  const std::int64_t batch = x.shape()[0], channels = x.shape()[1];
  const std::int64_t plane = product(x.shape(), 2, x.rank()),
                     positions = product(grid.shape(), 1, grid.rank() - 1);
  Shape shape{batch, channels};
  shape.insert(shape.end(), grid.shape().begin() + 1, grid.shape().end() - 1);
  TensorBuilder out(DType::Float64, checkedShape(shape));
  PositionTaps taps;
  for (std::int64_t i = 0; i < batch * positions; ++i) {
    const double* at = grid.as<double>().data() + i * static_cast<std::int64_t>(dims);
    taps.reset();
    for (std::size_t d = 0; d < dims; ++d)  // the grid names the last axis first
      taps.extend(tapsAt(rule, at[dims - 1 - d], x.shape()[d + 2]), x.shape()[d + 2]);
    const std::int64_t n = i / positions;
    for (std::int64_t c = n * channels; c < (n + 1) * channels; ++c)
      out.as<double>()[static_cast<std::size_t>(c * positions + i % positions)] =
          taps.of(x.as<double>().data() + c * plane);
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

/// Positions of the pixels of an axis between -1 and 1; a single pixel lies in the middle.
std::vector<double> pixelPositions(std::int64_t size, bool alignCorners) {
  checkedShape({size});
  std::vector<double> positions;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto k = static_cast<double>(i), n = static_cast<double>(size);
    positions.push_back(!alignCorners ? (2 * k + 1) / n - 1 : size == 1 ? 0 : 2 * k / (n - 1) - 1);
  }
  return positions;
}

std::vector<Activation> affineGrid(const OpCall& call) {
  const Tensor theta = convert(floatInput(call, 0), DType::Float64);
  const Shape size = checkedShape(integersOf(call, 1, "size"));
  const auto dims = static_cast<std::int64_t>(size.size()) - 2;
  if (dims != 2 && dims != 3)
    failInput(1, "size", "has " + std::to_string(size.size()) + " values, 4 or 5 expected");
  if (theta.shape() != Shape{size[0], dims, dims + 1})
    failInput(
        0, "theta",
        "has shape " + toText(theta.shape()) + ", " + toText({size[0], dims, dims + 1}) + " was expected");
  Shape shape = size;
  shape.erase(shape.begin() + 1);
  shape.push_back(dims);
  TensorBuilder out(DType::Float64, checkedShape(shape));
  std::vector<std::vector<double>> positions;
  for (std::int64_t d = 0; d < dims; ++d)
    positions.push_back(
        pixelPositions(size[static_cast<std::size_t>(d) + 2], call.node.intOr("align_corners", 0) != 0));
  const std::int64_t pixels = product(size, 2, size.size());
  double* to = out.as<double>().data();
  for (std::int64_t i = 0; i < size[0] * pixels; ++i) {
    double position[4] = {0, 0, 0, 1};  // the last axis first, then 1 for the shift
    std::int64_t rest = i % pixels;
    for (std::int64_t d = 0; d < dims; ++d) {
      const auto axis = static_cast<std::size_t>(dims - 1 - d);
      position[d] = positions[axis][static_cast<std::size_t>(rest % size[axis + 2])];
      rest /= size[axis + 2];
    }
    position[dims] = 1;
    const double* row = theta.as<double>().data() + i / pixels * dims * (dims + 1);
    for (std::int64_t r = 0; r < dims; ++r, row += dims + 1) {
      *to = 0;
      for (std::int64_t k = 0; k <= dims; ++k) *to += row[k] * position[k];
      ++to;
    }
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

constexpr Op visionGridRows[] = {
    {.domain = "", .type = "GridSample", .forward = gridSample, .sinceOpset = 16},
    {.domain = "", .type = "AffineGrid", .forward = affineGrid, .sinceOpset = 20},
};

}  // namespace

std::span<const Op> gridOps() { return visionGridRows; }

}  // namespace lapidary::core
