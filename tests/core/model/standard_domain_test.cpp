// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX's own operators by both names of their domain.
#include "core/model/standard_domain.h"

#include <gtest/gtest.h>

#include "core/model/model.h"

namespace lapidary::core {
namespace {

TEST(StandardDomain, HasTwoNamesAndNoOther) {
  EXPECT_TRUE(isStandardDomain(""));
  EXPECT_TRUE(isStandardDomain("ai.onnx"));
  EXPECT_FALSE(isStandardDomain("ai.onnx.ml"));
  EXPECT_FALSE(isStandardDomain("com.microsoft"));
}

TEST(StandardDomain, AnOperatorOfAnotherDomainIsNotOnnxsOwn) {
  Node node;
  node.opType = "Conv";
  EXPECT_TRUE(isStandard(node, "Conv"));
  EXPECT_FALSE(isStandard(node, "Gemm"));
  node.domain = "ai.onnx";
  EXPECT_TRUE(isStandard(node, "Conv"));
  node.domain = "com.microsoft";
  EXPECT_FALSE(isStandard(node, "Conv"));
}

TEST(StandardDomain, ItsOpsetIsFoundByEitherName) {
  Model model;
  model.source.opsets = {{"com.microsoft", 1}, {"ai.onnx", 13}};
  EXPECT_EQ(model.opset(), 13);
  EXPECT_EQ(model.opset("ai.onnx"), 13);
  EXPECT_EQ(model.opset("com.microsoft"), 1);
  EXPECT_EQ(model.opset("ai.onnx.ml"), 0);
  model.source.opsets = {{"", 17}};
  EXPECT_EQ(model.opset("ai.onnx"), 17);
}

}  // namespace
}  // namespace lapidary::core
