// SPDX-License-Identifier: GPL-3.0-or-later
// What the program opens a file as, the audit takes it for: one way of telling formats serves both.
#include <gmock/gmock.h>

#include <filesystem>

#include "core/audit/file_audit.h"
#include "core/audit/parts/content_kind.h"
#include "core/files/mapped_file.h"
#include "core/io/common/format.h"
#include "tests/core/audit/listed_findings.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
const fs::path tricks = fs::path(LAPIDARY_SOURCE_DIR) / "tests/data/audit";

TEST(OpenedKinds, EveryFormatOfTheTableIsAKindOfTheAudit) {
  for (const Format& format : modelFormats())
    EXPECT_NE(contentOf(&format), ContentKind::Unknown) << format.name;
  EXPECT_EQ(contentOf(nullptr), ContentKind::Unknown);
}

TEST(OpenedKinds, AreThoseOfTheOpenerForEveryFileOfTheCorpus) {
  for (const char* part : {"clean", "bad"})
    for (const auto& entry : fs::directory_iterator(tricks / part)) {
      const Bytes file = mapFile(entry.path().string());
      const Format* format = formatOfContent(file.view);
      if (format == nullptr) continue;
      const ContentKind kind = contentKind(file.view);
      EXPECT_TRUE(kind == contentOf(format) || kind == ContentKind::LegacyTorch) << entry.path();
    }
}

TEST(OpenedKinds, AModelBehindFieldsThatNobodyKnowsIsOneUnderAnyName) {
  const std::string hidden = testing::contentOf(tricks / "bad/unknown_front.onnx");
  const testing::TemporaryFolder folder;
  for (const char* name : {"a.onnx", "a.jpg", "a.txt", "a"}) {
    const FileAudit audit = auditFile({folder.write(name, hidden), "", "", ""}, {});
    EXPECT_EQ(audit.content, "an ONNX model") << name;
    EXPECT_THAT(listed(audit.findings), ::testing::HasSubstr("onnx-python-op")) << name;
  }
}

TEST(OpenedKinds, ShardsAreLookedIntoWithTheirIndex) {
  const testing::TemporaryFolder folder;
  const std::string index = folder.write(
      "model.safetensors.index.json",
      R"({"metadata": {}, "weight_map": {"a": "one.safetensors", "b": "../two.safetensors", "c": "gone.safetensors"}})");
  folder.write("one.safetensors", testing::contentOf(tricks / "bad/program.safetensors"));
  const std::string found = listed(auditFile({index, "", "", ""}, {}).findings);
  EXPECT_THAT(found, ::testing::HasSubstr("hidden-payload | one.safetensors"));
  EXPECT_THAT(found, ::testing::HasSubstr("onnx-external-escape | ../two.safetensors"));
  EXPECT_THAT(found, ::testing::HasSubstr("onnx-external-missing | gone.safetensors"));
}

}  // namespace
}  // namespace lapidary::core
