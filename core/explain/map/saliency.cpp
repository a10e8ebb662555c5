// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/saliency.h"

#include "core/support/error.h"
#include "core/support/rank.h"

namespace lapidary::core {

double rankCorrelation(const SaliencyMap& a, const SaliencyMap& b) {
  if (a.values.size() != b.values.size())
    throw Error(ErrorKind::Usage, "maps of different sizes cannot be compared");
  return spearman(a.values, b.values);
}

}  // namespace lapidary::core
