// Compiles a hot loop for the vector unit of the processor that runs it, and sums that use it.
#pragma once

#include <cstdint>

/// Compiles a function twice and picks the version that the processor can run when the program is
/// loaded. Thread sanitizer instruments the code that picks, which runs before it is ready.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define LAPIDARY_VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define LAPIDARY_VECTORIZED
#endif

namespace lapidary::core {

// Sums with eight partial sums: quicker than one running sum, and more exact.
float sumOf(const float* x, std::int64_t count);
/// Sum of (x[i] - mean)^2.
float squaresAround(const float* x, std::int64_t count, float mean);
float dotOf(const float* x, const float* y, std::int64_t count);
/// -infinity for no elements. Not-a-number may be passed over.
float maxOf(const float* x, std::int64_t count);

}  // namespace lapidary::core
