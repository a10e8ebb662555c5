// SPDX-License-Identifier: GPL-3.0-or-later
// Channels through operators that join, part, pick and pad along an axis.
#include <algorithm>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

using Labels = std::vector<AxisIndex>;

/// Numbers side by side: a shape put together from pieces.
std::optional<std::vector<ShapeEntry>> joinedEntries(const NodeTrace& node) {
  std::vector<ShapeEntry> joined;
  for (std::size_t i = 0; i < node.node().inputs.size(); ++i) {
    const TracedValue& each = node.in(i);
    if (each.axes.size() != 1 || (!each.entries && each.axes[0].size != 1)) return std::nullopt;
    if (each.entries)
      joined.insert(joined.end(), each.entries->begin(), each.entries->end());
    else
      joined.emplace_back();
  }
  return joined;
}

Labels part(const Labels& labels, std::size_t begin, std::size_t end) {
  return {labels.begin() + static_cast<std::ptrdiff_t>(begin),
          labels.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// How many positions each output of a Split takes; empty where that is not known beforehand.
std::vector<std::int64_t> splitSizes(const NodeTrace& node, std::int64_t size) {
  if (const auto given = node.numbers(1, "split")) return *given;
  const auto count = static_cast<std::int64_t>(node.node().outputs.size());
  if (node.has(1) || count < 1 || size < 0) return {};
  const std::int64_t each = (size + count - 1) / count;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(count), each);
  sizes.back() = size - each * (count - 1);
  return sizes;
}

/// Registers how the sizes of a Split's outputs are counted, where they are written or have to be.
void countSplit(NodeTrace& node, const std::vector<std::int64_t>& sizes, const std::vector<Labels>& parts) {
  std::map<std::size_t, Labels> counted;
  for (std::size_t i = 0; i < parts.size(); ++i) counted[i] = parts[i];
  if (node.has(1) || node.opset() == 0 || node.opset() >= 13)
    return node.countList(1, sizes, std::move(counted));
  for (std::size_t i = 0; i < parts.size(); ++i) node.countAttribute("split", i, parts[i]);
}

/// The part that a Slice takes of one axis.
struct Taken {
  std::size_t axis = 0, entry = 0;
  std::int64_t begin = 0, end = 0, step = 1;
};

std::optional<std::vector<Taken>> takenBy(NodeTrace& node, const std::vector<TracedAxis>& axes) {
  const auto starts = node.numbers(1, "starts"), ends = node.numbers(2, "ends");
  const auto which = node.ints(3, "axes"), steps = node.ints(4, "steps");
  if (!starts || !ends || starts->size() != ends->size()) return std::nullopt;
  if ((node.has(3) && !which) || (node.has(4) && !steps)) return std::nullopt;
  std::vector<Taken> taken;
  for (std::size_t i = 0; i < starts->size(); ++i) {
    const auto axis = NodeTrace::axis(
        which ? (i < which->size() ? (*which)[i] : -1'000) : static_cast<std::int64_t>(i), axes.size());
    if (!axis) return std::nullopt;
    taken.push_back({*axis, i, (*starts)[i], (*ends)[i], steps && i < steps->size() ? (*steps)[i] : 1});
  }
  return taken;
}

/// The part of a followed axis, and what says where it begins and ends.
TracedAxis sliceFollowed(NodeTrace& node, const TracedAxis& axis, const Taken& taken,
                         std::map<std::size_t, Labels>& starts, std::map<std::size_t, Labels>& ends) {
  const auto clamped = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + axis.size : at, 0, axis.size);
  };
  const std::int64_t begin = clamped(taken.begin), end = clamped(taken.end);
  if (taken.step != 1 || end <= begin || !node.has(1)) {
    node.pin(axis);
    return {taken.step == 1 ? end - begin : -1, {}};
  }
  const auto first = static_cast<std::size_t>(begin), last = static_cast<std::size_t>(end);
  if (begin > 0) starts[taken.entry] = part(axis.labels, 0, first);
  if (end < axis.size) ends[taken.entry] = part(axis.labels, 0, last);
  return {end - begin, part(axis.labels, first, last)};
}

std::int64_t slicedSize(std::int64_t size, const Taken& taken) {
  if (size < 0 || taken.step == 0) return -1;
  const bool back = taken.step < 0;
  const auto clamped = [&](std::int64_t at) {
    if (at < 0) at = std::max<std::int64_t>(at, -size - 1) + size;
    return back ? std::clamp<std::int64_t>(at, -1, size - 1) : std::clamp<std::int64_t>(at, 0, size);
  };
  const std::int64_t span = (clamped(taken.end) - clamped(taken.begin)) * (back ? -1 : 1);
  const std::int64_t step = back ? -std::max<std::int64_t>(taken.step, -(1 << 30)) : taken.step;
  return span <= 0 ? 0 : (span - 1) / step + 1;
}

/// Entries of whole rows; nothing where it is not one slice of the first axis.
std::optional<std::vector<ShapeEntry>> slicedEntries(const NodeTrace& node, const std::vector<Taken>& taken) {
  const TracedValue& x = node.in(0);
  if (!x.entries || taken.size() != 1 || taken[0].axis != 0 || taken[0].step == 0 || x.axes[0].size < 1)
    return std::nullopt;
  const auto rows = x.axes[0].size, width = static_cast<std::int64_t>(x.entries->size()) / rows;
  const bool back = taken[0].step < 0;
  std::int64_t at = taken[0].begin < 0 ? std::max(taken[0].begin, -rows) + rows : taken[0].begin;
  at = std::min(at, back ? rows - 1 : rows);
  std::vector<ShapeEntry> result;
  for (std::int64_t left = slicedSize(rows, taken[0]); left > 0; --left, at += taken[0].step)
    for (std::int64_t k = 0; k < width; ++k)
      result.push_back(x.entries->at(static_cast<std::size_t>(at * width + k)));
  return result;
}

}  // namespace

