// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/learned_grids.h"

#include <algorithm>

#include "core/train/learned_codebook.h"
#include "core/train/learned_step.h"

namespace lapidary::core {
namespace {

/// The step of every weight, and the steps: those of the encoding.
struct Steps {
  std::vector<float> values;
  std::vector<std::uint32_t> groups;
};

Steps stepsOf(const WeightEncoding& encoding, const Shape& shape) {
  const auto scales = encoding.scale.as<float>();
  Steps steps{{scales.begin(), scales.end()},
              std::vector<std::uint32_t>(static_cast<std::size_t>(elementCount(shape)))};
  if (scales.size() == 1) return steps;
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(encoding.axis) + 1; d < shape.size(); ++d)
    inner *= static_cast<std::size_t>(shape[d]);
  for (std::size_t i = 0; i < steps.groups.size(); ++i)
    steps.groups[i] = static_cast<std::uint32_t>(i / inner % scales.size());
  return steps;
}

StepGrid gridOf(const Quantize& quantize) {
  if (quantize.scheme == Scheme::Binary) return {1, true};
  if (quantize.scheme == Scheme::Ternary || quantize.bits == 1) return {1, false};
  return {static_cast<float>((1 << (quantize.bits - 1)) - 1), false};
}

}  // namespace

bool codesAreFixed(const Quantize& quantize) {
  return quantize.scheme == Scheme::Codebook && quantize.granularity == Granularity::Tensor;
}

bool gridIsLearned(const Quantize& quantize) {
  if (quantize.granularity == Granularity::Group) return false;
  return codesAreFixed(quantize) || quantize.scheme == Scheme::Symmetric ||
         quantize.scheme == Scheme::Binary || quantize.scheme == Scheme::Ternary;
}

std::shared_ptr<const TrainedForm> learnedForm(const Quantize& quantize, const Model& cut, ValueId weight,
                                               const Tensor& weights) {
  const auto found = cut.encodings.find(weight);
  if (!gridIsLearned(quantize) || found == cut.encodings.end()) return nullptr;
  const WeightEncoding& encoding = *found->second;
  if (codesAreFixed(quantize)) {
    const auto table = encoding.codebook.as<float>();
    const auto zero = std::ranges::find(table, 0.0f);
    return std::make_shared<LearnedCodebook>(
        encoding.codes, std::vector<float>(table.begin(), table.end()),
        zero == table.end() ? std::nullopt : std::optional(static_cast<std::size_t>(zero - table.begin())));
  }
  Steps steps = stepsOf(encoding, weights.shape());
  return std::make_shared<LearnedStep>(weights, std::move(steps.values), std::move(steps.groups),
                                       gridOf(quantize));
}

Quantize afterLearning(Quantize quantize) {
  if (gridIsLearned(quantize)) quantize.range = RangeMethod::MinMax;
  return quantize;
}

}  // namespace lapidary::core
