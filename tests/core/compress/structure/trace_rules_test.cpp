// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator says how channels pass through it, or why they stay.
#include "core/compress/structure/trace_rules.h"

#include <gtest/gtest.h>

#include <set>

#include "core/ops/op.h"

namespace lapidary::core::test {
namespace {

using OpName = std::pair<std::string_view, std::string_view>;

template <class Rows>
std::multiset<OpName> namesIn(const Rows& rows) {
  std::multiset<OpName> names;
  for (const auto& row : rows) names.insert({row.domain, row.type});
  return names;
}

TEST(TraceRules, EveryOperatorHasARuleOrAReasonToPin) {
  const auto traced = namesIn(traceRows()), pinned = namesIn(pinRows());
  for (const Op& op : allOps())
    EXPECT_EQ(traced.count({op.domain, op.type}) + pinned.count({op.domain, op.type}), 1u)
        << op.domain << "::" << op.type
        << " needs one row in trace_rules.cpp, or in trace_pins.cpp with the reason";
}

TEST(TraceRules, EveryRowIsOfAnOperator) {
  for (const auto& names : {namesIn(traceRows()), namesIn(pinRows())})
    for (const auto& [domain, type] : names)
      EXPECT_NE(findOp(domain, type), nullptr) << domain << "::" << type << " is no operator";
}

TEST(TraceRules, BelongToTheirDomain) {
  EXPECT_NE(traceRuleFor("ai.onnx", "Relu"), nullptr);
  EXPECT_NE(traceRuleFor("com.microsoft", "FastGelu"), nullptr);
  EXPECT_EQ(traceRuleFor("com.microsoft", "Relu"), nullptr);
  EXPECT_EQ(traceRuleFor("", "FastGelu"), nullptr);
}

TEST(TraceRules, SayWhyChannelsStay) {
  for (const PinRow& row : pinRows()) EXPECT_FALSE(row.why.empty()) << row.type;
  EXPECT_EQ(whyPinned("ai.onnx", "Det"), "needs whole matrices");
  EXPECT_EQ(whyPinned("", "Softmax"), "needs all of them");
  EXPECT_EQ(whyPinned("my.domain", "Relu"), "this program does not know");
}

}  // namespace
}  // namespace lapidary::core::test
