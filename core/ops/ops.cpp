// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all operators: the lists of the families, joined once.
#include <map>
#include <utility>

#include "core/model/standard_domain.h"
#include "core/ops/families.h"

namespace lapidary::core {
namespace {

struct Table {
  std::vector<Op> ops;
  std::map<std::pair<std::string_view, std::string_view>, const Op*> byName;
};

Table joined() {
  Table table;
  for (const auto family :
       {convolutionOps(), matrixOps(),      poolOps(),   normalizationOps(), softmaxOps(),
        quantizedOps(),   elementwiseOps(), binaryOps(), reductionOps(),     shapeOps(),
        indexingOps(),    resizeOps(),      signalOps(), visionOps(),        randomOps(),
        lossOps(),        attentionOps(),   fusedOps(),  controlOps(),       recurrentOps()})
    table.ops.insert(table.ops.end(), family.begin(), family.end());
  for (const Op& op : table.ops) table.byName.emplace(std::pair{op.domain, op.type}, &op);
  return table;
}

const Table& table() {
  static const Table instance = joined();
  return instance;
}

}  // namespace

const Op* findOp(std::string_view domain, std::string_view type) {
  if (isStandardDomain(domain)) domain = "";
  const auto found = table().byName.find({domain, type});
  return found == table().byName.end() ? nullptr : found->second;
}

std::span<const Op> allOps() { return table().ops; }

}  // namespace lapidary::core
