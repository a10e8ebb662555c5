// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/channel_block_choice.h"

namespace lapidary::core {

#if defined(__x86_64__)

bool blocksOfEight() {
  static const bool eight = !__builtin_cpu_supports("avx512f") || __builtin_cpu_is("amd");
  return eight;
}

bool mustAskForBlocksOfEight() {
  static const bool must = blocksOfEight() && __builtin_cpu_supports("avx512f");
  return must;
}

#else

bool blocksOfEight() { return false; }
bool mustAskForBlocksOfEight() { return false; }

#endif

}  // namespace lapidary::core
