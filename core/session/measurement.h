// SPDX-License-Identifier: GPL-3.0-or-later
// The measurements that an evaluation makes: their ids, and sets of them.
#pragma once

#include <compare>
#include <set>
#include <string_view>

namespace lapidary::core {

/// Names a row of the table of measurements (core/session/measurements.h).
struct MeasurementId {
  std::string_view name;
  auto operator<=>(const MeasurementId&) const = default;
};

using MeasurementSet = std::set<MeasurementId>;

/// Those that are called by name somewhere; others need none here.
namespace measurement {

inline constexpr MeasurementId size{"size"};
inline constexpr MeasurementId quality{"quality"};
inline constexpr MeasurementId latency{"latency"};    ///< one sample, before and after
inline constexpr MeasurementId forms{"forms"};        ///< the weights packed in every form
inline constexpr MeasurementId saliency{"saliency"};  ///< maps compared (SessionOptions::drift)
inline constexpr MeasurementId attacked{"attacked"};  ///< AttackedAccuracy: a pass forward and back a sample

}  // namespace measurement

/// The measurements that the figures in the window need: all but what takes as long as the quality itself.
MeasurementSet usualMeasurements();

}  // namespace lapidary::core
