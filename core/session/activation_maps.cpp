// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/activation_maps.h"

#include <algorithm>

#include "core/explain/activations/layer_activations.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

const Dataset& dataOf(const Session& session) {
  if (session.data() == nullptr || session.data()->size() == 0)
    throw Error(ErrorKind::Usage, "activations are those of samples: open data");
  return *session.data();
}

}  // namespace

ActivationMaps activationMaps(const Session& session, std::size_t sample, LayerId layer) {
  const Dataset& data = dataOf(session);
  if (sample >= data.size())
    throw Error(ErrorKind::Usage, "there is no sample " + std::to_string(sample) + ": the data holds " +
                                      std::to_string(data.size()));
  const Executor executor(session.model(), {});
  const std::size_t one[]{sample};
  return activationMaps({session.model(), executor}, data.inputs(one), layer);
}

std::vector<TopSample> topActivations(const Session& session, TopRequest request, const Progress& progress) {
  const Dataset& data = dataOf(session);
  const Executor executor(session.model(), {});
  request.workers = std::max(1u, request.workers > 0 ? request.workers : session.workers());
  return topActivations({session.model(), executor}, data, request, progress);
}

}  // namespace lapidary::core
