// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through operators that move, merge and part axes.
#include <algorithm>
#include <numeric>

#include "core/compress/structure/node_trace.h"
#include "core/compress/structure/trace_regroup.h"

namespace lapidary::core {
namespace {

/// Larger runs of merged axes are not followed.
constexpr std::int64_t largestRun = 1 << 24;

std::vector<std::int64_t> sizesOf(const std::vector<TracedAxis>& axes) {
  std::vector<std::int64_t> sizes;
  for (const TracedAxis& axis : axes) sizes.push_back(axis.size);
  return sizes;
}

/// The axis of a run that keeps the classes apart, of those that a followed axis is parted into. Projections
/// of queries, keys and values become [heads, size], or [3, heads, size] together; channels that are shuffled
/// become [groups, channels]; groups of a norm [groups, the rest].
std::size_t followedPart(const std::vector<std::size_t>& parts, const std::vector<TracedAxis>& out,
                         bool partsOneAxis, bool lastAxis) {
  if (!partsOneAxis) return parts.front();
  if (!lastAxis) return parts.back();
  return parts.size() > 2 && out[parts[0]].size == 3 ? parts[1] : parts.front();
}

std::size_t strideOf(const std::vector<TracedAxis>& axes, std::size_t axis, std::size_t end) {
  std::size_t stride = 1;
  for (std::size_t i = axis + 1; i < end; ++i) stride *= static_cast<std::size_t>(axes[i].size);
  return stride;
}

/// Hands the classes of the followed axis in a run on to the axes that its elements become.
void followRun(NodeTrace& node, const std::vector<TracedAxis>& in, const AxisRun& run,
               std::vector<TracedAxis>& out) {
  std::vector<std::size_t> from, followed, to;
  for (std::size_t i = run.inBegin; i < run.inEnd; ++i) {
    if (in[i].size != 1) from.push_back(i);
    if (in[i].size != 1 && in[i].followed()) followed.push_back(i);
  }
  for (std::size_t i = run.outBegin; i < run.outEnd; ++i)
    if (out[i].size != 1) to.push_back(i);
  if (followed.empty()) return;
  std::int64_t elements = 1;
  for (const std::size_t i : from) elements *= in[i].size;
  if (followed.size() > 1 || to.empty() || elements < 1 || elements > largestRun) {
    for (const std::size_t i : followed) node.pin(in[i]);
    return;
  }
  const std::size_t source = followed[0];
  const bool lastAxis = source + 1 == in.size();
  const std::size_t target = to.size() == 1 ? to[0] : followedPart(to, out, from.size() == 1, lastAxis);
  const std::size_t inStride = strideOf(in, source, run.inEnd), outStride = strideOf(out, target, run.outEnd);
  const std::size_t inSize = in[source].labels.size(), outSize = static_cast<std::size_t>(out[target].size);
  std::vector<AxisIndex>& labels = out[target].labels;
  labels.assign(outSize, in[source].labels[0]);
  std::vector<bool> seen(outSize, false);
  for (std::size_t i = 0; i < static_cast<std::size_t>(elements); ++i) {
    const AxisIndex label = in[source].labels[i / inStride % inSize];
    const std::size_t at = i / outStride % outSize;
    if (seen[at])
      node.join(labels[at], label);
    else
      labels[at] = label, seen[at] = true;
  }
}

/// All axes of `out` have sizes; their classes come from `in`.
Regrouping followRegrouping(NodeTrace& node, const std::vector<TracedAxis>& in,
                            std::vector<TracedAxis>& out) {
  const auto before = sizesOf(in), after = sizesOf(out);
  const Regrouping regrouping = regroup(before, after);
  for (const AxisRun& run : regrouping.runs) {
    if (run.inEnd - run.inBegin == 1 && run.outEnd - run.outBegin == 1)
      out[run.outBegin].labels = in[run.inBegin].labels;
    else
      followRun(node, in, run, out);
  }
  for (std::size_t i = regrouping.rest.inBegin; i < regrouping.rest.inEnd; ++i) node.pin(in[i]);
  return regrouping;
}

/// Sizes of a Reshape's result; those that cannot be told are -1.
std::vector<TracedAxis> reshapedAxes(const NodeTrace& node, const std::vector<ShapeEntry>& entries,
                                     const std::vector<TracedAxis>& in) {
  std::vector<TracedAxis> out;
  std::int64_t before = 1, after = 1;
  std::size_t inferred = entries.size();
  const bool copies = node.node().intOr("allowzero", 0) == 0;
  for (const TracedAxis& axis : in) before = sizeProduct(before, axis.size);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::int64_t size = entries[i].number.value_or(-2);
    if (size == 0 && copies) size = i < in.size() && in[i].size >= 0 ? in[i].size : -2;
    if (size == -1)
      inferred = i;
    else
      after = sizeProduct(after, size);
    out.push_back({std::max<std::int64_t>(size, -1), {}});
  }
  if (inferred < out.size() && before >= 0 && after > 0 && before % after == 0)
    out[inferred].size = before / after;
  return out;
}

/// The target of a Reshape in numbers alone: 0 where an axis keeps a size that is not known beforehand, -1
/// for one other such axis. Nothing where that does not say everything.
std::optional<std::vector<std::int64_t>> writtenTarget(const Regrouping& regrouping,
                                                       const std::vector<TracedAxis>& out, bool copies) {
  std::vector<std::int64_t> target;
  std::size_t inferred = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool kept = std::ranges::any_of(regrouping.runs, [&](const AxisRun& run) {
      return run.inBegin == i && run.outBegin == i && run.inEnd == i + 1 && run.outEnd == i + 1;
    });
    target.push_back(out[i].size >= 0 ? out[i].size : kept && copies ? 0 : -1);
    inferred += target.back() == -1;
    if (target.back() == 0 && out[i].size == 0) return std::nullopt;
  }
  return inferred < 2 ? std::optional(target) : std::nullopt;
}

