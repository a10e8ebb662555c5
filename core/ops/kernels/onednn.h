// SPDX-License-Identifier: GPL-3.0-or-later
// Shared helpers of the operators that run on oneDNN. Only files in ops/ may include this.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>

#include "core/ops/op.h"

namespace lapidary::core {

/// A layout that oneDNN chose.
class DnnlLayout final : public BlockedLayout {
 public:
  explicit DnnlLayout(dnnl::memory::desc d) : desc(std::move(d)) {}
  const dnnl::memory::desc desc;
};

/// The process-wide CPU engine, and this thread's stream on it.
const dnnl::engine& dnnlEngine();
dnnl::stream& dnnlStream();

dnnl::memory::data_type dnnlType(DType type);

/// Row-major description of a shape; rank 0 becomes {1}.
dnnl::memory::desc plainDesc(const Shape& shape, DType type = DType::Float32);
/// The description of an activation as it lies in memory.
dnnl::memory::desc descOf(const Activation& activation);
/// A oneDNN view of an activation; the activation must outlive it. oneDNN takes non-const memory, but
/// sources are only read.
dnnl::memory memoryOf(const Activation& activation);

/// Allocates an activation of the description; plain where `desc` is row-major.
struct FreshActivation {
  Activation activation;
  dnnl::memory memory;
};
FreshActivation allocate(const dnnl::memory::desc& desc, const Shape& shape, DType dtype = DType::Float32);

/// The activation in exactly the wanted layout, reordered if needed.
Activation reordered(const Activation& activation, const dnnl::memory::desc& wanted);

/// Attributes of a primitive that is kept between calls: its scratchpad is the caller's, since oneDNN's
/// own belongs to the thread that made the primitive.
dnnl::primitive_attr keptPrimitiveAttributes();
/// Runs such a primitive with this thread's scratchpad, and waits for it.
void execute(const dnnl::primitive& primitive, const dnnl::memory::desc& scratchpad,
             std::unordered_map<int, dnnl::memory> arguments);

/// Appends the fused activation, if any.
void appendActivation(dnnl::post_ops& ops, const Fusion& fusion);

/// Runs `body`, turning dnnl::error into core::Error.
template <class Body>
auto guardDnnl(const char* what, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    throw Error(ErrorKind::Unsupported, std::string(what) + ": " + error.message);
  }
}

}  // namespace lapidary::core
