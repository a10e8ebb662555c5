// SPDX-License-Identifier: GPL-3.0-or-later
// One ONNX TensorProto or SparseTensorProto to a tensor, whatever form its values are stored in.
#pragma once

#include <span>
#include <string>

#include "core/io/onnx/onnx_external.h"
#include "core/model/graph.h"

namespace onnx {
class SparseTensorProto;
class TensorProto;
}  // namespace onnx

namespace lapidary::core {

/// Whether no tensor holds elements of the proto's type (text, complex numbers, two bits).
bool isKeptType(const onnx::TensorProto& proto);

/// Such a tensor as it is written again; external data are taken in. Throws Error(InvalidInput) where its
/// elements do not fit its shape.
KeptInitializer keptInitializer(const onnx::TensorProto& proto, ExternalFiles& files);

/// Takes the raw bytes out of the proto instead of copying them; where `raw` is given, copies those, which
/// the proto was parsed without. Throws Error(InvalidInput), or Error(Unsupported) for element types that no
/// tensor holds.
Tensor readTensorProto(onnx::TensorProto& proto, ExternalFiles& files, std::span<const std::byte> raw = {});

/// Made dense. Throws likewise, and for a dense form of more than 1 GiB.
Tensor readSparseTensorProto(onnx::SparseTensorProto& proto, ExternalFiles& files);

}  // namespace lapidary::core
