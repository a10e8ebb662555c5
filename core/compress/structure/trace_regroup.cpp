// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/trace_regroup.h"

#include "core/compress/structure/traced_value.h"

namespace lapidary::core {
namespace {

/// The shortest run from the front (step 1) or the back (step -1) with equal products; false where a size is
/// not known or one side ends before the products meet.
bool nextRun(std::span<const std::int64_t> in, std::span<const std::int64_t> out, bool back,
             std::size_t& taken, std::size_t& made) {
  std::int64_t left = 1, right = 1;
  taken = made = 0;
  do {
    const bool fromIn = made > 0 && left < right, first = taken == 0;
    const auto& side = fromIn || first ? in : out;
    std::size_t& count = fromIn || first ? taken : made;
    if (count >= side.size()) return false;
    const std::int64_t size = side[back ? side.size() - 1 - count : count];
    if (size < 1) return false;
    std::int64_t& product = fromIn || first ? left : right;
    product = sizeProduct(product, size);
    ++count;
    if (product < 0) return false;
  } while (made == 0 || left != right);
  return true;
}

}  // namespace

Regrouping regroup(std::span<const std::int64_t> in, std::span<const std::int64_t> out) {
  Regrouping result;
  AxisRun& rest = result.rest;
  rest = {0, in.size(), 0, out.size()};
  std::size_t taken = 0, made = 0;
  const auto left = [&](std::span<const std::int64_t> all, std::size_t begin, std::size_t end) {
    return all.subspan(begin, end - begin);
  };
  while (
      nextRun(left(in, rest.inBegin, rest.inEnd), left(out, rest.outBegin, rest.outEnd), true, taken, made)) {
    result.runs.push_back({rest.inEnd - taken, rest.inEnd, rest.outEnd - made, rest.outEnd});
    rest.inEnd -= taken;
    rest.outEnd -= made;
  }
  while (rest.inBegin < rest.inEnd && rest.outBegin < rest.outEnd) {
    const bool unknown = in[rest.inBegin] < 0 && out[rest.outBegin] < 0;
    if (unknown)
      taken = made = 1;
    else if (!nextRun(left(in, rest.inBegin, rest.inEnd), left(out, rest.outBegin, rest.outEnd), false, taken,
                      made))
      break;
    result.runs.push_back({rest.inBegin, rest.inBegin + taken, rest.outBegin, rest.outBegin + made});
    rest.inBegin += taken;
    rest.outBegin += made;
  }
  return result;
}

}  // namespace lapidary::core
