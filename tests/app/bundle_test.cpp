// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles from the command line: with samples, read back, and the same whatever the case of their ending.
#include <gmock/gmock.h>

#include "command.h"
#include "tests/core/session/bundle_members.h"

namespace lapidary {
namespace {

using test::contentOf;
using test::Finished;
using test::Folder;
using test::lapidary;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

std::string compressTo(const std::string& bundle, const std::string& more = "") {
  return "compress " + test::lenet300 + " --bits 4 --data " + test::digits + " --saliency-samples 4 -o " +
         bundle + " " + more;
}

/// The message, without the name of the file.
std::string nameless(std::string text, const std::string& name) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name))
    text.replace(at, name.size(), "BUNDLE");
  return text;
}

TEST(CompressBundle, IsWrittenAuditedAndOpenedAlikeInCapitals) {
  const Folder folder;
  const std::string capitals = folder / "cut.ZIP", plain = folder / "cut.zip";
  const Finished made = lapidary(compressTo(capitals, "--with-data"));
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(core::membersOf(capitals), ::testing::Contains(HasSubstr("samples/sample")));
  fs::copy_file(capitals, plain);
  for (const std::string command : {"audit", "audit --json", "inspect"}) {
    const Finished found = lapidary(command + " " + capitals), wanted = lapidary(command + " " + plain);
    EXPECT_EQ(found.status, wanted.status) << command;
    EXPECT_EQ(nameless(found.out, capitals), nameless(wanted.out, plain));
    EXPECT_EQ(nameless(found.err, capitals), nameless(wanted.err, plain));
  }
  EXPECT_EQ(lapidary("audit --fail-on note " + capitals).status, 0) << "a bundle of ours has no findings";
}

TEST(CompressBundle, AuditTellsOfWhatIsNoZipInCapitalsToo) {
  const Folder folder;
  for (const std::string name : {"a.zip", "a.ZIP"}) {
    fs::copy_file(test::lenet300, folder / name);
    EXPECT_THAT(lapidary("audit " + (folder / name)).out, HasSubstr("content-mismatch")) << name;
    fs::remove(folder / name);
  }
}

TEST(CompressBundle, DataOfAnyCaseAreOpened) {
  const Folder folder;
  fs::copy_file(test::digits, folder / "digits.NPZ");
  const Finished found =
      lapidary("evaluate " + test::lenet300 + " --data " + (folder / "digits.NPZ") + " --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["samples"], 2000);
}

TEST(CompressBundle, WhatOnlyABundleHoldsIsRefusedElsewhere) {
  const Folder folder;
  for (const std::string name : {"x.onnx", "x.zip.ONNX", "zip"}) {
    const Finished refused = lapidary(compressTo(folder / name, "--with-data"));
    EXPECT_EQ(refused.status, 2) << name;
    EXPECT_THAT(refused.err, HasSubstr("go with a bundle: -o OUT.zip"));
    EXPECT_FALSE(fs::exists(folder / name));
  }
  const Finished without =
      lapidary("compress " + test::lenet300 + " --bits 4 --with-data -o " + (folder / "x.ZIP"));
  EXPECT_EQ(without.status, 2) << without.err;
  EXPECT_THAT(without.err, HasSubstr("there are no pictures among the data"));
  EXPECT_FALSE(fs::exists(folder / "x.ZIP"));
}

/// The target is looked at before the model is: that it is missing tells that the target was taken.
TEST(CompressBundle, OtherCommandsThatWriteTakeCapitalsToo) {
  for (const std::string command : {"search", "repair"}) {
    const std::string asked = command + " missing.onnx --data missing.npz -o ";
    const Finished taken = lapidary(asked + "found.ZIP"), refused = lapidary(asked + "found.docx");
    EXPECT_EQ(taken.status, 3) << taken.err;
    EXPECT_THAT(taken.err, HasSubstr("missing.onnx"));
    EXPECT_EQ(refused.status, 2) << refused.err;
    EXPECT_THAT(refused.err,
                HasSubstr("found.docx: the ending must be .onnx, .lapidary, .safetensors, .npz or .zip"));
  }
}

}  // namespace
}  // namespace lapidary
