// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions as plain loops over up to three spatial dimensions: the judge of the operators' tests.
#pragma once

#include <array>

#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {

/// One tested convolution. Sizes lists are by spatial dimension; pads begin first, then end.
struct ConvCase {
  std::string name;
  Shape x, weight;
  std::int64_t group = 1;
  std::vector<std::int64_t> strides = {}, dilations = {}, pads = {};
  std::string autoPad = {};
  bool bias = true;
  bool transposed = false;
  std::vector<std::int64_t> outputPadding = {}, outputShape = {};
  Shape expected;  ///< the output's spatial sizes, worked out by hand
};

inline void PrintTo(const ConvCase& row, std::ostream* out) { *out << row.name; }

inline Attributes attributesOf(const ConvCase& row) {
  Attributes attributes{{"group", number(row.group)}};
  const auto put = [&](const char* key, const std::vector<std::int64_t>& values) {
    if (!values.empty()) attributes[key] = ints(values);
  };
  put("strides", row.strides);
  put("dilations", row.dilations);
  put("pads", row.pads);
  put("output_padding", row.outputPadding);
  put("output_shape", row.outputShape);
  if (!row.autoPad.empty()) attributes["auto_pad"] = text(row.autoPad);
  return attributes;
}

inline std::int64_t outChannels(const ConvCase& row) {
  return row.transposed ? row.weight[1] * row.group : row.weight[0];
}

inline std::vector<Tensor> tensorsOf(const ConvCase& row) {
  std::vector<Tensor> inputs{randomTensor(row.x, 1), randomTensor(row.weight, 2)};
  if (row.bias) inputs.push_back(randomTensor({outChannels(row)}, 3));
  return inputs;
}

using Triple = std::array<std::int64_t, 3>;

inline Triple threeDims(const std::vector<std::int64_t>& values, std::size_t first, std::size_t dims,
                        std::int64_t fill) {
  Triple result{fill, fill, fill};
  for (std::size_t d = 0; d < dims && first + d < values.size(); ++d)
    result[3 - dims + d] = values[first + d];
  return result;
}

/// Calls body(outer, kernel, inner) for every pair of positions that a window connects: the outer one is
/// the window's own position, the inner one lies under a tap, inside `innerSize`.
template <class Body>
void forEachTap(const Triple& outer, const Triple& kernel, const Triple& innerSize, const Triple& stride,
                const Triple& dilation, const Triple& begin, Body&& body) {
  const auto flat = [](const Triple& at, const Triple& size) {
    return (at[0] * size[1] + at[1]) * size[2] + at[2];
  };
  Triple o, k;
  for (o[0] = 0; o[0] < outer[0]; ++o[0])
    for (o[1] = 0; o[1] < outer[1]; ++o[1])
      for (o[2] = 0; o[2] < outer[2]; ++o[2])
        for (k[0] = 0; k[0] < kernel[0]; ++k[0])
          for (k[1] = 0; k[1] < kernel[1]; ++k[1])
            for (k[2] = 0; k[2] < kernel[2]; ++k[2]) {
              Triple inner;
              bool inside = true;
              for (std::size_t d = 0; d < 3; ++d) {
                inner[d] = o[d] * stride[d] + k[d] * dilation[d] - begin[d];
                inside = inside && inner[d] >= 0 && inner[d] < innerSize[d];
              }
              if (inside) body(flat(o, outer), flat(k, kernel), flat(inner, innerSize));
            }
}

/// The output by loops, accumulated in double. `begin` is the leading padding actually meant.
inline Tensor reference(const ConvCase& row, const std::vector<Tensor>& inputs,
                        const std::vector<std::int64_t>& begin) {
  const std::size_t dims = row.x.size() - 2;
  const Triple in = threeDims(row.x, 2, dims, 1), kernel = threeDims(row.weight, 2, dims, 1),
               out = threeDims(row.expected, 0, dims, 1);
  const std::int64_t outC = outChannels(row), inC = row.x[1], outPer = outC / row.group,
                     inPer = inC / row.group;
  const std::int64_t ins = in[0] * in[1] * in[2], outs = out[0] * out[1] * out[2],
                     taps = kernel[0] * kernel[1] * kernel[2];
  std::vector<double> sums(static_cast<std::size_t>(row.x[0] * outC * outs));
  const auto x = inputs[0].as<float>(), w = inputs[1].as<float>();
  for (std::int64_t n = 0; n < row.x[0]; ++n)
    for (std::int64_t oc = 0; oc < outC; ++oc) {
      double* to = sums.data() + (n * outC + oc) * outs;
      if (row.bias)
        std::fill_n(to, outs, static_cast<double>(inputs[2].as<float>()[static_cast<std::size_t>(oc)]));
      for (std::int64_t i = 0; i < inPer; ++i) {
        const std::int64_t ic = oc / outPer * inPer + i;
        const float* from = x.data() + (n * inC + ic) * ins;
        const std::int64_t pair = row.transposed ? ic * outPer + oc % outPer : oc * inPer + i;
        const float* weight = w.data() + pair * taps;
        const Triple stride = threeDims(row.strides, 0, dims, 1),
                     dilation = threeDims(row.dilations, 0, dims, 1), pad = threeDims(begin, 0, dims, 0);
        const auto add = [&](std::int64_t o, std::int64_t k, std::int64_t inner) {
          to[row.transposed ? inner : o] +=
              static_cast<double>(from[row.transposed ? o : inner]) * static_cast<double>(weight[k]);
        };
        forEachTap(row.transposed ? in : out, kernel, row.transposed ? out : in, stride, dilation, pad, add);
      }
    }
  Shape shape{row.x[0], outC};
  shape.insert(shape.end(), row.expected.begin(), row.expected.end());
  const std::vector<float> rounded(sums.begin(), sums.end());
  return Tensor::from<float>(shape, rounded);
}

}  // namespace lapidary::core::testing
