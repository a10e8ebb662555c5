// SPDX-License-Identifier: GPL-3.0-or-later
// Windows: pools keep every channel apart, and convolutions leave the same spatial sizes.
#include "core/compress/structure/trace_window.h"

#include <algorithm>

namespace lapidary::core {
namespace {

std::int64_t at(const std::vector<std::int64_t>& list, std::size_t i, std::int64_t fallback) {
  return i < list.size() ? list[i] : fallback;
}

/// -1 where the attributes make no sense or what they need is not known.
std::int64_t windowSize(const Node& node, std::int64_t size, std::int64_t kernel, std::size_t i,
                        std::size_t count) {
  if (size < 0 || kernel < 1) return -1;
  const std::int64_t stride = at(node.intsOr("strides", {}), i, 1);
  const std::int64_t reach = sizeProduct(kernel - 1, at(node.intsOr("dilations", {}), i, 1)) + 1;
  if (stride < 1 || stride > mostElements || reach < 1) return -1;
  const std::string autoPad = node.textOr("auto_pad", "NOTSET");
  if (autoPad.starts_with("SAME")) return (size + stride - 1) / stride;
  const auto pads = node.intsOr("pads", {});
  const auto padAt = [&](std::size_t k) { return std::clamp(at(pads, k, 0), -mostElements, mostElements); };
  const std::int64_t padded = size + (autoPad == "VALID" ? 0 : padAt(i) + padAt(i + count));
  const std::int64_t room = padded - reach + (node.intOr("ceil_mode", 0) != 0 ? stride - 1 : 0);
  return room < 0 ? -1 : room / stride + 1;
}

}  // namespace

void appendWindowAxes(const NodeTrace& node, std::span<const std::int64_t> kernel, TracedValue& out) {
  const TracedValue& x = node.in(0);
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    std::int64_t size = node.declaredSize(0, i + 2);
    if (size < 0 && i + 2 < x.axes.size() && node.node().opType != "ConvTranspose")
      size = windowSize(node.node(), x.axes[i + 2].size, kernel[i], i, kernel.size());
    out.axes.push_back({size, {}});
  }
}

void tracePool(NodeTrace& node) {
  if (!node.ranked(0, 3)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  if (node.node().outputs.size() > 1 && node.node().outputs[1].valid())
    node.pin(x);  // positions of maxima count through all channels
  for (std::size_t i = 2; i < x.axes.size(); ++i) node.pin(x.axes[i]);
  TracedValue out{true, {x.axes[0], x.axes[1]}, false, {}};
  std::vector<std::int64_t> kernel = node.node().intsOr("kernel_shape", {});
  kernel.resize(x.axes.size() - 2, -1);
  appendWindowAxes(node, kernel, out);
  node.out(0, std::move(out));
}

void traceGlobalPool(NodeTrace& node) {
  if (!node.ranked(0, 3)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  TracedValue out{true, {x.axes[0], x.axes[1]}, false, {}};
  for (std::size_t i = 2; i < x.axes.size(); ++i) {
    node.pin(x.axes[i]);
    out.axes.push_back({1, {}});
  }
  node.out(0, std::move(out));
}

/// Resizing moves spatial positions alone where the channels' scale is 1, or their size is written out.
void traceResize(NodeTrace& node) {
  if (!node.ranked(0)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  TracedValue out{true, x.axes, false, {}};
  const auto sizes = node.numbers(3);
  std::map<std::size_t, std::vector<AxisIndex>> counted;
  const bool everyAxis = node.node().intsOr("axes", {}).empty();
  for (std::size_t i = 0; i < x.axes.size(); ++i) {
    const std::int64_t declared = node.declaredSize(0, i);
    if (i > 1 || !x.axes[i].followed()) {
      node.pin(x.axes[i]);
      out.axes[i] = {sizes && everyAxis && i < sizes->size() ? (*sizes)[i] : declared, {}};
    } else if (node.has(3) && everyAxis) {
      if (sizes && i < sizes->size() && (*sizes)[i] == x.axes[i].size)
        counted[i] = x.axes[i].labels;
      else
        node.pin(x.axes[i]);
    }
  }
  if (sizes)
    node.countList(3, *sizes, std::move(counted));
  else
    node.pinEntries(3);
  node.out(0, std::move(out));
}

/// Channels to pixels: one channel of the result comes from blocksize^2 of the input.
void traceDepthToSpace(NodeTrace& node) {
  const std::int64_t block = node.node().intOr("blocksize", 0);
  if (!node.ranked(0, 4) || block < 1 || block > 64 || !node.in(0).axes[1].followed() ||
      node.in(0).axes[1].size % (block * block) != 0)
    return node.pinInputs();
  const TracedValue& x = node.in(0);
  const auto group = static_cast<std::size_t>(block * block);
  const std::size_t count = x.axes[1].labels.size() / group;
  const bool byColumn = node.node().textOr("mode", "DCR") == "CRD";
  TracedAxis channels{static_cast<std::int64_t>(count), {}};
  for (std::size_t c = 0; c < count; ++c) {
    channels.labels.push_back(x.axes[1].labels[byColumn ? c * group : c]);
    for (std::size_t k = 1; k < group; ++k)
      node.join(channels.labels[c], x.axes[1].labels[byColumn ? c * group + k : k * count + c]);
  }
  TracedValue out{true, {x.axes[0], channels}, false, {}};
  for (const std::size_t i : {2u, 3u}) {
    node.pin(x.axes[i]);
    out.axes.push_back({sizeProduct(x.axes[i].size, block), {}});
  }
  node.out(0, std::move(out));
}

/// Pixels to channels: all channels for the first pixel of a block, then all for the next.
void traceSpaceToDepth(NodeTrace& node) {
  const std::int64_t block = node.node().intOr("blocksize", 0);
  if (!node.ranked(0, 4) || block < 1 || block > 64) return node.pinInputs();
  const TracedValue& x = node.in(0);
  TracedAxis channels{sizeProduct(x.axes[1].size, block * block), {}};
  if (channels.size > longestFollowed)
    node.pin(x.axes[1]);
  else
    for (std::int64_t k = 0; k < block * block; ++k)
      channels.labels.insert(channels.labels.end(), x.axes[1].labels.begin(), x.axes[1].labels.end());
  TracedValue out{true, {x.axes[0], std::move(channels)}, false, {}};
  for (const std::size_t i : {2u, 3u}) {
    node.pin(x.axes[i]);
    out.axes.push_back({x.axes[i].size < 0 ? -1 : x.axes[i].size / block, {}});
  }
  node.out(0, std::move(out));
}

/// Pictures that are read at positions of other inputs, every channel apart.
void traceSampled(NodeTrace& node) {
  for (std::size_t i = 1; i < node.node().inputs.size(); ++i) node.pin(node.in(i));
  if (!node.ranked(0, 3)) return node.pinInputs();
  const TracedValue& x = node.in(0);
  TracedValue out{true, {}, false, {}};
  for (std::size_t i = 0; i < x.axes.size(); ++i) {
    if (i != 1) node.pin(x.axes[i]);
    out.axes.push_back(i == 1 ? x.axes[1] : TracedAxis{node.declaredSize(0, i), {}});
  }
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
