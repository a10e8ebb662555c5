// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/channel_blocks.h"

#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

/// Row-major over (N, C / block, spatial..., block); nothing if oneDNN has no name for it.
std::optional<dnnl::memory::desc> blockedDesc(const Shape& shape, std::int64_t block) {
  using Tag = dnnl::memory::format_tag;
  const Tag by8[] = {Tag::aBc8b, Tag::aBcd8b, Tag::aBcde8b};
  const Tag by16[] = {Tag::aBc16b, Tag::aBcd16b, Tag::aBcde16b};
  if (shape.size() < 3 || shape.size() > 5 || (block != 8 && block != 16)) return std::nullopt;
  return dnnl::memory::desc(dnnl::memory::dims(shape.begin(), shape.end()), dnnl::memory::data_type::f32,
                            (block == 8 ? by8 : by16)[shape.size() - 3]);
}

ChannelBlocks viewOf(const Shape& shape, std::int64_t block, const std::byte* bytes) {
  ChannelBlocks view;
  view.batch = shape[0];
  view.channels = shape[1];
  view.blocks = (shape[1] + block - 1) / block;
  view.spatial = product(shape, 2, shape.size());
  view.block = block;
  view.data = reinterpret_cast<const float*>(bytes);
  return view;
}

}  // namespace

std::optional<ChannelBlocks> channelBlocks(const Activation& activation) {
  const Shape& shape = activation.shape;
  if (activation.dtype != DType::Float32 || shape.size() < 2) return std::nullopt;
  if (!activation.layout) return viewOf(shape, 1, activation.tensor.bytes().data());
  const dnnl::memory::desc desc = descOf(activation);
  for (const std::int64_t block : {8, 16})
    if (const auto wanted = blockedDesc(shape, block); wanted && *wanted == desc)
      return viewOf(shape, block, activation.blockedBytes.view.data());
  return std::nullopt;
}

Activation viewable(const Activation& activation) {
  if (!activation.layout || channelBlocks(activation)) return activation;
  return toPlain(activation);
}

FreshActivation allocateLike(const Activation& activation, const Shape& shape) {
  const auto view = channelBlocks(activation);
  const auto desc = blockedDesc(shape, view ? view->block : 1);
  return allocate(desc ? *desc : plainDesc(shape), shape);
}

}  // namespace lapidary::core
