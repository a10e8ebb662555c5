// SPDX-License-Identifier: GPL-3.0-or-later
// External data behind links: caches of downloads keep model and data in one folder of another place.
#include <gmock/gmock.h>
#include <onnx/onnx_pb.h>

#include <filesystem>

#include "core/io/common/format.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string modelWithData() {
  onnx::ModelProto proto;
  proto.set_ir_version(8);
  proto.add_opset_import()->set_version(17);
  auto& graph = *proto.mutable_graph();
  graph.set_name("g");
  auto& weight = *graph.add_initializer();
  weight.set_name("w");
  weight.set_data_type(onnx::TensorProto::FLOAT);
  weight.add_dims(2);
  weight.add_dims(2);
  weight.set_data_location(onnx::TensorProto::EXTERNAL);
  auto& entry = *weight.add_external_data();
  entry.set_key("location");
  entry.set_value("model.onnx_data");
  auto& node = *graph.add_node();
  node.set_op_type("MatMul");
  node.add_input("x");
  node.add_input("w");
  node.add_output("y");
  for (const auto& [port, name] : {std::pair(graph.add_input(), "x"), std::pair(graph.add_output(), "y")}) {
    port->set_name(name);
    auto& type = *port->mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_value(1);
    type.mutable_shape()->add_dim()->set_dim_value(2);
  }
  return proto.SerializeAsString();
}

class ExternalLinks : public ::testing::Test {
 protected:
  void SetUp() override {
    m_folder.write("cache/blobs/aa", modelWithData());
    m_folder.write("cache/blobs/bb", std::string(16, '\0'));
    fs::create_directories(snapshot);
    fs::create_symlink("../../../blobs/aa", snapshot / "model.onnx");
  }
  std::string opened() const {
    return messageOf([&] { EXPECT_EQ(readModel((snapshot / "model.onnx").string()).parameters(), 4); });
  }
  TemporaryFolder m_folder;
  const fs::path snapshot = m_folder.path("cache/snapshots/1/onnx");
};

TEST_F(ExternalLinks, AreFollowedIntoTheFolderOfTheModelItself) {
  fs::create_symlink("../../../blobs/bb", snapshot / "model.onnx_data");
  EXPECT_EQ(opened(), "no error");
  m_folder.write("plain/model.onnx", modelWithData());
  m_folder.write("plain/model.onnx_data", std::string(16, '\0'));
  EXPECT_EQ(readModel(m_folder.path("plain/model.onnx")).parameters(), 4);
}

TEST_F(ExternalLinks, ToForeignPlacesAreRefused) {
  const std::string outside = m_folder.write("secret", std::string(16, '\0'));
  fs::create_symlink(outside, snapshot / "model.onnx_data");
  EXPECT_THAT(opened(), HasSubstr("a link out of the model's folder is not followed"));
  fs::remove(snapshot / "model.onnx_data");
  m_folder.write("cache/blobs/deeper/cc", std::string(16, '\0'));
  fs::create_symlink("../../../blobs/deeper/cc", snapshot / "model.onnx_data");
  EXPECT_THAT(opened(), HasSubstr("a link out of the model's folder is not followed"));
}

TEST_F(ExternalLinks, OfAModelThatIsNoneItselfStayInItsFolder) {
  fs::remove(snapshot / "model.onnx");
  fs::copy_file(m_folder.path("cache/blobs/aa"), snapshot / "model.onnx");
  fs::create_symlink("../../../blobs/bb", snapshot / "model.onnx_data");
  EXPECT_THAT(opened(), HasSubstr("a link out of the model's folder is not followed"));
}

TEST_F(ExternalLinks, ThatBecameTextAreNamed) {
  m_folder.write("cache/snapshots/1/onnx/model.onnx_data", "../../../blobs/bb");
  EXPECT_THAT(opened(),
              HasSubstr("external data 'model.onnx_data': it holds nothing but the text of a link"));
}

}  // namespace
}  // namespace lapidary::core::testing