/// Numbers keep their order under any shape; one that is not put in another order.
bool reshapeEntries(NodeTrace& node) {
  const auto target = node.ints(1);
  if (!node.in(0).entries || !target) return false;
  const auto count = static_cast<std::int64_t>(node.in(0).entries->size());
  TracedValue out{true, {}, false, node.in(0).entries};
  std::int64_t others = 1;
  for (const std::int64_t size : *target) others *= std::clamp<std::int64_t>(size < 0 ? 1 : size, 0, 1 << 10);
  for (const std::int64_t size : *target)
    out.axes.push_back({size >= 0 ? size : others > 0 ? count / others : 0, {}});
  node.out(0, std::move(out));
  return true;
}

}  // namespace

void traceShape(NodeTrace& node) {
  if (!node.ranked(0)) return node.out(0, {true, {{-1, {}}}, false, {}});
  const auto& axes = node.in(0).axes;
  const auto rank = static_cast<std::int64_t>(axes.size());
  const auto clamped = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t begin = clamped(node.node().intOr("start", 0));
  const std::int64_t end = std::max(begin, clamped(node.node().intOr("end", rank)));
  TracedValue out{true, {{end - begin, {}}}, false, std::vector<ShapeEntry>{}};
  for (std::int64_t i = begin; i < end; ++i) {
    const TracedAxis& axis = axes[static_cast<std::size_t>(i)];
    out.entries->push_back({axis.size >= 0 ? std::optional(axis.size) : std::nullopt, axis.labels});
  }
  node.out(0, std::move(out));
}

/// One number that counts the positions of all axes.
void traceSize(NodeTrace& node) {
  TracedValue out{true, {}, false, {}};
  if (node.ranked(0)) {
    ShapeEntry elements{std::int64_t{1}, {}};
    std::int64_t count = 1;
    for (const TracedAxis& axis : node.in(0).axes) {
      count = sizeProduct(count, axis.size);
      elements.follows.insert(elements.follows.end(), axis.labels.begin(), axis.labels.end());
    }
    elements.number = count >= 0 ? std::optional(count) : std::nullopt;
    out.entries = std::vector{std::move(elements)};
  }
  node.out(0, std::move(out));
}

