// Compiles a hot loop for the vector unit of the processor that runs it, and sums that use it.
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

namespace lapidary::core {

/// Eight floats. A choice between floats in a plain loop is not vectorised, because the comparison may
/// trap; `a < b ? a : b` of whole vectors is.
using Vector8 [[gnu::vector_size(32)]] = float;

/// Calls `change(vector)` for all elements, eight at a time; the last vector is filled up with zeros.
template <class Change>
inline __attribute__((always_inline)) void byVectors(float* x, std::int64_t count, Change&& change) {
  Vector8 vector;
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    std::memcpy(&vector, x + i, sizeof(vector));
    change(vector);
    std::memcpy(x + i, &vector, sizeof(vector));
  }
  if (i == count) return;
  vector = Vector8{};
  std::memcpy(&vector, x + i, static_cast<std::size_t>(count - i) * sizeof(float));
  change(vector);
  std::memcpy(x + i, &vector, static_cast<std::size_t>(count - i) * sizeof(float));
}

// Sums with eight partial sums: quicker than one running sum, and more exact.
float sumOf(const float* x, std::int64_t count);
/// Sum of (x[i] - mean)^2.
float squaresAround(const float* x, std::int64_t count, float mean);
float dotOf(const float* x, const float* y, std::int64_t count);
/// -infinity for no elements. Not-a-number may be passed over.
float maxOf(const float* x, std::int64_t count);

}  // namespace lapidary::core
