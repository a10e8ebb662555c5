// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/onednn.h"

#include <omp.h>

#include <string>

#include "core/ops/kernels/int8_codes.h"
#include "core/support/buffer_pool.h"

namespace lapidary::core {
namespace {

/// oneDNN's limit on dimensions (DNNL_MAX_NDIMS).
constexpr std::size_t maxRank = DNNL_MAX_NDIMS;

dnnl::memory::dims rowMajorStrides(const dnnl::memory::dims& dims) {
  dnnl::memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;)
    strides[i - 1] = strides[i] * std::max<dnnl::memory::dim>(dims[i], 1);
  return strides;
}

void* mutableBytesOf(const Activation& activation) {
  const std::span<const std::byte> view =
      activation.layout ? activation.blockedBytes.view : activation.tensor.bytes();
  return const_cast<std::byte*>(view.data());
}

}  // namespace

void useOneThreadPerWorker() {
  thread_local const bool once = (omp_set_num_threads(1), true);
  static_cast<void>(once);
}

const dnnl::engine& dnnlEngine() {
  // Primitives remember the number of threads of the thread that made them.
  useOneThreadPerWorker();
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& dnnlStream() {
  thread_local dnnl::stream stream(dnnlEngine());
  return stream;
}

dnnl::memory::data_type dnnlType(DType type) {
  switch (type) {
    case DType::Float32:
      return dnnl::memory::data_type::f32;
    case DType::Float16:
      return dnnl::memory::data_type::f16;
    case DType::BFloat16:
      return dnnl::memory::data_type::bf16;
    case DType::Int32:
      return dnnl::memory::data_type::s32;
    case DType::Int8:
      return dnnl::memory::data_type::s8;
    case DType::UInt8:
    case DType::Bool:
      return dnnl::memory::data_type::u8;
    default:
      break;
  }
  throw Error(ErrorKind::Unsupported, "oneDNN has no type " + std::string(name(type)));
}

dnnl::memory::desc plainDesc(const Shape& shape, DType type) {
  if (shape.size() > maxRank)
    throw Error(ErrorKind::Unsupported,
                "shape " + toText(shape) + " has more than " + std::to_string(maxRank) + " dimensions");
  const dnnl::memory::dims dims =
      shape.empty() ? dnnl::memory::dims{1} : dnnl::memory::dims(shape.begin(), shape.end());
  return {dims, dnnlType(type), rowMajorStrides(dims)};
}

dnnl::memory::desc descOf(const Activation& activation) {
  if (!activation.layout) return plainDesc(activation.shape, activation.dtype);
  const auto* layout = dynamic_cast<const DnnlLayout*>(activation.layout.get());
  if (layout == nullptr) throw Error(ErrorKind::Unsupported, "an activation lies in an unknown layout");
  return layout->desc;
}

dnnl::memory memoryOf(const Activation& activation) {
  return {descOf(activation), dnnlEngine(), mutableBytesOf(activation)};
}

FreshActivation allocate(const dnnl::memory::desc& desc, const Shape& shape, DType dtype) {
  FreshActivation fresh;
  const dnnl::memory::dims dims = desc.dims();
  if (desc == plainDesc(Shape(dims.begin(), dims.end()), dtype)) {
    TensorBuilder builder(dtype, shape);
    fresh.memory = dnnl::memory(desc, dnnlEngine(), builder.bytes().data());
    fresh.activation = Activation(std::move(builder).build());
    return fresh;
  }
  const std::size_t size = desc.get_size();
  auto buffer = allocateBuffer(size);
  fresh.memory = dnnl::memory(desc, dnnlEngine(), buffer.get());
  fresh.activation.shape = shape;
  fresh.activation.dtype = dtype;
  fresh.activation.layout = std::make_shared<DnnlLayout>(desc);
  const std::span<const std::byte> view(buffer.get(), size);
  fresh.activation.blockedBytes = Bytes{std::move(buffer), view};
  return fresh;
}

Activation reordered(const Activation& activation, const dnnl::memory::desc& wanted) {
  if (descOf(activation) == wanted) return activation;
  return guardDnnl("changing a memory layout", [&] {
    dnnl::memory from = memoryOf(activation);
    FreshActivation to = allocate(wanted, activation.shape, activation.dtype);
    dnnl::reorder(from, to.memory).execute(dnnlStream(), from, to.memory);
    dnnlStream().wait();
    return std::move(to.activation);
  });
}

dnnl::primitive_attr keptPrimitiveAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

void execute(const dnnl::primitive& primitive, const dnnl::memory::desc& scratchpad,
             std::unordered_map<int, dnnl::memory> arguments) {
  std::shared_ptr<std::byte[]> buffer;
  if (const std::size_t size = scratchpad.get_size(); size > 0) {
    buffer = allocateBuffer(size);
    arguments.insert_or_assign(DNNL_ARG_SCRATCHPAD, dnnl::memory(scratchpad, dnnlEngine(), buffer.get()));
  }
  primitive.execute(dnnlStream(), arguments);
  dnnlStream().wait();
}

void appendActivation(dnnl::post_ops& ops, const Fusion& fusion) {
  using dnnl::algorithm;
  switch (fusion.activation) {
    case FusedActivation::None:
      return;
    case FusedActivation::Relu:
      return ops.append_eltwise(1, algorithm::eltwise_relu, 0, 0);
    case FusedActivation::LeakyRelu:
      return ops.append_eltwise(1, algorithm::eltwise_relu, fusion.alpha, 0);
    case FusedActivation::Clip:
      return ops.append_eltwise(1, algorithm::eltwise_clip, fusion.alpha, fusion.beta);
    case FusedActivation::Sigmoid:
      return ops.append_eltwise(1, algorithm::eltwise_logistic, 0, 0);
    case FusedActivation::Tanh:
      return ops.append_eltwise(1, algorithm::eltwise_tanh, 0, 0);
    case FusedActivation::HardSwish:
      return ops.append_eltwise(1, algorithm::eltwise_hardswish, 0, 0);
    case FusedActivation::Gelu:
      return ops.append_eltwise(1, algorithm::eltwise_gelu_erf, 0, 0);
  }
}

Tensor toPlain(const Activation& activation) {
  if (!activation.layout) return activation.tensor;
  if (codesLayout(activation) != nullptr) return dequantized(activation);
  const dnnl::memory::dims dims = descOf(activation).dims();
  return reordered(activation, plainDesc(Shape(dims.begin(), dims.end()), activation.dtype)).tensor;
}

}  // namespace lapidary::core
