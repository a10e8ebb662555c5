// SPDX-License-Identifier: GPL-3.0-or-later
// Times every step of two models that share a graph.
#pragma once

#include <vector>

#include "core/analyze/speed/model_profile.h"
#include "core/run/executor.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct ProfiledModels {
  Runnable original, cut;
  const std::vector<Tensor>& inputs;  ///< one batch
};

/// Original and cut in turn, 5 runs of each at least, more for up to half a second; each timed run
/// follows one that is not. Reports 100 units of progress. `samples` is left to the caller.
ModelProfile profileOf(const ProfiledModels& models, const ProfileRequest& request, const Progress& progress);

}  // namespace lapidary::core