/// Whole numbers of a short list, as the padding of PyTorch's exporter is put together.
void traceConstantOfShape(NodeTrace& node) {
  const auto sizes = node.ints(0);
  if (!sizes) return;
  TracedValue out{true, {}, false, {}};
  std::int64_t count = 1;
  for (const std::int64_t size : *sizes) {
    out.axes.push_back({std::max<std::int64_t>(size, 0), {}});
    count *= std::clamp<std::int64_t>(size, 0, 1 << 10);
    if (count > 1 << 10) break;
  }
  const Tensor* value = node.node().find<Tensor>("value");
  const bool whole =
      value && value->size() == 1 && (value->dtype() == DType::Int64 || value->dtype() == DType::Int32);
  if (whole && sizes->size() < 2 && count <= 64)
    out.entries.emplace(static_cast<std::size_t>(count), ShapeEntry{toInt64(*value)[0], {}});
  if (out.axes.size() == sizes->size()) node.out(0, std::move(out));
}

void traceReshape(NodeTrace& node) {
  if (!node.ranked(0) || reshapeEntries(node)) return node.ranked(0) ? void() : node.pinInputs();
  node.pinEntries(0);
  if (!node.in(1).entries) return node.pinInputs();
  const auto& in = node.in(0).axes;
  const std::vector<ShapeEntry>& entries = *node.in(1).entries;
  std::vector<TracedAxis> out = reshapedAxes(node, entries, in);
  const Regrouping regrouping = followRegrouping(node, in, out);
  const auto target = writtenTarget(regrouping, out, node.node().intOr("allowzero", 0) == 0);
  if (!target) {
    node.pinInputs();
    for (TracedAxis& axis : out) node.pin(axis);
    return node.out(0, {true, std::move(out), false, {}});
  }
  std::map<std::size_t, std::vector<AxisIndex>> counted;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i].followed()) counted[i] = out[i].labels;
  node.countList(1, *target, std::move(counted));
  node.out(0, {true, std::move(out), false, {}});
}

void traceFlatten(NodeTrace& node) {
  if (!node.ranked(0)) return node.pinInputs();
  const auto& in = node.in(0).axes;
  const auto rank = static_cast<std::int64_t>(in.size());
  std::int64_t split = node.node().intOr("axis", 1);
  split = std::clamp<std::int64_t>(split < 0 ? split + rank : split, 0, rank);
  std::vector<TracedAxis> out(2);
  for (const bool second : {false, true}) {
    const auto begin = in.begin() + (second ? split : 0), end = second ? in.end() : in.begin() + split;
    const std::vector<TracedAxis> half(begin, end);
    std::int64_t size = 1;
    for (const TracedAxis& axis : half) size = sizeProduct(size, axis.size);
    std::vector<TracedAxis> merged{{size, {}}};
    followRegrouping(node, half, merged);
    out[second ? 1 : 0] = merged[0];
  }
  node.out(0, {true, std::move(out), false, {}});
}

void traceTranspose(NodeTrace& node) {
  if (!node.ranked(0)) return node.pinInputs();
  const auto& in = node.in(0).axes;
  std::vector<std::int64_t> order(in.size());
  std::iota(order.rbegin(), order.rend(), 0);
  order = node.node().intsOr("perm", order);
  TracedValue out{true, {}, false, {}};
  for (const std::int64_t from : order) {
    const auto axis = NodeTrace::axis(from, in.size());
    if (!axis || order.size() != in.size()) return node.pinInputs();
    out.axes.push_back(in[*axis]);
  }
  const bool flips = in.size() == 2 && order == std::vector<std::int64_t>{1, 0};
  if (node.in(0).entries && flips && in[0].size > 0) {
    const auto rows = static_cast<std::size_t>(in[0].size), columns = node.in(0).entries->size() / rows;
    out.entries.emplace();
    for (std::size_t i = 0; i < rows * columns; ++i)
      out.entries->push_back((*node.in(0).entries)[i % rows * columns + i / rows]);
  } else {
    node.pinEntries(0);
  }
  node.out(0, std::move(out));
}

