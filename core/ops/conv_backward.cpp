#include "core/ops/conv_backward.h"

#include "core/ops/checks.h"
#include "core/ops/conv_primitive.h"

namespace lapidary::core {
namespace {

using dnnl::memory;

memory viewOf(const Tensor& tensor, const memory::desc& desc) {
  return {desc, dnnlEngine(), const_cast<std::byte*>(tensor.bytes().data())};
}

memory converted(const memory& from, const memory::desc& wanted) {
  if (from.get_desc() == wanted) return from;
  memory to(wanted, dnnlEngine());
  memory source = from;
  dnnl::reorder(source, to).execute(dnnlStream(), source, to);
  dnnlStream().wait();
  return to;
}

Tensor toTensor(const memory& from, const memory::desc& plain, const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  memory source = from, to(plain, dnnlEngine(), builder.bytes().data());
  dnnl::reorder(source, to).execute(dnnlStream(), source, to);
  dnnlStream().wait();
  return std::move(builder).build();
}

template <class Kind>
typename Kind::Forward::primitive_desc forwardHint(const ConvDims& dims) {
  const typename Kind::Forward::desc desc(
      dnnl::prop_kind::forward_training, Kind::algorithm, anyLayout(dims.source), anyLayout(dims.weights),
      anyLayout(dims.destination), dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  return {desc, dnnlEngine()};
}

struct Operands {
  Tensor source, weights, gradient;  ///< Float32, plain
};

template <class Kind>
Tensor dataGradient(const ConvDims& dims, const Operands& operands) {
  const typename Kind::BackwardData::desc desc(Kind::algorithm, anyLayout(dims.source),
                                               anyLayout(dims.weights), anyLayout(dims.destination),
                                               dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  const typename Kind::BackwardData::primitive_desc prepared(desc, dnnlEngine(), forwardHint<Kind>(dims));
  const memory weights = converted(viewOf(operands.weights, dims.plainWeights), prepared.weights_desc());
  const memory gradient =
      converted(viewOf(operands.gradient, plainDesc(operands.gradient.shape())), prepared.diff_dst_desc());
  const memory result(prepared.diff_src_desc(), dnnlEngine());
  typename Kind::BackwardData(prepared).execute(
      dnnlStream(),
      {{DNNL_ARG_DIFF_DST, gradient}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DIFF_SRC, result}});
  dnnlStream().wait();
  return toTensor(result, plainDesc(operands.source.shape()), operands.source.shape());
}

template <class Kind>
Tensor weightGradient(const ConvDims& dims, const Operands& operands) {
  const typename Kind::BackwardWeights::desc desc(Kind::algorithm, anyLayout(dims.source),
                                                  anyLayout(dims.weights), anyLayout(dims.destination),
                                                  dims.strides, dims.dilations, dims.padBegin, dims.padEnd);
  const typename Kind::BackwardWeights::primitive_desc prepared(desc, dnnlEngine(), forwardHint<Kind>(dims));
  const memory source =
      converted(viewOf(operands.source, plainDesc(operands.source.shape())), prepared.src_desc());
  const memory gradient =
      converted(viewOf(operands.gradient, plainDesc(operands.gradient.shape())), prepared.diff_dst_desc());
  const memory result(prepared.diff_weights_desc(), dnnlEngine());
  typename Kind::BackwardWeights(prepared).execute(
      dnnlStream(), {{DNNL_ARG_DIFF_DST, gradient}, {DNNL_ARG_SRC, source}, {DNNL_ARG_DIFF_WEIGHTS, result}});
  dnnlStream().wait();
  return toTensor(result, dims.plainWeights, operands.weights.shape());
}

/// Sum of the output gradient over samples and positions.
Tensor biasGradient(const Tensor& gradient, const ConvShape& shape) {
  std::vector<double> sums(static_cast<std::size_t>(shape.outChannels), 0.0);
  const std::int64_t positions = product(gradient.shape(), 2, gradient.rank());
  const float* value = gradient.as<float>().data();
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (double& sum : sums)
      for (std::int64_t i = 0; i < positions; ++i) sum += *value++;
  const std::vector<float> rounded(sums.begin(), sums.end());
  return Tensor::from<float>({shape.outChannels}, rounded);
}

template <class Kind>
std::vector<Tensor> gradientsOf(const BackwardCall& call, const ConvShape& shape, const Operands& operands) {
  const ConvDims dims(shape);
  std::vector<Tensor> result(call.inputs.size());
  const bool empty = operands.gradient.size() == 0;
  if (call.wanted[0])
    result[0] = empty ? zeros(operands.source.shape()).build() : dataGradient<Kind>(dims, operands);
  if (call.wanted[1])
    result[1] = empty ? zeros(operands.weights.shape()).build() : weightGradient<Kind>(dims, operands);
  if (call.wanted.size() > 2 && call.wanted[2]) result[2] = biasGradient(operands.gradient, shape);
  return result;
}

}  // namespace

std::vector<Tensor> convGradients(const BackwardCall& call, const ConvShape& shape) {
  const Operands operands{floatOf(call.inputs[0], "the input"), floatOf(call.inputs[1], "the weight"),
                          call.outputGradients[0]};
  if (!operands.gradient.defined()) return std::vector<Tensor>(call.inputs.size());
  return guardDnnl("oneDNN convolution gradient", [&] {
    return shape.transposed ? gradientsOf<DeconvolutionKind>(call, shape, operands)
                            : gradientsOf<ConvolutionKind>(call, shape, operands);
  });
}

}  // namespace lapidary::core
