// The bundle with more in it, for those who ask.
#pragma once

#include "core/robust/robustness.h"
#include "core/session/session.h"

namespace lapidary::core {

/// Nothing of it is in a bundle by itself. Figures are of the model as it is read back from the bundle.
struct BundleExtras {
  bool samples =
      false;  ///< copies of the samples behind the heatmaps (see bundle_samples.h), which it then says
  std::optional<RobustnessRequest> attacks;     ///< accuracy against their strength, of original and cut
  std::optional<double> detectorOfFalseAlarms;  ///< a detector of tampered inputs, judged under usual attacks

  bool any() const { return samples || attacks || detectorOfFalseAlarms; }
};

/// Samples that a detector in a bundle is fitted to and judged on, together.
inline constexpr std::size_t detectorSamples = 1000;

/// Writes the bundle as Session::save does, with the extras. Throws as that does, Error(Usage) where the path
/// does not end in .zip or there are no pictures for `samples`, and Error(Unsupported) where the model cannot
/// be attacked: before anything is written.
SavedFile saveBundle(const Session& session, const Recipe& recipe, const std::string& path,
                     const BundleExtras& extras, const Progress& progress);

}  // namespace lapidary::core
