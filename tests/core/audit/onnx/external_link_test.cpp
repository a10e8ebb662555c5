// SPDX-License-Identifier: GPL-3.0-or-later
// External data that are a link: followed to where the opener follows them, and told of where they lead out.
#include <gmock/gmock.h>

#include "core/audit/file_audit.h"
#include "tests/core/audit/listed_findings.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// y = x + w with w of 4 floats in the file "weights.bin".
std::string modelWithData() {
  std::string tensor = std::string("\x08\x04\x10\x01\x42\x01w", 7);
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>{"location", "weights.bin"}, {"length", "16"}}) {
    const std::string entry = std::string("\x0a") + static_cast<char>(key.size()) + key + '\x12' +
                              static_cast<char>(value.size()) + value;
    tensor += std::string("\x6a") + static_cast<char>(entry.size()) + entry;
  }
  tensor += "\x70\x01";
  const std::string node = std::string("\x0a\x01x\x0a\x01w\x12\x01y\x22\x03") + "Add";
  const std::string type = std::string("\x12\x0a\x0a\x08\x08\x01\x12\x04\x0a\x02\x08\x04", 12);
  const auto valueInfo = [&](const char* name) { return std::string("\x0a\x01") + name + type; };
  const auto field = [](char tag, const std::string& content) {
    return std::string(1, tag) + static_cast<char>(content.size()) + content;
  };
  const std::string graph = field('\x0a', node) + field('\x12', "g") + field('\x2a', tensor) +
                            field('\x5a', valueInfo("x")) + field('\x62', valueInfo("y"));
  return std::string("\x08\x08") + field('\x3a', graph) + field('\x42', "\x10\x0d");
}

std::string found(const std::string& path) { return listed(auditFile({path, "", "", ""}, {}).findings); }

TEST(ExternalLinks, WhatLeadsOutIsFound) {
  const testing::TemporaryFolder folder;
  const std::string model = folder.write("in/model.onnx", modelWithData());
  folder.write("outside.bin", std::string(16, '\0'));
  fs::create_symlink(folder.path("outside.bin"), folder.path("in/weights.bin"));
  EXPECT_THAT(found(model), HasSubstr("onnx-external-escape"));
  fs::remove(folder.path("in/weights.bin"));
  fs::create_symlink(folder.path("nowhere.bin"), folder.path("in/weights.bin"));
  EXPECT_THAT(found(model), HasSubstr("onnx-external-escape"));
}

TEST(ExternalLinks, ACacheOfDownloadsIsQuiet) {
  const testing::TemporaryFolder folder;
  folder.write("blobs/a1", modelWithData());
  folder.write("blobs/b2", std::string(16, '\0'));
  fs::create_directories(folder.path("snapshots/c"));
  fs::create_symlink("../../blobs/a1", folder.path("snapshots/c/model.onnx"));
  fs::create_symlink("../../blobs/b2", folder.path("snapshots/c/weights.bin"));
  EXPECT_EQ(found(folder.path("snapshots/c/model.onnx")), "");
}

TEST(ExternalLinks, ALinkWithinTheFolderIsQuiet) {
  const testing::TemporaryFolder folder;
  const std::string model = folder.write("model.onnx", modelWithData());
  folder.write("real.bin", std::string(16, '\0'));
  fs::create_symlink("real.bin", folder.path("weights.bin"));
  EXPECT_EQ(found(model), "");
}

}  // namespace
}  // namespace lapidary::core
