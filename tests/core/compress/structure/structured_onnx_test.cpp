// SPDX-License-Identifier: GPL-3.0-or-later
// Files of models without some of their channels: libonnx's checker and shape inference accept them.
#include <gmock/gmock.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <filesystem>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"

namespace lapidary::core::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

onnx::ModelProto written(const Model& model) {
  std::string bytes;
  formatForPath("model.onnx")
      ->write(model,
              [&](std::span<const std::byte> part) {
                bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
              },
              {});
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(bytes));
  return proto;
}

/// Throws where the format's own library finds a contradiction, in shapes too.
void requireSound(onnx::ModelProto proto) {
  onnx::checker::check_model(proto);
  onnx::shape_inference::InferShapes(proto, onnx::OpSchemaRegistry::Instance(), {true, 1, true});
  onnx::checker::check_model(proto);
}

class StructuredFile : public ::testing::TestWithParam<const char*> {};

TEST_P(StructuredFile, IsAcceptedByTheFormatsOwnLibrary) {
  const std::string path = std::string(LAPIDARY_ASSETS_DIR) + "/" + GetParam();
  if (!fs::exists(path)) GTEST_SKIP() << "skipped: no ../shared";
  const Cutter cutter(readModel(path));
  const Model& model = cutter.original();
  Recipe channels, ranks;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const ChannelGroup group = cutter.channelGroup(LayerId{i});
    const PruneMode mode = group.heads ? PruneMode::Heads : PruneMode::Channels;
    if (group.removable > 0) channels.set(model.layers[i].name, {{mode, 0.5}, {}, {}, {}});
    const std::string& op = model.layers[i].opType;
    if (op == "Conv" || op == "Gemm" || op == "MatMul")
      ranks.set(model.layers[i].name, {{}, {}, {}, {LowRankMode::Energy, 0.6}});
  }
  requireSound(written(model));
  const std::size_t whole = written(model).ByteSizeLong();
  for (const Recipe& recipe : {channels, ranks}) {
    const Model cut = cutter.apply(recipe);
    EXPECT_NE(cut.graph, model.graph);
    EXPECT_NO_THROW(requireSound(written(cut)));
    EXPECT_LT(written(cut).ByteSizeLong(), 0.9 * static_cast<double>(whole));
    EXPECT_EQ(written(cut).ByteSizeLong(), formatForPath("model.onnx")->sizeOf(cut));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, StructuredFile,
                         ::testing::Values("resnet/resnet20_cifar10.onnx",
                                           "resnet/resnet20_cifar10_nofold_bn.onnx", "sms/sms_bert.onnx",
                                           "digits-audio/fsdd_cnn.onnx"));

}  // namespace
}  // namespace lapidary::core::test