void traceSqueeze(NodeTrace& node) {
  const auto axes = node.ints(1, "axes");
  if (!node.ranked(0) || (node.has(1) && !axes)) return node.pinInputs();
  const auto& in = node.in(0).axes;
  std::vector<bool> gone(in.size(), false);
  if (!axes)
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i].size < 0) return node.pinInputs();
      gone[i] = in[i].size == 1;
    }
  for (const std::int64_t given : axes.value_or(std::vector<std::int64_t>{})) {
    const auto axis = NodeTrace::axis(given, in.size());
    if (!axis) return node.pinInputs();
    gone[*axis] = true;
  }
  TracedValue out{true, {}, false, node.in(0).entries};
  for (std::size_t i = 0; i < in.size(); ++i)
    if (gone[i])
      node.pin(in[i]);
    else
      out.axes.push_back(in[i]);
  node.out(0, std::move(out));
}

void traceUnsqueeze(NodeTrace& node) {
  const auto axes = node.ints(1, "axes");
  if (!node.ranked(0) || !axes) return node.pinInputs();
  const auto& in = node.in(0).axes;
  std::vector<bool> added(in.size() + axes->size(), false);
  for (const std::int64_t given : *axes) {
    const auto axis = NodeTrace::axis(given, added.size());
    if (!axis || added[*axis]) return node.pinInputs();
    added[*axis] = true;
  }
  TracedValue out{true, {}, false, node.in(0).entries};
  std::size_t next = 0;
  for (const bool isNew : added) out.axes.push_back(isNew ? TracedAxis{1, {}} : in[next++]);
  node.out(0, std::move(out));
}

/// Repeats axes of size 1; what is followed keeps its size.
void traceExpand(NodeTrace& node) {
  if (!node.ranked(0) || !node.in(1).entries) return node.pinInputs();
  node.pinEntries(0);
  const auto& entries = *node.in(1).entries;
  const auto& in = node.in(0).axes;
  const std::size_t rank = std::max(in.size(), entries.size());
  TracedValue out{true, {}, false, {}};
  std::map<std::size_t, std::vector<AxisIndex>> counted;
  for (std::size_t i = 0; i < rank; ++i) {
    TracedAxis axis = i + in.size() >= rank ? in[i + in.size() - rank] : TracedAxis{1, {}};
    if (i + entries.size() >= rank) {
      const std::size_t k = i + entries.size() - rank;
      const std::int64_t number = entries[k].number.value_or(-1);
      if (axis.size == 1 && number != 1)
        axis = {number, {}};
      else if (axis.followed() && number == axis.size)
        counted[k] = axis.labels;
      else if (axis.followed() && number != 1)
        node.pin(axis);
    }
    out.axes.push_back(std::move(axis));
  }
  if (const auto numbers = node.numbers(1))
    node.countList(1, *numbers, std::move(counted));
  else
    node.pinInputs();
  node.out(0, std::move(out));
}

/// Repeats whole axes, one copy behind the other; before operator set 6 one axis, which an input names.
void traceTile(NodeTrace& node) {
  const auto repeats = node.ints(1);
  node.pinEntries(0);
  if (!node.ranked(0) || !repeats || repeats->size() != node.in(0).axes.size() || node.has(2))
    return node.pinInputs();
  TracedValue out{true, node.in(0).axes, false, {}};
  for (std::size_t i = 0; i < repeats->size(); ++i) {
    const std::int64_t times = (*repeats)[i];
    TracedAxis& axis = out.axes[i];
    const std::vector<AxisIndex> once = axis.labels;
    if (times == 1) continue;
    axis = {times >= 0 ? sizeProduct(axis.size, times) : -1, {}};
    if (once.empty()) continue;
    if (axis.size < 1 || axis.size > longestFollowed) {
      node.pin(TracedAxis{0, once});
      continue;
    }
    for (std::int64_t k = 0; k < times; ++k) axis.labels.insert(axis.labels.end(), once.begin(), once.end());
  }
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
