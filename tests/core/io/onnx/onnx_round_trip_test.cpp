// SPDX-License-Identifier: GPL-3.0-or-later
// Real ONNX models read, written and read again: the same graph, the same weights, the size foretold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;

void expectEqual(const Tensor& a, const Tensor& b, const std::string& what) {
  EXPECT_EQ(a.dtype(), b.dtype()) << what;
  EXPECT_EQ(a.shape(), b.shape()) << what;
  EXPECT_TRUE(std::ranges::equal(a.bytes(), b.bytes())) << what;
}

void expectEqual(const Graph& a, const Graph& b);

std::string nameAt(const Graph& graph, ValueId id) { return id.valid() ? graph.value(id).name : ""; }

std::vector<std::string> namesOf(const Graph& graph, const std::vector<ValueId>& ids) {
  std::vector<std::string> names;
  for (const ValueId id : ids) names.push_back(nameAt(graph, id));
  return names;
}

void expectEqual(const Attribute& a, const Attribute& b, const std::string& what) {
  ASSERT_EQ(a.index(), b.index()) << what;
  if (const auto* tensor = std::get_if<Tensor>(&a)) return expectEqual(*tensor, std::get<Tensor>(b), what);
  if (const auto* graph = std::get_if<std::shared_ptr<const Graph>>(&a))
    return expectEqual(**graph, *std::get<std::shared_ptr<const Graph>>(b));
  std::visit(
      [&](const auto& left) {
        using T = std::decay_t<decltype(left)>;
        if constexpr (std::is_same_v<T, std::vector<Tensor>> ||
                      std::is_same_v<T, std::vector<std::shared_ptr<const Graph>>> ||
                      std::is_same_v<T, Tensor> || std::is_same_v<T, std::shared_ptr<const Graph>>)
          return;
        else
          EXPECT_EQ(left, std::get<T>(b)) << what;
      },
      a);
}

void expectEqualTypes(const Value& a, const Value& b) {
  EXPECT_EQ(a.dtype, b.dtype) << a.name;
  EXPECT_EQ(a.otherType, b.otherType) << a.name;
  ASSERT_EQ(a.shape.has_value(), b.shape.has_value()) << a.name;
  if (!a.shape) return;
  ASSERT_EQ(a.shape->size(), b.shape->size()) << a.name;
  for (std::size_t i = 0; i < a.shape->size(); ++i) {
    EXPECT_EQ((*a.shape)[i].size, (*b.shape)[i].size) << a.name;
    EXPECT_EQ((*a.shape)[i].symbol, (*b.shape)[i].symbol) << a.name;
  }
}

void expectEqual(const Graph& a, const Graph& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(namesOf(a, a.inputs), namesOf(b, b.inputs));
  EXPECT_EQ(namesOf(a, a.outputs), namesOf(b, b.outputs));
  EXPECT_EQ(a.captured.size(), b.captured.size());
  ASSERT_EQ(a.nodes.size(), b.nodes.size());
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    const Node &left = a.nodes[i], &right = b.nodes[i];
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.opType, right.opType);
    EXPECT_EQ(left.domain, right.domain);
    EXPECT_EQ(namesOf(a, left.inputs), namesOf(b, right.inputs));
    EXPECT_EQ(namesOf(a, left.outputs), namesOf(b, right.outputs));
    ASSERT_EQ(left.attributes.size(), right.attributes.size());
    for (const auto& [key, value] : left.attributes) {
      ASSERT_TRUE(right.attributes.contains(key)) << key;
      expectEqual(value, right.attributes.at(key), left.opType + " " + key);
    }
  }
  for (const Value& value : a.values) {
    const ValueId id = b.findValue(value.name);
    ASSERT_TRUE(id.valid()) << value.name;
    const ValueId here = a.findValue(value.name);
    if (!a.initializers.contains(here)) expectEqualTypes(value, b.value(id));
  }
  ASSERT_EQ(a.initializers.size(), b.initializers.size());
  for (const auto& [id, tensor] : a.initializers)
    expectEqual(tensor, b.initializers.at(b.findValue(a.value(id).name)), a.value(id).name);
}

void expectRoundTrip(const Model& model) {
  const std::string text = written(model);
  EXPECT_EQ(formatForPath("m.onnx")->sizeOf(model), text.size());
  const Model back = readModel(ReadSource{bytesOf(text), "m.onnx", ""});
  expectEqual(*model.graph, *back.graph);
  EXPECT_EQ(back.layers.size(), model.layers.size());
  EXPECT_EQ(back.source.metadata, model.source.metadata);
  EXPECT_EQ(back.source.producer, model.source.producer);
  EXPECT_EQ(back.opset(), model.opset());
  EXPECT_EQ(written(back), text);  // writing is a fixed point
}

std::vector<fs::path> onnxFilesUnder(const fs::path& root) {
  std::vector<fs::path> files;
  if (fs::exists(root))
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.path().extension() == ".onnx") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

TEST(OnnxRoundTrip, DemoModels) {
  const auto files = onnxFilesUnder(fs::path(LAPIDARY_SOURCE_DIR) / "resources/demo");
  EXPECT_EQ(files.size(), 2u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const Model model = readModel(file.string());
    EXPECT_EQ(model.source.fileBytes, fs::file_size(file));
    expectRoundTrip(model);
  }
}

