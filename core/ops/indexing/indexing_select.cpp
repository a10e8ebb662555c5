// SPDX-License-Identifier: GPL-3.0-or-later
// OneHot, Trilu, Unique, ReverseSequence and Compress.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/indexing.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

std::int64_t depthOf(const OpCall& call) {
  const Tensor depth = convert(call.input(1), DType::Int64);
  if (depth.size() != 1)
    failInput(1, "depth", "holds " + std::to_string(depth.size()) + " values, 1 expected");
  if (depth.as<std::int64_t>()[0] < 1)
    failInput(1, "depth", "is " + std::to_string(depth.as<std::int64_t>()[0]));
  return depth.as<std::int64_t>()[0];
}

/// Indices outside [-depth, depth) give a line of off values.
std::vector<Activation> oneHot(const OpCall& call) {
  const Tensor indices = convert(call.input(0), DType::Int64);
  const std::int64_t depth = depthOf(call);
  const Tensor values = call.input(2);
  if (values.size() != 2)
    failInput(2, "values", "holds " + std::to_string(values.size()) + " values, 2 expected");
  const std::size_t axis = axisOf(call.node.intOr("axis", -1), indices.rank() + 1);
  Shape shape = indices.shape();
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), depth);
  TensorBuilder out(values.dtype(), checkedShape(shape));
  const Lines lines = linesAlong(shape, axis);
  visitWidth(values.dtype(), [&]<class Word>(Word) {
    Word* to = wordsOf<Word>(out);
    std::fill_n(to, out.size(), wordsOf<Word>(values)[0]);
    const std::int64_t* index = indices.as<std::int64_t>().data();
    for (std::int64_t o = 0; o < lines.outer; ++o)
      for (std::int64_t i = 0; i < lines.inner; ++i, ++index)
        if (*index >= -depth && *index < depth)
          to[(o * depth + (*index < 0 ? *index + depth : *index)) * lines.inner + i] =
              wordsOf<Word>(values)[1];
  });
  return oneOutput(std::move(out).build());
}

/// The triangle of every matrix in the last two axes; zeros elsewhere.
Tensor triangle(const Tensor& data, bool upper, std::int64_t k) {
  if (data.rank() < 2)
    failInput(0, "input", "has rank " + std::to_string(data.rank()) + ", 2 or more expected");
  const std::int64_t columns = data.shape().back(), rows = data.shape()[data.rank() - 2];
  k = std::clamp(k, -rows - 1, columns + 1);
  TensorBuilder out(data.dtype(), data.shape());
  const std::size_t width = bitsOf(data.dtype()) / 8;
  const std::int64_t lines = columns == 0 ? 0 : data.size() / columns;
  std::memset(out.bytes().data(), 0, out.bytes().size());
  for (std::int64_t line = 0; line < lines; ++line) {
    const std::int64_t diagonal = line % rows + k;
    const std::int64_t from = upper ? std::clamp<std::int64_t>(diagonal, 0, columns) : 0;
    const std::int64_t to = upper ? columns : std::clamp<std::int64_t>(diagonal + 1, 0, columns);
    const auto at = static_cast<std::size_t>(line * columns + from) * width;
    std::memcpy(out.bytes().data() + at, data.bytes().data() + at,
                static_cast<std::size_t>(to - from) * width);
  }
  return std::move(out).build();
}

std::vector<Activation> trilu(const OpCall& call) {
  const std::int64_t k = call.has(1) ? integerOf(call, 1, "k") : 0;
  const bool upper = call.node.intOr("upper", 1) != 0;
  return oneOutput(moveElements(call.input(0), [&](const Tensor& data) { return triangle(data, upper, k); }));
}

std::vector<Tensor> triluBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const bool given = call.inputs.size() > 1 && call.inputs[1].defined();
  const std::int64_t k = given ? integersOf(call, 1, "k").at(0) : 0;
  return gradientOf(call, 0, triangle(call.outputGradients[0], call.node.intOr("upper", 1) != 0, k));
}

/// The result of Unique: for each distinct row its first index, for each row the number of its value.
struct Distinct {
  std::vector<std::int64_t> first, inverse, counts;
};

template <class T>
Distinct distinctRows(const T* rows, std::int64_t count, std::int64_t width, bool sorted) {
  std::vector<std::int64_t> order = identityMap(count);
  const auto row = [&](std::int64_t i) {
    return std::span(rows + i * width, static_cast<std::size_t>(width));
  };
  const auto before = [&](std::int64_t a, std::int64_t b) {
    return std::ranges::lexicographical_compare(row(a), row(b));
  };
  std::ranges::stable_sort(order, before);
  std::vector<std::vector<std::int64_t>> groups;
  for (const std::int64_t i : order) {
    if (groups.empty() || !std::ranges::equal(row(groups.back()[0]), row(i))) groups.emplace_back();
    groups.back().push_back(i);
  }
  if (!sorted) std::ranges::sort(groups, {}, [](const auto& group) { return group[0]; });
  Distinct result;
  result.inverse.resize(static_cast<std::size_t>(count));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    result.first.push_back(groups[g][0]);
    result.counts.push_back(static_cast<std::int64_t>(groups[g].size()));
    for (const std::int64_t i : groups[g])
      result.inverse[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(g);
  }
  return result;
}

