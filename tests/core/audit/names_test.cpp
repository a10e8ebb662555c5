// SPDX-License-Identifier: GPL-3.0-or-later
// A file's name says what it should hold, for every format of the table.
#include <gmock/gmock.h>

#include "core/audit/file_audit.h"
#include "core/io/common/format.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

/// A picture, whatever its name says.
constexpr std::string_view picture = "\x89PNG\r\n\x1a\n and so on";

bool mismatches(const testing::TemporaryFolder& folder, const std::string& name) {
  const FileAudit audit = auditFile({folder.write(name, picture), "", "", ""}, {});
  return std::ranges::any_of(audit.findings,
                             [](const Finding& finding) { return finding.id == "content-mismatch"; });
}

TEST(AuditNames, OfEveryFormatAreHeldToIt) {
  const testing::TemporaryFolder folder;
  for (const Format& format : modelFormats())
    for (const std::string_view ending : format.extensions) {
      const std::string name = "model" + std::string(ending);
      // An index of shards is text by the last of its endings, which many kinds of files share.
      EXPECT_EQ(mismatches(folder, name), namesFormat(format, name) || ending.ends_with(".json")) << name;
    }
}

TEST(AuditNames, TellInEitherCase) {
  const testing::TemporaryFolder folder;
  EXPECT_TRUE(mismatches(folder, "MODEL.ONNX"));
  EXPECT_TRUE(mismatches(folder, "notes.TXT"));
  EXPECT_FALSE(mismatches(folder, "picture.PNG"));
  EXPECT_FALSE(mismatches(folder, "data.unknown"));
}

TEST(AuditNames, WhatIsOfNoKindIsToldInASentence) {
  const testing::TemporaryFolder folder;
  const FileAudit audit = auditFile({folder.write("model.onnx", "\x01\x02 of no kind"), "", "", ""}, {});
  const auto told = std::ranges::find(audit.findings, "content-mismatch", &Finding::id);
  ASSERT_NE(told, audit.findings.end());
  EXPECT_EQ(told->what, "is called .onnx and holds nothing that the audit knows");
}

}  // namespace
}  // namespace lapidary::core
