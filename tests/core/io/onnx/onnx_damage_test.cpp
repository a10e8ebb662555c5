// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged ONNX files and the exact message that each gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/core/io/onnx/onnx_builder.h"
#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;
using Proto = onnx::ModelProto;

struct Damage {
  std::string name;
  std::string message;
  std::function<void(Proto&)> damage;
};

onnx::TensorProto& weight(Proto& model) { return *model.mutable_graph()->mutable_initializer(0); }
onnx::NodeProto& node(Proto& model) { return *model.mutable_graph()->mutable_node(0); }

void makeExternal(Proto& model, const std::string& location, const std::string& offset = "",
                  const std::string& length = "") {
  auto& tensor = weight(model);
  tensor.clear_raw_data();
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  const auto add = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    auto* entry = tensor.add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  };
  add("location", location), add("offset", offset), add("length", length);
}

void nest(Proto& model, int depth) {
  onnx::GraphProto* graph = model.mutable_graph();
  for (int i = 0; i < depth; ++i) {
    auto* branch = addNode(*graph, "If", {}, {"deep" + std::to_string(i)});
    graph = addAttribute(*branch, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  }
}

void makeSparse(Proto& model, std::int64_t size, std::vector<std::int64_t> indices) {
  auto& sparse = *model.mutable_graph()->add_sparse_initializer();
  *sparse.mutable_values() =
      floatTensor("s", {static_cast<std::int64_t>(indices.size())}, std::vector<float>(indices.size(), 1.0f));
  sparse.mutable_indices()->set_data_type(onnx::TensorProto::INT64);
  sparse.mutable_indices()->add_dims(static_cast<std::int64_t>(indices.size()));
  for (const auto index : indices) sparse.mutable_indices()->add_int64_data(index);
  sparse.add_dims(size);
}

const std::vector<Damage>& damages() {
  static const std::vector<Damage> rows{
      {"no_graph", "the file holds no graph", [](Proto& m) { m.clear_graph(); }},
      {"raw_too_short", "initialiser 'w': float32 tensor of shape 2x2 has 12 bytes, 16 expected",
       [](Proto& m) { weight(m).mutable_raw_data()->resize(12); }},
      {"raw_too_long", "initialiser 'w': float32 tensor of shape 2x2 has 20 bytes, 16 expected",
       [](Proto& m) { weight(m).mutable_raw_data()->resize(20); }},
      {"typed_too_short", "initialiser 'w': float_data has 1 values, 4 expected for shape 2x2",
       [](Proto& m) { weight(m).clear_raw_data(), weight(m).add_float_data(1); }},
      {"no_values", "initialiser 'w': float_data has 0 values, 4 expected for shape 2x2",
       [](Proto& m) { weight(m).clear_raw_data(); }},
      {"negative_dimension", "initialiser 'w': shape -2x2 has a negative dimension",
       [](Proto& m) { weight(m).set_dims(0, -2); }},
      {"absurd_shape",
       "initialiser 'w': float32 tensor of shape 1099511627776x2 has 16 bytes, 8796093022208 expected",
       [](Proto& m) { weight(m).set_dims(0, std::int64_t{1} << 40); }},
      {"overflowing_shape",
       "initialiser 'w': shape 4611686018427387904x4611686018427387904 holds more elements than can be "
       "counted",
       [](Proto& m) {
         weight(m).set_dims(0, std::int64_t{1} << 62), weight(m).set_dims(1, std::int64_t{1} << 62);
       }},
      {"no_element_type", "initialiser 'w': has no element type",
       [](Proto& m) { weight(m).set_data_type(0); }},
      {"text_tensor", "initialiser 'w': has 0 values or bytes, 4 expected for its shape",
       [](Proto& m) { weight(m).set_data_type(8); }},
      {"float8_tensor", "initialiser 'w': float8_e4m3fn tensor of shape 2x2 has 16 bytes, 4 expected",
       [](Proto& m) { weight(m).set_data_type(17); }},
      {"unknown_element_type", "initialiser 'w': elements of type element type 99 are not supported",
       [](Proto& m) { weight(m).set_data_type(99); }},
      {"segment", "initialiser 'w': a tensor stored in segments is not supported",
       [](Proto& m) { weight(m).mutable_segment()->set_begin(0); }},
      {"nameless_initialiser", "an initialiser has no name", [](Proto& m) { weight(m).clear_name(); }},
      {"initialiser_twice", "initialiser 'w': value 'w' is defined more than once",
       [](Proto& m) { *m.mutable_graph()->add_initializer() = weight(m); }},
      {"undefined_input", "node 0 'product' (MatMul): input 'nowhere' is not defined",
       [](Proto& m) { node(m).set_input(1, "nowhere"); }},
      {"undefined_output", "graph output 'z' is not defined",
       [](Proto& m) { m.mutable_graph()->mutable_output(0)->set_name("z"); }},
      {"output_twice", "node 1 (Relu): value 'y' is defined more than once",
       [](Proto& m) { addNode(*m.mutable_graph(), "Relu", {"x"}, {"y"}); }},
      {"output_is_input", "node 1 (Relu): value 'x' is defined more than once",
       [](Proto& m) { addNode(*m.mutable_graph(), "Relu", {"y"}, {"x"}); }},
      {"input_twice", "graph input 'x' is defined more than once",
       [](Proto& m) { *m.mutable_graph()->add_input() = m.graph().input(0); }},
      {"cycle", "the graph has a cycle through node 1 'a' (Relu), node 2 'b' (Relu)",
       [](Proto& m) {
         addNode(*m.mutable_graph(), "Relu", {"q"}, {"p"}, "a");
         addNode(*m.mutable_graph(), "Relu", {"p"}, {"q"}, "b");
       }},
      {"self_cycle", "the graph has a cycle through node 1 'a' (Relu)",
       [](Proto& m) { addNode(*m.mutable_graph(), "Relu", {"p"}, {"p"}, "a"); }},
      {"no_operator", "node 0 'product' (): has no operator", [](Proto& m) { node(m).clear_op_type(); }},
      {"node_name_not_utf8", "node 0 (MatMul): its name is not UTF-8 text",
       [](Proto& m) { node(m).set_name("\xff"); }},
      {"value_name_not_utf8", "the name of an initialiser is not UTF-8 text",
       [](Proto& m) { weight(m).set_name("w\xc0\xaf"); }},
      {"producer_not_utf8", "the producer's name is not UTF-8 text",
       [](Proto& m) { m.set_producer_name("\xed\xa0\x80"); }},
      {"attribute_twice", "node 0 'product' (MatMul): attribute 'a': is given more than once",
       [](Proto& m) {
         addAttribute(node(m), "a", onnx::AttributeProto::INT)->set_i(1);
         addAttribute(node(m), "a", onnx::AttributeProto::INT)->set_i(2);
       }},
      {"attribute_untyped", "node 0 'product' (MatMul): attribute 'a': has no type and no value",
       [](Proto& m) { node(m).add_attribute()->set_name("a"); }},
      {"attribute_nameless", "node 0 'product' (MatMul): an attribute has no name",
       [](Proto& m) { addAttribute(node(m), "", onnx::AttributeProto::INT); }},
      {"attribute_tensor",
       "node 0 'product' (MatMul): attribute 'a': float32 tensor of shape 5 has 4 bytes, 20 expected",
       [](Proto& m) {
         *addAttribute(node(m), "a", onnx::AttributeProto::TENSOR)->mutable_t() = floatTensor("", {5}, {1});
       }},
      {"subgraph_undefined",
       "node 1 (If): attribute 'then_branch': node 0 (Relu): input 'nowhere' is not defined",
       [](Proto& m) {
         auto* branch = addNode(*m.mutable_graph(), "If", {"x"}, {"z"});
         auto* graph = addAttribute(*branch, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
         addNode(*graph, "Relu", {"nowhere"}, {"r"});
       }},
      {"sparse_outside", "initialiser 's': sparse index 9 lies outside 4",
       [](Proto& m) {
         makeSparse(m, 4, {1, 9});
       }},
      {"sparse_negative", "initialiser 's': sparse index -1 lies outside 4",
       [](Proto& m) { makeSparse(m, 4, {-1}); }},
      {"sparse_huge", "initialiser 's': a sparse tensor of shape 1099511627776 is too large to be made dense",
       [](Proto& m) { makeSparse(m, std::int64_t{1} << 40, {1}); }},
      {"external_absolute", "initialiser 'w': external data '/etc/passwd': an absolute path is not followed",
       [](Proto& m) { makeExternal(m, "/etc/passwd"); }},
      {"external_parent",
       "initialiser 'w': external data 'a/../../secret': a path out of the model's folder is not followed",
       [](Proto& m) { makeExternal(m, "a/../../secret"); }},
      {"external_link",
       "initialiser 'w': external data 'link': a link out of the model's folder is not followed",
       [](Proto& m) { makeExternal(m, "link"); }},
      {"external_missing", "initialiser 'w': external data 'none': No such file or directory",
       [](Proto& m) { makeExternal(m, "none"); }},
      {"external_folder", "initialiser 'w': external data 'folder': is not a regular file",
       [](Proto& m) { makeExternal(m, "folder"); }},
      {"external_beyond",
       "initialiser 'w': external data 'data': 16 bytes at offset 90 lie beyond its end at 100",
       [](Proto& m) { makeExternal(m, "data", "90", "16"); }},
      {"external_huge_offset",
       "initialiser 'w': external data 'data': 16 bytes at offset 18446744073709551615 lie beyond its end at "
       "100",
       [](Proto& m) { makeExternal(m, "data", "18446744073709551615"); }},
      {"external_bad_number", "initialiser 'w': external data: offset is '-4', a number of bytes expected",
       [](Proto& m) { makeExternal(m, "data", "-4"); }},
      {"external_wrong_length", "initialiser 'w': float32 tensor of shape 2x2 has 8 bytes, 16 expected",
       [](Proto& m) { makeExternal(m, "data", "0", "8"); }},
      {"external_no_location", "initialiser 'w': external data: no location is given",
       [](Proto& m) { makeExternal(m, ""); }},
  };
  return rows;
}

std::string refusalOf(const ReadSource& source) {
  return messageOf([&] { readModel(source); });
}

class OnnxDamage : public ::testing::Test {
 protected:
  void SetUp() override {
    m_root = fs::path(::testing::TempDir()) / ("onnx_damage_" + std::to_string(::getpid()));
    fs::create_directories(m_root / "model/folder");
    std::ofstream(m_root / "secret") << "secret";
    std::ofstream(m_root / "model/data") << std::string(100, 'x');
    fs::create_symlink("../secret", m_root / "model/link");
  }
  void TearDown() override { fs::remove_all(m_root); }
  fs::path m_root;
};

TEST_F(OnnxDamage, EachGivesItsMessage) {
  for (const Damage& row : damages()) {
    Proto model = smallModel();
    row.damage(model);
    EXPECT_EQ(refusalOf({bytesOf(model.SerializeAsString()), "m.onnx", (m_root / "model").string()}),
              "m.onnx: " + row.message)
        << row.name;
  }
}

TEST_F(OnnxDamage, UndamagedModelReads) {
  EXPECT_EQ(refusalOf({bytesOf(smallModel().SerializeAsString()), "m.onnx", ""}), "no error");
}

TEST_F(OnnxDamage, NestingHasALimit) {
  Proto model = smallModel();
  nest(model, 17);
  EXPECT_THAT(refusalOf({bytesOf(model.SerializeAsString()), "m.onnx", ""}),
              ::testing::EndsWith(": subgraphs are nested more than 16 deep"));
  Proto deep = smallModel();
  nest(deep, 2000);
  EXPECT_EQ(refusalOf({bytesOf(deep.SerializeAsString()), "m.onnx", ""}),
            "m.onnx: the file is damaged: its " + std::to_string(deep.ByteSizeLong()) +
                " bytes are not the protobuf message of an ONNX model");
}

TEST_F(OnnxDamage, EveryPrefixAndEveryFlippedByteIsAnErrorOrAModel) {
  const std::string whole = smallModel().SerializeAsString();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NE(refusalOf({bytesOf(whole.substr(0, i) + ""), "m.onnx", ""}), "") << i;
    for (const int flip : {1, 0x80, 0xff}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      EXPECT_NE(refusalOf({bytesOf(changed), "m.onnx", ""}), "") << i;
    }
  }
}

TEST_F(OnnxDamage, TruncatedFileSaysWhere) {
  std::string whole = smallModel().SerializeAsString();
  whole.resize(whole.size() - 40);
  const std::string message = refusalOf({bytesOf(whole), "m.onnx", ""});
  EXPECT_EQ(message, "m.onnx: the file is cut short: the field at byte 2 takes 106 bytes, 70 are left of 74");
}

TEST_F(OnnxDamage, OtherContentIsNotAModel) {
  EXPECT_EQ(refusalOf({bytesOf("hello, world"), "m.onnx", ""}),
            "m.onnx: not an ONNX file: no field of a model at byte 0 of 12");
  EXPECT_EQ(refusalOf({bytesOf("hello, world"), "m.txt", ""}),
            "m.txt: not a model in a known format (.onnx .lapidary .safetensors .npz .npy .index.json .pt "
            ".pth .th .jit "
            ".bin .ckpt)");
  EXPECT_EQ(refusalOf({bytesOf("PK\x03\x04 some other zip archive, not of arrays"), "m.zip", ""}),
            "m.zip: not a model in a known format (.onnx .lapidary .safetensors .npz .npy .index.json .pt "
            ".pth .th .jit "
            ".bin .ckpt)");
}

TEST_F(OnnxDamage, ExternalDataNeedAFolder) {
  Proto model = smallModel();
  makeExternal(model, "data");
  EXPECT_EQ(refusalOf({bytesOf(model.SerializeAsString()), "m.onnx", ""}),
            "m.onnx: initialiser 'w': external data 'data': a model without a folder cannot have any");
}

TEST_F(OnnxDamage, MissingFilesAreNamed) {
  const auto message = [](const fs::path& path) {
    try {
      readModel(path.string());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("/nonexistent/m.onnx"), "/nonexistent/m.onnx: No such file or directory");
  EXPECT_EQ(message(m_root), m_root.string() + ": is a folder, a file expected");
  std::ofstream(m_root / "empty.onnx");
  EXPECT_EQ(message(m_root / "empty.onnx"), (m_root / "empty.onnx").string() + ": the file is empty");
}

}  // namespace
}  // namespace lapidary::core::testing
