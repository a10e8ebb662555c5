// SPDX-License-Identifier: GPL-3.0-or-later
// Float values that lie in memory as the 8-bit codes they were dequantized from, and quick quantization.
#pragma once

#include <optional>

#include "core/ops/kernels/int8_layout.h"
#include "core/ops/kernels/onednn.h"

namespace lapidary::core {

/// A Float32 activation held as uint8 codes: value = (code - zero) * scale. Signed codes are held with
/// 128 added to code and zero point, since oneDNN's products of signed sources are inexact without VNNI.
class CodesLayout final : public BlockedLayout {
 public:
  CodesLayout(dnnl::memory::desc d, float s, std::int32_t z) : desc(std::move(d)), scale(s), zero(z) {}
  const dnnl::memory::desc desc;  ///< u8
  const float scale;
  const std::int32_t zero;
};

/// Null where the activation lies otherwise.
const CodesLayout* codesLayout(const Activation& activation);
/// The bytes of an activation in whatever layout.
Bytes heldBytes(const Activation& activation);
/// The Float32 value of such an activation.
Tensor dequantized(const Activation& activation);
/// Its codes (UInt8) in the wanted layout.
Activation codesIn(const Activation& activation, const dnnl::memory::desc& wanted);

bool isByteCode(DType type);
/// QuantizeLinear of a Float32 tensor with one scale to int8 or uint8.
Tensor quantizedBytes(const Tensor& x, float scale, std::int32_t zero, DType type);
/// DequantizeLinear without computing: the codes are kept. Nothing where they are not 8-bit ones with a
/// single float scale.
std::optional<Activation> lazilyDequantized(const OpCall& call);

/// Does an input, the residual or the result hold codes?
bool holdsCodes(const OpCall& call);
/// Runs `forward` on the float values; the result is quantized as the fusion says.
std::vector<Activation> withoutCodes(const OpCall& call, Forward forward);

}  // namespace lapidary::core
