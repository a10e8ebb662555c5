// SPDX-License-Identifier: GPL-3.0-or-later
// Activations that are codes of 8 bits, in models by hand, and how far apart two runtimes may round them.
#pragma once

#include "tests/core/run/graph_building.h"

namespace lapidary::tests {

/// How activations become codes: not at all, on a grid that the file holds (of unsigned codes, or of signed
/// ones about 0), or on one of each run's own.
enum class Coded { None, Static, Signed, Dynamic };
std::string nameOf(Coded kind);

struct Activations {
  Coded kind = Coded::None;
  double reach = 1;  ///< of static codes of inputs, from -reach to reach
  double outputReach() const { return 4 * reach; }
};

/// What comes out of a QuantizeLinear (or DynamicQuantizeLinear) and a DequantizeLinear after `value`; the
/// codes of a static grid reach from -`reach` to `reach`. Without codes the value itself.
core::ValueId coded(core::testing::GraphBuilder& builder, core::ValueId value, Coded kind, double reach);

/// The step between two neighbouring codes of what came out of such a pair.
double stepOf(const core::Tensor& values, Coded kind, double reach);

/// How an output that came out of such a pair differs between two runtimes.
struct CodesApart {
  std::size_t flipped = 0;  ///< elements that are one code apart
  double otherwise = 0;     ///< the largest difference of the others from none or one step
};

CodesApart codesApart(const core::Tensor& mine, const core::Tensor& other, double step);

}  // namespace lapidary::tests
