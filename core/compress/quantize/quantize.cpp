// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/quantize.h"

#include <algorithm>
#include <vector>

#include "core/compress/quantize/code_parameters.h"
#include "core/compress/quantize/codebook.h"
#include "core/compress/quantize/integer_codes.h"
#include "core/compress/quantize/weight_range_search.h"

namespace lapidary::core {
namespace {

void requireFinite(const Survey& survey, std::span<const float> values) {
  if (!survey.finite)
    throw Error(ErrorKind::InvalidInput,
                std::to_string(countNotFinite(values)) +
                    " weights are infinite or not a number; only finite weights can be "
                    "quantized");
}

/// Ternary: zero where |w| is at most 0.7 of the mean magnitude of its group.
void dropSmall(std::span<float> values, const ScaleGroups& groups) {
  const Magnitudes magnitudes = magnitudesOf(values, groups);
  std::vector<float> bounds;
  for (std::size_t g = 0; g < groups.count(); ++g)
    bounds.push_back(static_cast<float>(0.7 * magnitudes.mean(g)));
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    for (std::size_t i = 0; i < length; ++i) {
      float& value = values[begin + i];
      if (std::abs(value) <= bounds[group + (perElement() ? i : 0)]) value = 0;
    }
  });
}

Parameters evenSteps(std::span<float> values, const ScaleGroups& groups, const Quantize& quantize,
                     const Survey& survey, bool reserved) {
  const CodeLimits limits = limitsOf(quantize, reserved);
  if (quantize.scheme == Scheme::Ternary) dropSmall(values, groups);
  if (quantize.scheme == Scheme::Ternary || quantize.scheme == Scheme::Binary)
    return meanParameters(limits, magnitudesOf(values, groups));
  if (quantize.range != RangeMethod::MinMax)
    return parametersFor(quantize, limits, clippedRanges(values, groups, quantize, limits));
  return parametersFor(quantize, limits, reserved ? rangesOf(values, groups, true) : survey.ranges);
}

bool hasCodebook(Scheme scheme) {
  return scheme == Scheme::NormalFloat || scheme == Scheme::Float8E4M3 || scheme == Scheme::Float8E5M2 ||
         scheme == Scheme::Codebook;
}

}  // namespace

ScalePlan scalePlan(const Shape& shape, int channelAxis, const Quantize& quantize) {
  if (quantize.granularity == Granularity::Tensor || shape.size() < 2)
    return {ScaleGroups::single(static_cast<std::size_t>(elementCount(shape))), {}, -1, 0};
  if (quantize.granularity == Granularity::Channel)
    return {ScaleGroups::along(shape, channelAxis),
            {shape[static_cast<std::size_t>(channelAxis)]},
            channelAxis,
            0};
  const WeightMatrix matrix = weightMatrix(shape, channelAxis);
  const auto inputs = static_cast<std::int64_t>(std::max<std::size_t>(1, matrix.inputs));
  const std::int64_t size = std::min<std::int64_t>(quantize.groupSize, inputs);
  return {ScaleGroups::blocks(matrix, static_cast<std::size_t>(size)), matrix.shapeOfBlocks(size),
          channelAxis, size};
}

std::shared_ptr<const WeightEncoding> quantizeInPlace(std::span<float> values, const Shape& shape,
                                                      int channelAxis, const Quantize& quantize,
                                                      bool keepZeros) {
  const ScalePlan plan = scalePlan(shape, channelAxis, quantize);
  const Survey survey = surveyOf(values, plan.groups);
  requireFinite(survey, values);
  const bool reserved = keepZeros && survey.zeros && quantize.scheme == Scheme::MinMax;
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = bitsNeeded(quantize, survey.zeros, reserved);
  encoding->axis = plan.axis;
  encoding->blockSize = plan.blockSize;
  if (hasCodebook(quantize.scheme)) {
    encodeByCodebook(values, plan.groups, quantize, plan.shape, shape, *encoding);
    return encoding;
  }
  const Parameters p = evenSteps(values, plan.groups, quantize, survey, reserved);
  encoding->codes = encodeNearest(values, shape, plan.groups, quantize, p);
  encoding->scale = Tensor::from<float>(plan.shape, p.scale);
  encoding->zeroPoint = convert(Tensor::from<std::int32_t>(plan.shape, p.zero), encoding->codes.dtype());
  if (quantize.scheme == Scheme::MinMax) {
    encoding->offset = Tensor::from<float>(plan.shape, p.offset);
    encoding->offsetEverywhere = !reserved;
  }
  return encoding;
}

Tensor bitPlane(const WeightEncoding& encoding, int plane) {
  const std::vector<std::int64_t> codes = toInt64(encoding.codes);
  TensorBuilder builder(DType::UInt8, encoding.codes.shape());
  std::transform(codes.begin(), codes.end(), builder.as<std::uint8_t>().begin(), [plane](std::int64_t code) {
    return static_cast<std::uint8_t>((code < 0 ? -code : code) >> plane & 1);
  });
  return std::move(builder).build();
}

}  // namespace lapidary::core
