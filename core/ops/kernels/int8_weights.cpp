// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/int8_weights.h"

#include <algorithm>

namespace lapidary::core {
namespace {

constexpr int largestExact = 64;  // 255 * (64 + 64) = 32640

bool saturates() {
#if defined(__x86_64__)
  static const bool without = !__builtin_cpu_supports("avx512vnni");
  return without;
#else
  return true;
#endif
}

}  // namespace

std::vector<Tensor> exactParts(const Tensor& codes) {
  const auto whole = codes.as<std::int8_t>();
  const bool small = std::ranges::all_of(
      whole, [](std::int8_t code) { return code >= -largestExact && code <= largestExact; });
  if (small || !saturates()) return {codes};
  TensorBuilder main(DType::Int8, codes.shape()), rest(DType::Int8, codes.shape());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const int part = std::clamp<int>(whole[i], -largestExact, largestExact);
    main.as<std::int8_t>()[i] = static_cast<std::int8_t>(part);
    rest.as<std::int8_t>()[i] = static_cast<std::int8_t>(whole[i] - part);
  }
  return {std::move(main).build(), std::move(rest).build()};
}

}  // namespace lapidary::core