void traceConcat(NodeTrace& node) {
  const std::size_t count = node.node().inputs.size();
  for (std::size_t i = 0; i < count; ++i)
    if (!node.ranked(i, 1) || node.in(i).axes.size() != node.in(0).axes.size()) return node.pinInputs();
  const auto axis =
      count > 0 ? NodeTrace::axis(node.node().intOr("axis", 1), node.in(0).axes.size()) : std::nullopt;
  if (!axis) return node.pinInputs();
  TracedValue out{true, node.in(0).axes, false, joinedEntries(node)};
  bool followed = false, sized = true;
  for (std::size_t i = 0; i < count; ++i) {
    followed = followed || node.in(i).axes[*axis].followed();
    const std::int64_t size = node.in(i).axes[*axis].size;
    sized = sized && size >= 0 && size <= longestFollowed;
    for (std::size_t k = 0; k < out.axes.size(); ++k)
      if (k != *axis && i > 0) out.axes[k] = node.broadcast(out.axes[k], node.in(i).axes[k]);
  }
  TracedAxis joined{sized ? 0 : -1, {}};
  for (std::size_t i = 0; i < count; ++i) {
    TracedAxis each = node.in(i).axes[*axis];
    if (!sized) node.pin(each);
    if (!sized) continue;
    if (followed && !each.followed()) each = node.pinned(each.size);
    joined.size += each.size;
    joined.labels.insert(joined.labels.end(), each.labels.begin(), each.labels.end());
  }
  out.axes[*axis] = std::move(joined);
  node.out(0, std::move(out));
}

void traceSplit(NodeTrace& node) {
  const auto axis = node.ranked(0, 1) ? NodeTrace::axis(node.node().intOr("axis", 0), node.in(0).axes.size())
                                      : std::nullopt;
  if (!axis) return node.pinInputs();
  const TracedValue& x = node.in(0);
  const TracedAxis& split = x.axes[*axis];
  const auto sizes = splitSizes(node, split.size);
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) sum = size < 0 || size > split.size ? -1'000'000'000 : sum + size;
  if (sizes.size() != node.node().outputs.size() || (split.followed() && sum != split.size))
    return node.pinInputs();
  std::vector<Labels> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    TracedValue out{true, x.axes, false, {}};
    out.axes[*axis] = {sizes[i], {}};
    if (split.followed()) {
      parts.push_back(part(split.labels, begin, begin + static_cast<std::size_t>(sizes[i])));
      begin += static_cast<std::size_t>(sizes[i]);
      out.axes[*axis].labels = parts.back();
    }
    node.out(i, std::move(out));
  }
  countSplit(node, sizes, parts);
}