TEST(OnnxRoundTrip, SharedModels) {
  const auto files = onnxFilesUnder(LAPIDARY_ASSETS_DIR);
  if (files.empty()) GTEST_SKIP() << "skipped: no ../shared";
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    expectRoundTrip(readModel(file.string()));
  }
}

TEST(OnnxRoundTrip, EveryModelOfTheOperatorTestsReadsOrSaysWhyNot) {
  const std::vector<fs::path> files = onnxFilesUnder("/usr/share/libonnx-testdata");
  if (files.empty()) GTEST_SKIP() << "skipped: no libonnx-testdata";
  std::size_t read = 0;
  std::map<std::string, int> reasons;
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.parent_path().filename());
    try {
      const Model model = readModel(file.string());
      ++read;
      if (model.runnable()) expectRoundTrip(model);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.kind(), ErrorKind::Unsupported) << message;
      ++reasons[message.substr(message.rfind(": ") + 2)];
    }
  }
  for (const auto& [reason, count] : reasons) std::cout << count << " not read: " << reason << "\n";
  std::cout << read << " of " << files.size() << " read\n";
  EXPECT_GE(read * 100, files.size() * 97);
}

TEST(OnnxRoundTrip, KeepsSubgraphsSymbolsAndHeader) {
  auto proto = smallModel();
  proto.set_producer_name("maker");
  proto.set_producer_version("1.2");
  proto.set_domain("org.example");
  proto.set_model_version(7);
  proto.set_doc_string("notes");
  auto* entry = proto.add_metadata_props();
  entry->set_key("key"), entry->set_value("value");
  auto* custom = proto.add_opset_import();
  custom->set_domain("my.ops"), custom->set_version(2);
  auto& graph = *proto.mutable_graph();
  graph.mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_param("N");
  auto* sequence = graph.add_input();
  sequence->set_name("list");
  sequence->mutable_type()
      ->mutable_sequence_type()
      ->mutable_elem_type()
      ->mutable_tensor_type()
      ->set_elem_type(1);
  auto* branch = addNode(graph, "If", {"x"}, {"z"}, "choice");
  for (const char* side : {"then_branch", "else_branch"}) {
    auto* inner = addAttribute(*branch, side, onnx::AttributeProto::GRAPH)->mutable_g();
    inner->set_name(side);
    addNode(*inner, "MatMul", {"y", std::string(side) + "_w"}, {std::string(side) + "_out"});
    *inner->add_initializer() = floatTensor(std::string(side) + "_w", {2, 1}, {5, 6});
    *inner->add_output() = floatValue(std::string(side) + "_out", {1, 1});
  }
  addNode(graph, "F", {"z"}, {"f"})->set_domain("my.ops");
  const Model model = read(proto);
  expectRoundTrip(model);
  const Model back = reread(model);
  EXPECT_EQ(back.source.producerVersion, "1.2");
  EXPECT_EQ(back.source.domain, "org.example");
  EXPECT_EQ(back.source.modelVersion, 7);
  EXPECT_EQ(back.source.notes, "notes");
  EXPECT_EQ(back.opset("my.ops"), 2);
  const Node& choice = back.graph->nodes[1];
  const auto* inner = choice.find<std::shared_ptr<const Graph>>("then_branch");
  ASSERT_NE(inner, nullptr);
  ASSERT_EQ((*inner)->captured.size(), 2u);
  EXPECT_EQ((*inner)->value((*inner)->captured[0]).name, "y");
  EXPECT_EQ((*inner)->value((*inner)->captured[1]).name, "then_branch_w");
  EXPECT_TRUE((*inner)->initializers.empty());
  EXPECT_TRUE(back.graph->initializers.contains(back.graph->findValue("then_branch_w")));
}

TEST(OnnxRead, SortsNodesAndSeparatesInitialisersFromInputs) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  *graph.add_input() = floatValue("w", {2, 2});  // as before IR version 4
  graph.mutable_node(0)->set_input(0, "late");
  addNode(graph, "Relu", {"x"}, {"late"});
  const Model model = read(proto);
  EXPECT_EQ(model.graph->inputs.size(), 1u);
  EXPECT_EQ(model.graph->nodes[0].opType, "Relu");
  EXPECT_EQ(model.graph->nodes[1].opType, "MatMul");
  EXPECT_EQ(model.graph->value(model.graph->outputs[0]).producer, NodeId{1});
}

TEST(OnnxRead, WarnsOfWhatItDoesNotKnowOrKeep) {
  auto proto = smallModel();
  proto.mutable_opset_import(0)->set_version(27);
  proto.add_training_info();
  addAttribute(*proto.mutable_graph()->mutable_node(0), "t", onnx::AttributeProto::TYPE_PROTO)->mutable_tp();
  const Model model = read(proto);
  std::vector<WarningKind> kinds;
  for (const Warning& warning : model.warnings) kinds.push_back(warning.kind);
  EXPECT_THAT(kinds, ::testing::ElementsAre(WarningKind::DroppedContent, WarningKind::NewerOpset,
                                            WarningKind::DroppedContent));
}

TEST(OnnxRead, RecognisesContentWhateverTheName) {
  const auto bytes = bytesOf(smallModel().SerializeAsString());
  EXPECT_EQ(readModel(ReadSource{bytes, "weights.safetensors", ""}).source.format, "ONNX");
  EXPECT_EQ(readModel(ReadSource{bytes, "no ending", ""}).layers.size(), 1u);
}

}  // namespace
}  // namespace lapidary::core::testing
