// SPDX-License-Identifier: GPL-3.0-or-later
// A measured number, and what it is called wherever it is written.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/support/interval.h"

namespace lapidary::core {

/// The unit that the number counts.
enum class FigureUnit {
  None,     ///< several numbers, each with its own
  Share,    ///< from 0 to 1, written in per cent
  Seconds,  ///< written in milliseconds
  Bytes,
  Similarity,  ///< from -1 to 1, written as it is
};

/// Of one row of the table of measurements; lives as long as the program.
struct FigureWords {
  std::string_view key;    ///< in JSON; the ends of an interval are KEY_low and KEY_high
  std::string_view title;  ///< for people, in English
  FigureUnit unit = FigureUnit::None;
};

/// A figure that its words, a number and an interval say all of.
struct Figure {
  const FigureWords* words = nullptr;
  double value = 0;
  Interval interval;  ///< 95 %
  std::size_t samples = 0;
};

/// The words of figures that have a type of their own, for what writes them and for their rows.
namespace words {

inline constexpr FigureWords size{"bytes", "Size on disk", FigureUnit::Bytes};
inline constexpr FigureWords quality{"quality", "Quality"};
inline constexpr FigureWords latency{"latency", "Latency, 1 sample", FigureUnit::Seconds};
inline constexpr FigureWords forms{"sizes", "Bytes in every form", FigureUnit::Bytes};
inline constexpr FigureWords reliability{"reliability", "Reliability"};
inline constexpr FigureWords saliency{"saliency_kept", "Saliency kept", FigureUnit::Similarity};
inline constexpr FigureWords attacked{"attacked", "Accuracy under attack, FGSM", FigureUnit::Share};

}  // namespace words

}  // namespace lapidary::core
