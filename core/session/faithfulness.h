// SPDX-License-Identifier: GPL-3.0-or-later
// The methods of explaining that can be trusted on this model and these data.
#pragma once

#include <functional>
#include <string>

#include "core/explain/judge/faithfulness.h"
#include "core/session/session.h"

namespace lapidary::core {

struct MethodFaithfulness {
  SaliencyMethod method = SaliencyMethod::Gradient;
  Faithfulness figures;
  std::string obstacle;  ///< why the method does not fit; the figures then mean nothing
};

/// Of the session's own model, by method in the order given; `onMethod` hears of each as it is done, on the
/// calling thread. `request.workers` of 0 are the session's. Throws Error(Usage) without data,
/// Error(Unsupported) where the model cannot run.
std::vector<MethodFaithfulness> judgeMethods(
    const Session& session, std::span<const SaliencyMethod> methods, FaithfulnessRequest request,
    const Progress& progress, const std::function<void(const MethodFaithfulness&)>& onMethod = {});

}  // namespace lapidary::core
