// SPDX-License-Identifier: GPL-3.0-or-later
// The words of recipes in JSON, on the command line and in messages: one table for each choice.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

template <class E>
using Word = std::pair<E, std::string_view>;

inline constexpr std::array schemeWords{
    Word<Scheme>{Scheme::None, "none"},           Word<Scheme>{Scheme::Symmetric, "symmetric"},
    Word<Scheme>{Scheme::Affine, "affine"},       Word<Scheme>{Scheme::MinMax, "minmax"},
    Word<Scheme>{Scheme::Binary, "binary"},       Word<Scheme>{Scheme::BitPlane, "bitplane"},
    Word<Scheme>{Scheme::PowerOfTwo, "power2"},   Word<Scheme>{Scheme::Ternary, "ternary"},
    Word<Scheme>{Scheme::NormalFloat, "nf4"},     Word<Scheme>{Scheme::Float8E4M3, "fp8_e4m3"},
    Word<Scheme>{Scheme::Float8E5M2, "fp8_e5m2"}, Word<Scheme>{Scheme::Codebook, "codebook"}};
inline constexpr std::array pruneModeWords{
    Word<PruneMode>{PruneMode::None, "none"},         Word<PruneMode>{PruneMode::Threshold, "threshold"},
    Word<PruneMode>{PruneMode::Sparsity, "sparsity"}, Word<PruneMode>{PruneMode::Global, "global"},
    Word<PruneMode>{PruneMode::Pattern, "pattern"},   Word<PruneMode>{PruneMode::Blocks, "blocks"},
    Word<PruneMode>{PruneMode::Channels, "channels"}, Word<PruneMode>{PruneMode::Heads, "heads"}};
inline constexpr std::array criterionWords{
    Word<Criterion>{Criterion::Magnitude, "l1"}, Word<Criterion>{Criterion::Squares, "l2"},
    Word<Criterion>{Criterion::Taylor, "taylor"}, Word<Criterion>{Criterion::Wanda, "wanda"},
    Word<Criterion>{Criterion::Reconstruct, "sparsegpt"}};
inline constexpr std::array granularityWords{Word<Granularity>{Granularity::Tensor, "tensor"},
                                             Word<Granularity>{Granularity::Channel, "channel"},
                                             Word<Granularity>{Granularity::Group, "group"}};
inline constexpr std::array rangeMethodWords{Word<RangeMethod>{RangeMethod::MinMax, "minmax"},
                                             Word<RangeMethod>{RangeMethod::Percentile, "percentile"},
                                             Word<RangeMethod>{RangeMethod::MeanSquaredError, "mse"},
                                             Word<RangeMethod>{RangeMethod::Entropy, "entropy"}};
inline constexpr std::array roundingWords{Word<Rounding>{Rounding::Nearest, "nearest"},
                                          Word<Rounding>{Rounding::Gptq, "gptq"},
                                          Word<Rounding>{Rounding::Adaptive, "adaround"}};
inline constexpr std::array activationModeWords{Word<ActivationMode>{ActivationMode::None, "none"},
                                                Word<ActivationMode>{ActivationMode::Static, "static"},
                                                Word<ActivationMode>{ActivationMode::Dynamic, "dynamic"}};
inline constexpr std::array lowRankModeWords{Word<LowRankMode>{LowRankMode::None, "none"},
                                             Word<LowRankMode>{LowRankMode::Rank, "rank"},
                                             Word<LowRankMode>{LowRankMode::Energy, "energy"}};

}  // namespace lapidary::core
