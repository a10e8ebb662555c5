// SPDX-License-Identifier: GPL-3.0-or-later
// All that the saliency view shows of one sample, computed off the GUI thread.
#pragma once

#include <QImage>
#include <QStringList>
#include <memory>
#include <vector>

#include "core/session/session.h"
#include "ui/heatmap/map_pyramid.h"
#include "ui/saliency/class_shares.h"

namespace lapidary::ui {

struct SampleExplanation {
  core::ExplainRequest request;
  core::Explanation explanation;
  std::vector<float> difference;                            ///< cut minus original
  std::shared_ptr<const MapPyramid> original, cut, change;  ///< null for one-dimensional input
  double limit = 1, changeLimit = 1;                        ///< largest magnitudes
  bool isSigned = false;
  QImage input;               ///< as the network sees it; null for one-dimensional input
  QStringList tokens;         ///< one-dimensional integer input
  std::vector<float> signal;  ///< one-dimensional real input
  std::vector<ClassShare> before, after;
  std::int64_t truth = -1;
};

/// Throws core::Error where the method does not fit the model, saying why.
std::shared_ptr<const SampleExplanation> explainSample(const core::Session& session,
                                                       const core::Recipe& recipe,
                                                       const core::ExplainRequest& request,
                                                       const core::Progress& progress);

/// The same for two models on the same samples: a teacher, and a student whose session has them as it takes
/// them. Throws core::Error where their maps have different sizes.
std::shared_ptr<const SampleExplanation> explainPair(const core::Session& teacher,
                                                     const core::Session& student,
                                                     const core::ExplainRequest& request,
                                                     const core::Progress& progress);

}  // namespace lapidary::ui
