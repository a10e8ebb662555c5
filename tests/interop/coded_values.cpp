// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/coded_values.h"

#include <algorithm>
#include <cmath>

#include "core/compress/quantize/activation_range.h"

namespace lapidary::tests {

using core::Tensor;
using core::ValueId;

std::string nameOf(Coded kind) {
  switch (kind) {
    case Coded::None:
      return "floats";
    case Coded::Static:
      return "static";
    case Coded::Signed:
      return "signed";
    case Coded::Dynamic:
      return "dynamic";
  }
  return "";
}

ValueId coded(core::testing::GraphBuilder& builder, ValueId value, Coded kind, double reach) {
  if (kind == Coded::None) return value;
  if (kind == Coded::Dynamic)
    return builder.node("DequantizeLinear", builder.nodes("DynamicQuantizeLinear", {value}, 3));
  const core::ActivationCodes codes = core::codesFor({-reach, reach});
  const bool isSigned = kind == Coded::Signed;
  const std::string name = builder.nameOf(value);
  const ValueId scale = builder.weight(name + "_step", Tensor::scalar(codes.scale)),
                zero = builder.weight(name + "_zero", isSigned ? Tensor::scalar(std::int8_t{0})
                                                               : Tensor::scalar(codes.zeroPoint));
  return builder.node("DequantizeLinear",
                      {builder.node("QuantizeLinear", {value, scale, zero}), scale, zero});
}

double stepOf(const Tensor& values, Coded kind, double reach) {
  if (kind != Coded::Dynamic) return static_cast<double>(core::codesFor({-reach, reach}).scale);
  const auto all = values.as<float>();
  const auto [low, high] = std::ranges::minmax_element(all);
  return (std::max(0.0, static_cast<double>(*high)) - std::min(0.0, static_cast<double>(*low))) / 255;
}

CodesApart codesApart(const Tensor& mine, const Tensor& other, double step) {
  CodesApart found;
  if (mine.size() != other.size()) return {0, INFINITY};
  for (std::size_t i = 0; i < mine.as<float>().size(); ++i) {
    const double apart =
        std::abs(static_cast<double>(mine.as<float>()[i]) - static_cast<double>(other.as<float>()[i]));
    const bool flip = apart > step / 2;
    found.flipped += flip;
    found.otherwise =
        std::isfinite(apart) ? std::max(found.otherwise, std::abs(apart - (flip ? step : 0))) : INFINITY;
  }
  return found;
}

}  // namespace lapidary::tests
