// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/model/standard_domain.h"

namespace lapidary::core {

std::int64_t Model::opset(const std::string& domain) const {
  const bool standard = isStandardDomain(domain);
  for (const OpsetImport& import : source.opsets)
    if (standard ? isStandardDomain(import.domain) : import.domain == domain) return import.version;
  return 0;
}

std::int64_t Model::parameters() const {
  std::int64_t total = 0;
  for (const auto& [id, tensor] : graph->initializers) total += tensor.size();
  return total;
}

LayerId Model::findLayer(const std::string& layerName) const {
  for (std::uint32_t i = 0; i < layers.size(); ++i)
    if (layers[i].name == layerName) return LayerId{i};
  return {};
}

}  // namespace lapidary::core
