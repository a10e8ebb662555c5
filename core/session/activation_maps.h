// SPDX-License-Identifier: GPL-3.0-or-later
// Looking into the layers of a session's model.
#pragma once

#include "core/explain/activations/activations.h"
#include "core/session/session.h"

namespace lapidary::core {

/// Of the session's own model. Throws Error(Usage) without data or for a sample that there is not.
ActivationMaps activationMaps(const Session& session, std::size_t sample, LayerId layer);

/// Over all samples of the session's data; `request.workers` of 0 are the session's.
std::vector<TopSample> topActivations(const Session& session, TopRequest request, const Progress& progress);

}  // namespace lapidary::core
