// SPDX-License-Identifier: GPL-3.0-or-later
// Compiles a hot loop for the vector unit of the processor that runs it.
#pragma once

#include <cstdint>
#include <cstring>

/// Compiles a function twice and picks the version that the processor can run when the program is
/// loaded. Thread sanitizer instruments the code that picks, which runs before it is ready.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define LAPIDARY_VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define LAPIDARY_VECTORIZED
#endif

/// For what such a function calls: only inside it, it is compiled for the same processor.
#define LAPIDARY_INLINE inline __attribute__((always_inline))

namespace lapidary::core {

/// Eight floats. A choice between floats in a plain loop is not vectorised, because the comparison may
/// trap; `a < b ? a : b` of whole vectors is.
using Vector8 [[gnu::vector_size(32)]] = float;

using Integer8 [[gnu::vector_size(32)]] = std::int32_t;
using Byte8 [[gnu::vector_size(8)]] = std::uint8_t;

/// Calls `function(vector, result)` for all elements of `from`, eight at a time, and writes the results to
/// `to`; the last vector is filled up with zeros. `Result` holds eight elements. By reference, because how a
/// vector is passed depends on the processor that a function is compiled for.
template <class Result, class Element, class Function>
LAPIDARY_INLINE void mapVectors(const float* from, Element* to, std::int64_t count, Function&& function) {
  Vector8 vector;
  Result result;
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    std::memcpy(&vector, from + i, sizeof(vector));
    function(vector, result);
    std::memcpy(to + i, &result, sizeof(result));
  }
  if (i == count) return;
  const auto rest = static_cast<std::size_t>(count - i);
  vector = Vector8{};
  std::memcpy(&vector, from + i, rest * sizeof(float));
  function(vector, result);
  std::memcpy(to + i, &result, rest * sizeof(Element));
}

/// Calls `change(vector)` for all elements in the same way.
template <class Change>
LAPIDARY_INLINE void byVectors(float* x, std::int64_t count, Change&& change) {
  mapVectors<Vector8>(x, x, count, [&change](const Vector8& vector, Vector8& result) {
    result = vector;
    change(result);
  });
}

}  // namespace lapidary::core
