// SPDX-License-Identifier: GPL-3.0-or-later
// RoiAlign (He et al. 2017) and MaxRoiPool (Girshick 2015): a grid of values from each region of an image.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/vision/vision.h"

namespace lapidary::core {
namespace {

/// A bin takes no more samples along an axis than this.
constexpr double mostSamples = 1 << 14;

struct Images {
  std::int64_t batch, channels, height, width;
  const float* plane(const Tensor& x, std::int64_t n, std::int64_t c) const {
    return x.as<float>().data() + (n * channels + c) * height * width;
  }
};

Images imagesOf(const Tensor& x) {
  if (x.rank() != 4 || x.size() == 0)
    failInput(0, "X", "has shape " + toText(x.shape()) + ", batch x channels x height x width was expected");
  return {x.shape()[0], x.shape()[1], x.shape()[2], x.shape()[3]};
}

Tensor regionsOf(const OpCall& call, std::int64_t columns) {
  const Tensor rois = floatInput(call, 1);
  if (rois.rank() != 2 || rois.shape()[1] != columns)
    failInput(
        1, "rois",
        "has shape " + toText(rois.shape()) + ", regions x " + std::to_string(columns) + " was expected");
  for (const float value : rois.as<float>())
    if (!std::isfinite(value)) failInput(1, "rois", "holds a value that is not finite");
  return rois;
}

/// A point between four pixels with the weight of each; nothing where it is more than a pixel outside.
struct Sample {
  std::int64_t at[4] = {};
  float weight[4] = {};
};

Sample sampleAt(const Images& images, float y, float x) {
  const auto height = static_cast<float>(images.height), width = static_cast<float>(images.width);
  if (!(y >= -1 && y <= height && x >= -1 && x <= width)) return {};
  y = std::clamp(y, 0.0f, height - 1);
  x = std::clamp(x, 0.0f, width - 1);
  const auto top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
  const std::int64_t bottom = std::min(top + 1, images.height - 1),
                     right = std::min(left + 1, images.width - 1);
  const float down = y - static_cast<float>(top), across = x - static_cast<float>(left);
  return {{top * images.width + left, top * images.width + right, bottom * images.width + left,
           bottom * images.width + right},
          {(1 - down) * (1 - across), (1 - down) * across, down * (1 - across), down * across}};
}

/// The samples of one axis of a region: `bins` bins of `each` samples from `start` on.
struct Axis {
  float start, binSize;
  std::int64_t bins, each;
  float position(std::int64_t bin, std::int64_t i) const {
    return start + static_cast<float>(bin) * binSize +
           (static_cast<float>(i) + 0.5f) * binSize / static_cast<float>(each);
  }
};

/// How RoiAlign reads its regions.
struct AlignRule {
  bool halfPixel, maximum;
  float scale;
  std::int64_t ratio, height, width;
};

std::int64_t atLeast(const Node& node, const char* key, std::int64_t fallback, std::int64_t lowest) {
  const std::int64_t value = node.intOr(key, fallback);
  if (value < lowest || value > std::int64_t{1} << 24) failAttribute(key, "is " + std::to_string(value));
  return value;
}

AlignRule alignRule(const OpCall& call) {
  const Node& node = call.node;
  const std::string mode = node.textOr("mode", "avg");
  if (mode != "avg" && mode != "max") failAttribute("mode", "is '" + mode + "', avg or max expected");
  const std::string coordinates =
      node.textOr("coordinate_transformation_mode", call.opset < 16 ? "output_half_pixel" : "half_pixel");
  if (coordinates != "half_pixel" && coordinates != "output_half_pixel")
    failAttribute("coordinate_transformation_mode", "is '" + coordinates + "'");
  return {coordinates == "half_pixel",          mode == "max",
          node.floatOr("spatial_scale", 1.0f),  atLeast(node, "sampling_ratio", 0, 0),
          atLeast(node, "output_height", 1, 1), atLeast(node, "output_width", 1, 1)};
}

Axis axisFrom(const AlignRule& rule, float first, float last, std::int64_t bins) {
  const float offset = rule.halfPixel ? 0.5f : 0.0f;
  const float start = first * rule.scale - offset;
  float length = last * rule.scale - offset - start;
  if (!rule.halfPixel) length = std::max(length, 1.0f);
  const float binSize = length / static_cast<float>(bins);
  const double samples =
      rule.ratio > 0 ? static_cast<double>(rule.ratio) : std::ceil(static_cast<double>(binSize));
  if (!(samples <= mostSamples))
    invalid("a bin of a region takes " + std::to_string(samples) + " samples along an axis, at most " +
            std::to_string(mostSamples) + " are possible");
  return {start, binSize, bins, static_cast<std::int64_t>(std::max(samples, 0.0))};
}

/// The mean of the samples, or the largest of all weighted pixels (as ONNX Runtime has it).
float pooled(const float* plane, std::span<const Sample> samples, bool maximum) {
  float sum = 0, best = -std::numeric_limits<float>::infinity();
  for (const Sample& s : samples) {
    for (int k = 0; k < 4; ++k) {
      const float part = s.weight[k] * plane[s.at[k]];
      sum += part;
      best = std::max(best, part);
    }
  }
  if (samples.empty()) return 0;
  return maximum ? best : sum / static_cast<float>(samples.size());
}

/// All channels of one region, bin by bin.
void align(const Images& images, const Tensor& x, std::int64_t n, const Axis& rows, const Axis& columns,
           bool maximum, float* to) {
  std::vector<Sample> samples;
  const std::int64_t bins = rows.bins * columns.bins;
  for (std::int64_t bin = 0; bin < bins; ++bin) {
    samples.clear();
    for (std::int64_t i = 0; i < rows.each; ++i)
      for (std::int64_t j = 0; j < columns.each; ++j)
        samples.push_back(
            sampleAt(images, rows.position(bin / columns.bins, i), columns.position(bin % columns.bins, j)));
    for (std::int64_t c = 0; c < images.channels; ++c)
      to[c * bins + bin] = pooled(images.plane(x, n, c), samples, maximum);
  }
}

std::vector<Activation> roiAlign(const OpCall& call) {
  const Tensor x = floatInput(call, 0), rois = regionsOf(call, 4);
  const Images images = imagesOf(x);
  const AlignRule rule = alignRule(call);
  const auto batch = integersOf(call, 2, "batch_indices");
  const std::int64_t count = rois.shape()[0];
  if (static_cast<std::int64_t>(batch.size()) != count)
    failInput(2, "batch_indices",
              "holds " + std::to_string(batch.size()) + " values for " + std::to_string(count) + " regions");
  TensorBuilder out(DType::Float32, checkedShape({count, images.channels, rule.height, rule.width}));
  const std::int64_t each = images.channels * rule.height * rule.width;
  for (std::int64_t r = 0; r < count; ++r) {
    const float* roi = rois.as<float>().data() + 4 * r;
    const std::int64_t n = checkedIndex(batch[static_cast<std::size_t>(r)], images.batch, 2, "batch_indices");
    align(images, x, n, axisFrom(rule, roi[1], roi[3], rule.height),
          axisFrom(rule, roi[0], roi[2], rule.width), rule.maximum, out.as<float>().data() + r * each);
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

struct Range {
  std::int64_t first, last;
};

/// Pixels of each bin between two scaled and rounded edges, both included.
std::vector<Range> binsBetween(float first, float last, float scale, std::int64_t bins, std::int64_t size) {
  const double start = std::round(static_cast<double>(first * scale));
  const double length = std::max(std::round(static_cast<double>(last * scale)) - start + 1, 1.0);
  const double each = length / static_cast<double>(bins);
  const auto within = [&](double position) {
    return static_cast<std::int64_t>(std::clamp(position + start, 0.0, static_cast<double>(size)));
  };
  std::vector<Range> ranges;
  for (std::int64_t i = 0; i < bins; ++i)
    ranges.push_back({within(std::floor(static_cast<double>(i) * each)),
                      within(std::ceil(static_cast<double>(i + 1) * each))});
  return ranges;
}

float largestIn(const float* plane, std::int64_t width, const Range& rows, const Range& columns) {
  if (rows.first >= rows.last || columns.first >= columns.last) return 0;
  float best = -std::numeric_limits<float>::infinity();
  for (std::int64_t y = rows.first; y < rows.last; ++y)
    for (std::int64_t x = columns.first; x < columns.last; ++x) best = std::max(best, plane[y * width + x]);
  return best;
}

std::vector<Activation> maxRoiPool(const OpCall& call) {
  const Tensor x = floatInput(call, 0), rois = regionsOf(call, 5);
  const Images images = imagesOf(x);
  const auto pooledShape = call.node.intsOr("pooled_shape", {});
  if (pooledShape.size() != 2 || std::ranges::min(pooledShape) < 1)
    failAttribute("pooled_shape", "must be two sizes of at least 1");
  const float scale = call.node.floatOr("spatial_scale", 1.0f);
  const Shape shape = checkedShape({rois.shape()[0], images.channels, pooledShape[0], pooledShape[1]});
  checkedShape(pooledShape);
  TensorBuilder out(DType::Float32, shape);
  float* to = out.as<float>().data();
  for (std::int64_t r = 0; r < rois.shape()[0]; ++r) {
    const float* roi = rois.as<float>().data() + 5 * r;
    if (!(roi[0] >= 0 && roi[0] < static_cast<float>(images.batch)))
      failInput(1, "rois", "names image " + std::to_string(roi[0]) + " of " + std::to_string(images.batch));
    const auto rows = binsBetween(roi[2], roi[4], scale, pooledShape[0], images.height);
    const auto columns = binsBetween(roi[1], roi[3], scale, pooledShape[1], images.width);
    for (std::int64_t c = 0; c < images.channels; ++c)
      for (const Range& row : rows)
        for (const Range& column : columns)
          *to++ = largestIn(images.plane(x, static_cast<std::int64_t>(roi[0]), c), images.width, row, column);
  }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

constexpr Op visionRegionsRows[] = {
    {.domain = "", .type = "RoiAlign", .forward = roiAlign, .sinceOpset = 10},
    {"", "MaxRoiPool", maxRoiPool},
};

}  // namespace

std::span<const Op> regionOps() { return visionRegionsRows; }

}  // namespace lapidary::core
