// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/spared_tensors.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(SparedTensors, AreToldByNameAndShape) {
  const auto reason = [](const std::string& tensor, const Shape& shape) {
    return std::string(name(sparedTensor(tensor, shape, DType::Float32)));
  };
  EXPECT_EQ(reason("conv1.weight", {8, 3, 3, 3}), "");
  EXPECT_EQ(reason("fc.weight", {1, 64}), "");  // a layer with one output
  EXPECT_EQ(reason("pos_embed", {1, 197, 64}), "");
  EXPECT_EQ(reason("norm1.linear.weight", {64, 64}), "");
  EXPECT_EQ(reason("conv1.bias", {8}), "bias");
  EXPECT_EQ(reason("attn.relative_position_bias_table", {169, 3}), "bias");
  EXPECT_EQ(reason("bn1.weight", {8}), "norm");
  EXPECT_EQ(reason("model.layers.0.post_attention_layernorm.weight", {64}), "norm");
  EXPECT_EQ(reason("encoder.LayerNorm.weight", {16, 8, 8}), "norm");
  EXPECT_EQ(reason("transformer.h.0.ln_1.weight", {64}), "norm");
  EXPECT_EQ(reason("bn1.running_var", {8}), "statistic");
  EXPECT_EQ(reason("bn/moving_variance:0", {1, 8, 1, 1}), "statistic");
  EXPECT_EQ(reason("proj.weight_scale_inv", {4, 2}), "scale");
  EXPECT_EQ(reason("layer_scale", {64, 1, 1}), "scale");
  EXPECT_EQ(reason("cls_token", {1, 1, 64}), "one-dimensional");
  EXPECT_EQ(reason("conv.weight_g", {8, 1}), "norm");
  EXPECT_EQ(std::string(name(sparedTensor("w", {4, 4}, DType::Float8E8M0))), "scale");
}

}  // namespace
}  // namespace lapidary::core