void traceSlice(NodeTrace& node) {
  const auto taken = node.ranked(0) ? takenBy(node, node.in(0).axes) : std::nullopt;
  if (!taken) return node.pinInputs();
  const TracedValue& x = node.in(0);
  TracedValue out{true, x.axes, false, slicedEntries(node, *taken)};
  if (!out.entries) node.pinEntries(0);
  std::map<std::size_t, Labels> starts, ends;
  for (const Taken& each : *taken)
    out.axes[each.axis] = x.axes[each.axis].followed()
                              ? sliceFollowed(node, x.axes[each.axis], each, starts, ends)
                              : TracedAxis{slicedSize(x.axes[each.axis].size, each), {}};
  if (node.has(1)) node.countList(1, *node.numbers(1), std::move(starts));
  if (node.has(2)) node.countList(2, *node.numbers(2), std::move(ends));
  if (out.entries)
    for (TracedAxis& axis : out.axes) axis.labels.clear();
  node.out(0, std::move(out));
}

/// Picks by constant or computed positions: the axis that is picked from has to stay as it is.
void traceGather(NodeTrace& node) {
  const auto axis = node.ranked(0, 1) ? NodeTrace::axis(node.node().intOr("axis", 0), node.in(0).axes.size())
                                      : std::nullopt;
  if (!axis || !node.ranked(1)) return node.pinInputs();
  const TracedValue &x = node.in(0), &picked = node.in(1);
  TracedValue out{true, {}, false, {}};
  out.axes.assign(x.axes.begin(), x.axes.begin() + static_cast<std::ptrdiff_t>(*axis));
  for (const TracedAxis& each : picked.axes) out.axes.push_back({each.size, {}});
  out.axes.insert(out.axes.end(), x.axes.begin() + static_cast<std::ptrdiff_t>(*axis) + 1, x.axes.end());
  const auto positions = node.ints(1);
  if (x.entries && positions && picked.axes.size() <= 1 && x.axes.size() == 1) {
    out.entries.emplace();
    for (const std::int64_t position : *positions) {
      const auto at = NodeTrace::axis(position, x.entries->size());
      if (!at) return node.pinInputs();
      out.entries->push_back((*x.entries)[*at]);
    }
    return node.out(0, std::move(out));
  }
  node.pin(x.axes[*axis]);
  node.pinEntries(0);
  if (!picked.constant) node.pin(picked);
  node.out(0, std::move(out));
}

/// Along a followed axis the padding is new channels; they go where those go that they are added to.
void tracePad(NodeTrace& node) {
  const auto pads = node.numbers(1, "pads");
  const std::size_t rank = node.in(0).axes.size();
  if (!node.ranked(0) || !pads || node.has(3) || pads->size() != 2 * rank) return node.pinInputs();
  const bool widens = node.has(1) && node.node().textOr("mode", "constant") == "constant";
  std::map<std::size_t, Labels> counted;
  TracedValue out{true, node.in(0).axes, false, {}};
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t before = (*pads)[i], after = (*pads)[i + rank];
    TracedAxis& axis = out.axes[i];
    if (before == 0 && after == 0) continue;
    const bool sane = before >= 0 && after >= 0 && before < longestFollowed && after < longestFollowed;
    if (!axis.followed() || !widens || !sane) {
      node.pin(axis);
      axis = {axis.size < 0 || !sane ? -1 : axis.size + before + after, {}};
      continue;
    }
    const TracedAxis front = node.fresh(before), back = node.fresh(after);
    counted[i] = front.labels;
    counted[i + rank] = back.labels;
    axis.labels.insert(axis.labels.begin(), front.labels.begin(), front.labels.end());
    axis.labels.insert(axis.labels.end(), back.labels.begin(), back.labels.end());
    axis.size += before + after;
  }
  node.countList(1, *pads, std::move(counted));
  node.out(0, std::move(out));
}

}  // namespace lapidary::core