Tensor int64Vector(const std::vector<std::int64_t>& values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

std::vector<Activation> unique(const OpCall& call) {
  const Tensor given = call.input(0);
  const auto* axisAttribute = call.node.find<std::int64_t>("axis");
  const Tensor data = axisAttribute ? given : given.reshaped({given.size()});
  const std::size_t axis = axisAttribute ? axisOf(*axisAttribute, data.rank()) : 0;
  std::vector<std::size_t> permutation{axis};
  for (std::size_t d = 0; d < data.rank(); ++d)
    if (d != axis) permutation.push_back(d);
  const Tensor rows = transposed(data, permutation);
  const std::int64_t count = data.shape()[axis];
  const Distinct found = visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor values = convert(rows, dtypeOf<T>());
    return distinctRows(values.template as<T>().data(), count, count == 0 ? 0 : rows.size() / count,
                        call.node.intOr("sorted", 1) != 0);
  });
  IndexMaps maps = identityMaps(data.shape());
  maps.axes[axis] = found.first;
  std::vector<Activation> outputs = oneOutput(gatherByMaps(data, maps));
  for (const auto* extra : {&found.first, &found.inverse, &found.counts})
    outputs.emplace_back(int64Vector(*extra));
  outputs.resize(call.node.outputs.size());
  return outputs;
}

/// The first length[b] steps of sample b are reversed along time.
template <class Call>
Tensor reversed(const Call& call, const Tensor& data) {
  const auto batch = call.node.intOr("batch_axis", 1), time = call.node.intOr("time_axis", 0);
  if (batch + time != 1 || batch * time != 0) failAttribute("time_axis", "and batch_axis must be 0 and 1");
  if (data.rank() < 2)
    failInput(0, "input", "has rank " + std::to_string(data.rank()) + ", 2 or more expected");
  const std::int64_t samples = data.shape()[static_cast<std::size_t>(batch)],
                     steps = data.shape()[static_cast<std::size_t>(time)];
  const auto lengths = integersOf(call, 1, "sequence_lens");
  if (static_cast<std::int64_t>(lengths.size()) != samples)
    failInput(
        1, "sequence_lens",
        "holds " + std::to_string(lengths.size()) + " values for " + std::to_string(samples) + " samples");
  std::vector<std::int64_t> sources;
  for (std::int64_t a = 0; a < data.shape()[0]; ++a)
    for (std::int64_t b = 0; b < data.shape()[1]; ++b) {
      const std::int64_t t = time == 0 ? a : b;
      const std::int64_t length = lengths[static_cast<std::size_t>(time == 0 ? b : a)];
      if (length < 0 || length > steps)
        failInput(1, "sequence_lens",
                  "holds " + std::to_string(length) + " for " + std::to_string(steps) + " steps");
      const std::int64_t from = t < length ? length - 1 - t : t;
      sources.push_back(time == 0 ? from * samples + b : a * steps + from);
    }
  const std::int64_t inner = product(data.shape(), 2, data.rank());
  const IndexMaps maps{{sources, identityMap(inner)}};
  return gatherByMaps(data.reshaped({samples * steps, inner}), maps).reshaped(data.shape());
}

std::vector<Activation> reverseSequence(const OpCall& call) {
  return oneOutput(reversed(call, call.input(0)));
}

/// Reversing twice gives back what was.
std::vector<Tensor> reverseSequenceBackward(const BackwardCall& call) {
  return flowsTo(call, 0) ? gradientOf(call, 0, reversed(call, call.outputGradients[0])) : noGradients(call);
}

std::vector<Activation> compress(const OpCall& call) {
  const auto* axisAttribute = call.node.find<std::int64_t>("axis");
  const Tensor given = call.input(0);
  const Tensor data = axisAttribute ? given : given.reshaped({given.size()});
  const std::size_t axis = axisAttribute ? axisOf(*axisAttribute, data.rank()) : 0;
  const Tensor condition = convert(call.input(1), DType::Bool);
  const auto flags = condition.as<bool>();
  if (condition.size() > data.shape()[axis])
    failInput(1, "condition", "is longer than the axis of size " + std::to_string(data.shape()[axis]));
  IndexMaps maps = identityMaps(data.shape());
  maps.axes[axis].clear();
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i]) maps.axes[axis].push_back(static_cast<std::int64_t>(i));
  return oneOutput(gatherByMaps(data, maps));
}

constexpr Op indexingSelectRows[] = {
    {"", "OneHot", oneHot},     {"", "Trilu", trilu, triluBackward},
    {"", "Unique", unique},     {"", "ReverseSequence", reverseSequence, reverseSequenceBackward},
    {"", "Compress", compress},
};

}  // namespace

std::span<const Op> selectOps() { return indexingSelectRows; }

}  // namespace lapidary::core
