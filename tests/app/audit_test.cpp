// SPDX-License-Identifier: GPL-3.0-or-later
// The audit from the command line: words, JSON, SARIF, opcodes and the exit status.
#include <gmock/gmock.h>

#include "tests/app/command.h"
#include "tests/support/audit_corpus.h"

namespace lapidary {
namespace {

using test::Finished;
using test::Folder;
using test::lapidary;
using testing::HasSubstr;

TEST(AuditCommand, AFindingHasPlaceReasonAndCureAndEndsWithSix) {
  const Finished found = lapidary("audit " + auditCorpus + "bad/torch.pt");
  EXPECT_EQ(found.status, 6);
  EXPECT_THAT(found.out, HasSubstr("critical  pickle-dangerous-name"));
  EXPECT_THAT(found.out, HasSubstr("archive/data.pkl, byte 2: looks up os.system"));
  EXPECT_THAT(found.out, HasSubstr("why:  Whoever loads the pickle"));
  EXPECT_THAT(found.out, HasSubstr("cure: Do not load it."));
}

TEST(AuditCommand, ACleanFileEndsWithZero) {
  const Finished found = lapidary("audit " + test::lenet);
  EXPECT_EQ(found.status, 0) << found.out;
  EXPECT_THAT(found.out, HasSubstr("no findings"));
}

TEST(AuditCommand, TheLimitOfFailureCanBeChosen) {
  const std::string file = auditCorpus + "bad/custom_domain.onnx";  // medium
  EXPECT_EQ(lapidary("audit " + file).status, 0);
  EXPECT_EQ(lapidary("audit --fail-on medium " + file).status, 6);
  EXPECT_EQ(lapidary("audit --fail-on never " + auditCorpus + "bad/torch.pt").status, 0);
  EXPECT_EQ(lapidary("audit --fail-on loud " + file).status, 2);
}

/// A file that nobody looked into is not one without findings.
TEST(AuditCommand, WhatIsUnknownPassesOnlyWhereThatWasAllowed) {
  const std::string unknown = auditCorpus + "bad/unknown.bin";
  for (const char* limit : {"", "--fail-on critical ", "--fail-on never "}) {
    EXPECT_EQ(lapidary("audit " + std::string(limit) + unknown).status, 6) << limit;
    EXPECT_EQ(lapidary("audit --allow-unknown " + std::string(limit) + unknown).status, 0) << limit;
  }
  const Finished found = lapidary("audit --json " + unknown);
  EXPECT_EQ(found.json()["findings"][0]["id"], "unknown-content");
  EXPECT_EQ(lapidary("audit --allow-unknown " + auditCorpus + "bad/torch.pt").status, 6);
}

TEST(AuditCommand, JsonHasTheOpcodesAndTheirMeaning) {
  const Finished found = lapidary("audit --json --opcodes " + auditCorpus + "bad/inst.pkl");
  EXPECT_EQ(found.status, 6);
  const auto json = found.json();
  EXPECT_EQ(json["worst"], "critical");
  EXPECT_EQ(json["content"], "a pickle");
  EXPECT_EQ(json["findings"][0]["offset"], 15);
  const auto& steps = json["pickles"][0]["steps"];
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[2]["opcode"], "INST");
  EXPECT_EQ(steps[2]["meaning"], "os.system('echo audit')");
}

TEST(AuditCommand, SarifHasEveryFileAndFinding) {
  const Folder folder;
  const std::string log = folder / "log.sarif";
  EXPECT_EQ(
      lapidary("audit --sarif " + log + " " + auditCorpus + "bad/torch.pt " + auditCorpus + "bad/slip.zip")
          .status,
      6);
  const auto sarif = nlohmann::json::parse(test::contentOf(log));
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(sarif["runs"][0]["artifacts"].size(), 2u);
  EXPECT_GE(sarif["runs"][0]["results"].size(), 2u);
}

TEST(AuditCommand, ABundleOfOursIsQuietAndAChangedOneIsNot) {
  const Folder folder;
  const std::string bundle = folder / "cut.zip";
  ASSERT_EQ(lapidary("compress " + test::lenet300 + " --bits 4 -o " + bundle).status, 0);
  const Finished whole = lapidary("audit --json " + bundle);
  EXPECT_EQ(whole.status, 0) << whole.out;
  EXPECT_EQ(whole.json()["findings"].size(), 0u) << whole.out;
}

TEST(AuditCommand, AKeyWithoutAManifestIsWrongUsage) {
  const Folder folder;
  std::ofstream(folder / "key") << "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
  const Finished found = lapidary("audit " + test::lenet + " --key " + (folder / "key"));
  EXPECT_EQ(found.status, 2);
  EXPECT_THAT(found.err, HasSubstr("give --manifest"));
  EXPECT_EQ(lapidary("audit nothing.onnx").status, 3);
}

TEST(AuditCommand, ComparingACutSaysThatItWasDoneAndWhatCameOut) {
  const Folder folder;
  std::ofstream(folder / "cut.json") << R"({"format": "lapidary-recipe", "version": 1,
    "layers": {"ip1": {"quantize": {"scheme": "symmetric", "bits": 8}}}})";
  const std::string command = "audit " + test::lenet + " --data " + test::digits + " --preprocess " +
                              test::demo + "lenet5.preprocess.json --recipe " + (folder / "cut.json");
  const Finished text = lapidary(command);
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("the cut was compared with the original on 2,000 samples"));
  EXPECT_THAT(text.out, HasSubstr("nothing beyond what its drop explains was found"));
  const auto behaviour = lapidary(command + " --json").json()["behaviour"];
  EXPECT_EQ(behaviour["samples"], 2000);
  EXPECT_EQ(behaviour["findings"], 0);
  EXPECT_EQ(behaviour["searched_classes"], 10);
}

TEST(AuditCommand, AFileOfPyTorchOpensLikeAnyOtherAndAHostileOneDoesNot) {
  const Finished found = lapidary("inspect --json " + auditCorpus + "clean/state.pt");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["format"], "PyTorch");
  const Finished refused = lapidary("inspect " + auditCorpus + "bad/torch.pt");
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, HasSubstr("it looks up os.system at byte 2 of its pickle"));
}

}  // namespace
}  // namespace lapidary
