// SPDX-License-Identifier: GPL-3.0-or-later
// One ONNX TensorProto or SparseTensorProto to a tensor, whatever form its values are stored in.
#pragma once

#include <span>
#include <string>

#include "core/io/onnx/onnx_external.h"
#include "core/model/tensor.h"

namespace onnx {
class SparseTensorProto;
class TensorProto;
}  // namespace onnx

namespace lapidary::core {

/// Takes the raw bytes out of the proto instead of copying them; where `raw` is given, copies those, which
/// the proto was parsed without. Throws Error(InvalidInput), or Error(Unsupported) for element types that no
/// tensor holds.
Tensor readTensorProto(onnx::TensorProto& proto, ExternalFiles& files, std::span<const std::byte> raw = {});

/// Made dense. Throws likewise, and for a dense form of more than 1 GiB.
Tensor readSparseTensorProto(onnx::SparseTensorProto& proto, ExternalFiles& files);

}  // namespace lapidary::core
