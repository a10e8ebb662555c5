// SPDX-License-Identifier: GPL-3.0-or-later
// Models in several files, caches of links, and files that stand where others should.
#include "core/io/shards/shard_index.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/core/io/torch/torch_builder.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string shardOf(const std::string& tensor, float first) {
  const std::string json = R"({"__metadata__":{"format":"pt"},")" + tensor +
                           R"(":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  std::string text;
  for (int i = 0; i < 8; ++i) text += static_cast<char>(json.size() >> (8 * i));
  return text + json + torch::bytesOf({first, 2});
}

class Shards : public ::testing::Test {
 protected:
  std::string index(const std::string& first = "model-00001-of-00002.safetensors",
                    const std::string& second = "model-00002-of-00002.safetensors") const {
    return m_folder.write("model.safetensors.index.json",
                          R"({"metadata":{"total_size":16},"weight_map":{"a.weight":")" + first +
                              R"(","b.weight":")" + second + R"("}})");
  }
  std::string refusal(const std::string& path) const {
    return m_folder.withoutPath(messageOf([&] { readModel(path); }));
  }
  TemporaryFolder m_folder;
};

TEST_F(Shards, OpenAsOneModel) {
  m_folder.write("model-00001-of-00002.safetensors", shardOf("a.weight", 1));
  m_folder.write("model-00002-of-00002.safetensors", shardOf("b.weight", 5));
  const Model model = readModel(index());
  EXPECT_EQ(model.parameters(), 4);
  EXPECT_EQ(model.layers[1].name, "b.weight");
  EXPECT_EQ(layerWeight(model, model.layers[1]).as<float>()[0], 5);
  EXPECT_EQ(model.source.format, "safetensors");
  EXPECT_EQ(model.source.metadata.at("format"), "pt");
  EXPECT_EQ(model.source.fileBytes, 2 * shardOf("a.weight", 1).size());
}

TEST_F(Shards, OfPyTorchToo) {
  const auto pickled = [&](const char* name) {
    return torch::checkpoint(torch::dictionary({{name, torch::tensor("0", {2, {1, 2}})}}),
                             {{"0", torch::bytesOf({3, 4})}});
  };
  m_folder.write("pytorch_model-00001-of-00002.bin", pickled("a.weight"));
  m_folder.write("pytorch_model-00002-of-00002.bin", pickled("b.weight"));
  const Model model =
      readModel(index("pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"));
  EXPECT_EQ(model.parameters(), 4);
  EXPECT_EQ(model.source.format, "PyTorch");
}

TEST_F(Shards, ThatAreMissingAreNamed) {
  m_folder.write("model-00001-of-00002.safetensors", shardOf("a.weight", 1));
  EXPECT_EQ(refusal(index()),
            "DIR/model.safetensors.index.json: a shard is missing: 'model-00002-of-00002.safetensors'; of 2 "
            "all have "
            "to lie beside the index. Download them again, or open the ones that are there by themselves");
  m_folder.write("model-00002-of-00002.safetensors", shardOf("c.weight", 1));
  EXPECT_THAT(refusal(index()), HasSubstr("the index names tensors that their shards do not hold: 'b.weight' "
                                          "(model-00002-of-00002.safetensors)"));
}

TEST_F(Shards, NeverLeaveTheFolderOfTheirIndex) {
  const TemporaryFolder elsewhere;
  const std::string outside = elsewhere.write("secret.safetensors", shardOf("b.weight", 1));
  m_folder.write("model-00001-of-00002.safetensors", shardOf("a.weight", 1));
  const std::string one = "model-00001-of-00002.safetensors";
  EXPECT_THAT(refusal(index(one, outside)), HasSubstr("an absolute path is not followed"));
  EXPECT_THAT(refusal(index(one, "../secret.safetensors")),
              HasSubstr("a path out of the model's folder is not followed"));
  fs::create_symlink(outside, m_folder.path("link.safetensors"));
  EXPECT_THAT(refusal(index(one, "link.safetensors")),
              HasSubstr("a link out of the model's folder is not followed"));
}

TEST_F(Shards, OneAloneSaysWhatItIs) {
  const auto said = [&] {
    const Model model = readModel(m_folder.write("model-00001-of-00002.safetensors", shardOf("a.weight", 1)));
    EXPECT_EQ(model.parameters(), 2);
    EXPECT_EQ(model.warnings.back().kind, WarningKind::OneShard);
    return model.warnings.back().detail;
  };
  EXPECT_EQ(said(), "1 of 2; model.safetensors.index.json is not beside it");
  index();
  EXPECT_EQ(said(), "1 of 2; model.safetensors.index.json beside it opens all");
  const Model whole = readModel(m_folder.write("model-00001-of-00001.safetensors", shardOf("a.weight", 1)));
  EXPECT_NE(whole.warnings.back().kind, WarningKind::OneShard);
}

/// As clients of model hubs keep what they download.
TEST_F(Shards, OfACacheAreLinks) {
  m_folder.write("blobs/0a", shardOf("a.weight", 1));
  m_folder.write("blobs/0b", shardOf("b.weight", 1));
  const std::string path = index();
  fs::rename(path, m_folder.path("blobs/0c"));
  const fs::path snapshot = m_folder.path("snapshots/123");
  fs::create_directories(snapshot);
  fs::create_symlink("../../blobs/0a", snapshot / "model-00001-of-00002.safetensors");
  fs::create_symlink("../../blobs/0b", snapshot / "model-00002-of-00002.safetensors");
  fs::create_symlink("../../blobs/0c", snapshot / "model.safetensors.index.json");
  EXPECT_EQ(readModel((snapshot / "model.safetensors.index.json").string()).parameters(), 4);
  EXPECT_EQ(readModel((snapshot / "model-00001-of-00002.safetensors").string()).parameters(), 2);
  fs::remove(snapshot / "model-00002-of-00002.safetensors");
  const TemporaryFolder elsewhere;
  fs::create_symlink(elsewhere.write("x", shardOf("b.weight", 1)),
                     snapshot / "model-00002-of-00002.safetensors");
  EXPECT_THAT(refusal((snapshot / "model.safetensors.index.json").string()),
              HasSubstr("a link out of the model's folder is not followed"));
}

TEST_F(Shards, DamagedIndexesAreToldOf) {
  const auto said = [&](const std::string& text) { return refusal(m_folder.write("m.index.json", text)); };
  EXPECT_EQ(said(R"({"weight_map":{}})"),
            "DIR/m.index.json: the index has no 'weight_map' of the names of tensors to the names of files");
  EXPECT_EQ(said(R"({"weight_map":{"a":5}})"), "DIR/m.index.json: the index gives tensor 'a' no file");
  EXPECT_EQ(said(R"({"weight_map":{"a")"), "DIR/m.index.json: the index is not JSON");
}

TEST(Placeholders, AreNamedAndHaveACure) {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& name, const std::string& text) {
    return folder.withoutPath(messageOf([&] { readModel(folder.write(name, text)); }));
  };
  const std::string pointer =
      "version https://example.org/spec/v1\noid "
      "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
      "\nsize 132735\n";
  for (const char* name : {"m.onnx", "m.safetensors", "m.pt", "m.npz", "m"}) {
    EXPECT_THAT(said(name, pointer),
                HasSubstr("it is a pointer of Git LFS, not the file itself, which has 132735 "
                          "bytes: get that with 'git lfs pull'"))
        << name;
    EXPECT_THAT(said(name, "../../blobs/0a1b"),
                HasSubstr("it holds nothing but the text of a link, '../../blobs/0a1b'"))
        << name;
  }
}

}  // namespace
}  // namespace lapidary::core::testing
