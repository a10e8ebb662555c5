// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions as oneDNN sees them: descriptions, prepared primitives and packed weights.
#pragma once

#include <string_view>

#include "core/ops/kernels/conv_shape.h"
#include "core/ops/kernels/onednn.h"

namespace lapidary::core {

/// The oneDNN types of a convolution; DeconvolutionKind names those of its transpose. Their members
/// have the same signatures.
struct ConvolutionKind {
  using Forward = dnnl::convolution_forward;
  using BackwardData = dnnl::convolution_backward_data;
  using BackwardWeights = dnnl::convolution_backward_weights;
  static constexpr auto algorithm = dnnl::algorithm::convolution_direct;
};
struct DeconvolutionKind {
  using Forward = dnnl::deconvolution_forward;
  using BackwardData = dnnl::deconvolution_backward_data;
  using BackwardWeights = dnnl::deconvolution_backward_weights;
  static constexpr auto algorithm = dnnl::algorithm::deconvolution_direct;
};

/// A ConvShape in oneDNN's terms.
struct ConvDims {
  explicit ConvDims(const ConvShape& shape);

  dnnl::memory::dims source, weights, bias, destination;
  dnnl::memory::dims strides, dilations, padBegin, padEnd;
  dnnl::memory::desc plainWeights;  ///< how the model's own weight tensor lies
};

/// Names what is prepared for such a convolution, in the form that `use` stands for.
Key convKey(const ConvShape& shape, std::span<const std::uint64_t> use);

dnnl::memory::desc anyLayout(const dnnl::memory::dims& dims);

/// Moves on to the first implementation for AVX2; false where there is none.
template <class Desc>
bool moveToBlocksOfEight(Desc& desc) {
  do {
    if (std::string_view(desc.impl_info_str()).find("avx2") != std::string_view::npos) return true;
  } while (desc.next_impl());
  return false;
}

/// The forward pass of one convolution for given shapes and fusion.
struct ConvPrimitive {
  dnnl::primitive primitive;
  dnnl::memory::desc source, weights, destination, scratchpad;
  bool fused = true;  ///< residual and activation are part of the primitive
};

ConvPrimitive prepareConv(const ConvShape& shape, bool bias, const Fusion* fusion);

/// Runs the whole operator: prepares or finds what it needs, converts layouts, applies the fusion.
Activation runConv(const OpCall& call, const ConvShape& shape);

}  // namespace lapidary::core
