// How the elements of a weight fall into channels, and a walk over them that compilers can vectorise.
#pragma once

#include <cstddef>
#include <type_traits>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Element (o, c, i) of a weight stands at (o * channels + c) * inner + i.
struct Channels {
  std::size_t outer = 1, count = 1, inner = 1;

  static Channels along(const Shape& shape, int axis) {
    Channels channels;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      const auto size = static_cast<std::size_t>(shape[d]);
      const auto at = static_cast<std::size_t>(axis);
      (d < at ? channels.outer : d == at ? channels.count : channels.inner) *= size;
    }
    return channels;
  }
  static Channels single(std::size_t elements) { return {1, 1, elements}; }

  /// Calls run(begin, length, channel, perElement) for runs of contiguous elements: one channel each
  /// (perElement false), or, where neighbours lie in neighbouring channels, element i of the run in
  /// channel i (perElement true, a compile-time constant like false).
  template <class Run>
  void forEachRun(Run&& run) const {
    if (inner == 1 && count > 1) {
      for (std::size_t o = 0; o < outer; ++o) run(o * count, count, std::size_t{0}, std::true_type{});
      return;
    }
    for (std::size_t o = 0; o < outer; ++o)
      for (std::size_t c = 0; c < count; ++c) run((o * count + c) * inner, inner, c, std::false_type{});
  }
};

}  // namespace lapidary::core
