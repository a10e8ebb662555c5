// SPDX-License-Identifier: GPL-3.0-or-later
// NonMaxSuppression: of boxes that overlap, the one with the highest score.
#include <algorithm>
#include <limits>

#include "core/ops/checks.h"
#include "core/ops/families.h"
#include "core/ops/vision/vision.h"

namespace lapidary::core {
namespace {

struct Box {
  float top, left, bottom, right;
  float area() const { return (bottom - top) * (right - left); }
};

/// Two opposite corners (y, x, y, x) in any order, or a centre and sizes (x, y, width, height).
Box boxFrom(const float* v, bool centered) {
  if (centered) return {v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2};
  return {std::min(v[0], v[2]), std::min(v[1], v[3]), std::max(v[0], v[2]), std::max(v[1], v[3])};
}

/// Is the intersection more than `threshold` of the union?
bool overlap(const Box& a, const Box& b, float threshold) {
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  if (!(height > 0 && width > 0 && a.area() > 0 && b.area() > 0)) return false;
  const float shared = height * width;
  return shared / (a.area() + b.area() - shared) > threshold;
}

struct Limits {
  std::int64_t count;
  float overlap, score;
};

/// Indices of the boxes that stay, best first; of equal scores the earlier.
std::vector<std::int64_t> selected(std::span<const Box> boxes, const float* scores, const Limits& limits) {
  std::vector<std::int64_t> order, kept;
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (scores[i] > limits.score) order.push_back(static_cast<std::int64_t>(i));
  std::ranges::stable_sort(order, [&](std::int64_t a, std::int64_t b) { return scores[a] > scores[b]; });
  for (const std::int64_t i : order) {
    if (static_cast<std::int64_t>(kept.size()) >= limits.count) break;
    const auto clashes = [&](std::int64_t k) {
      return overlap(boxes[static_cast<std::size_t>(i)], boxes[static_cast<std::size_t>(k)], limits.overlap);
    };
    if (std::ranges::none_of(kept, clashes)) kept.push_back(i);
  }
  return kept;
}

float scalarOr(const OpCall& call, std::size_t i, const char* what, float fallback) {
  if (!call.has(i)) return fallback;
  const Tensor given = floatInput(call, i);
  if (given.size() != 1) failInput(i, what, "holds " + std::to_string(given.size()) + " values, 1 expected");
  return given.as<float>()[0];
}

Limits limitsOf(const OpCall& call) {
  Limits limits{call.has(2) ? integerOf(call, 2, "max_output_boxes_per_class") : 0,
                scalarOr(call, 3, "iou_threshold", 0),
                scalarOr(call, 4, "score_threshold", -std::numeric_limits<float>::infinity())};
  if (!(limits.overlap >= 0 && limits.overlap <= 1))
    failInput(3, "iou_threshold",
              "is " + std::to_string(limits.overlap) + ", a value from 0 to 1 was expected");
  return limits;
}

void requireMatching(const Tensor& boxes, const Tensor& scores) {
  if (boxes.rank() != 3 || boxes.shape()[2] != 4)
    failInput(0, "boxes", "has shape " + toText(boxes.shape()) + ", batch x boxes x 4 was expected");
  if (scores.rank() != 3 || scores.shape()[0] != boxes.shape()[0] || scores.shape()[2] != boxes.shape()[1])
    failInput(1, "scores",
              "has shape " + toText(scores.shape()) + ", " + std::to_string(boxes.shape()[0]) +
                  " x classes x " + std::to_string(boxes.shape()[1]) + " was expected");
}

std::vector<Activation> nonMaxSuppression(const OpCall& call) {
  const Tensor corners = floatInput(call, 0), scores = floatInput(call, 1);
  requireMatching(corners, scores);
  const Limits limits = limitsOf(call);
  const bool centered = call.node.intOr("center_point_box", 0) != 0;
  const std::int64_t batch = corners.shape()[0], classes = scores.shape()[1], count = corners.shape()[1];
  std::vector<std::int64_t> found;
  std::vector<Box> boxes(static_cast<std::size_t>(count));
  for (std::int64_t b = 0; b < batch && corners.size() > 0; ++b) {
    for (std::int64_t i = 0; i < count; ++i)
      boxes[static_cast<std::size_t>(i)] =
          boxFrom(corners.as<float>().data() + 4 * (b * count + i), centered);
    for (std::int64_t c = 0; c < classes; ++c)
      for (const std::int64_t i :
           selected(boxes, scores.as<float>().data() + (b * classes + c) * count, limits))
        found.insert(found.end(), {b, c, i});
  }
  return oneOutput(Tensor::from<std::int64_t>({static_cast<std::int64_t>(found.size()) / 3, 3}, found));
}

constexpr Op visionBoxesRows[] = {
    {.domain = "", .type = "NonMaxSuppression", .forward = nonMaxSuppression, .sinceOpset = 10},
};

}  // namespace

std::span<const Op> boxOps() { return visionBoxesRows; }

std::span<const Op> visionOps() {
  static const std::vector<Op> all = joinOps({boxOps(), regionOps(), gridOps()});
  return all;
}

}  // namespace lapidary::core
