// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/audit/file_audit.h"
#include "core/audit/signature/ed25519.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using testing::viewOf;

std::string fromHexText(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// RFC 8032, 7.1, test 3.
const std::string key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
const std::string signature =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
const std::string message = fromHexText("af82");

TEST(Ed25519, TheVectorOfItsStandard) {
  const auto parsedKey = parseEd25519Key(viewOf(key));
  const auto parsed = parseEd25519Signature(viewOf(signature));
  ASSERT_TRUE(parsedKey && parsed);
  EXPECT_TRUE(isSignedBy(viewOf(message), *parsed, *parsedKey));
  EXPECT_FALSE(isSignedBy(viewOf(message + "x"), *parsed, *parsedKey));
}

TEST(Ed25519, KeysInEveryForm) {
  const std::string raw = fromHexText(key);
  // As `openssl pkey -pubout` writes it.
  const std::string pem =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=\n-----END "
      "PUBLIC KEY-----\n";
  EXPECT_EQ(parseEd25519Key(viewOf(raw)), parseEd25519Key(viewOf(key + "\n")));
  EXPECT_EQ(parseEd25519Key(viewOf(pem)), parseEd25519Key(viewOf(key)));
  EXPECT_EQ(parseEd25519Key(viewOf(std::string("/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU="))),
            parseEd25519Key(viewOf(key)));
  for (const std::string& wrong :
       {key.substr(2), key + "00", std::string("hello"), std::string(), pem.substr(0, 60)})
    EXPECT_FALSE(parseEd25519Key(viewOf(wrong))) << wrong;
}

class SignedBundle : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(m_folder); }
  void TearDown() override { fs::remove_all(m_folder); }
  std::string write(const std::string& name, const std::string& content) {
    std::ofstream(m_folder / name, std::ios::binary) << content;
    return (m_folder / name).string();
  }
  // A folder of each test's own: they run beside each other.
  fs::path m_folder =
      fs::path(::testing::TempDir()) /
      (std::string("signed_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(SignedBundle, AManifestOfItsOwnIsVerified) {
  // Signed with the key of the test above; the file is the message itself, its manifest what was signed.
  const std::string path = write("weights.txt", "words");
  const std::string manifest = write("m.json", message);
  const std::string sig = write("m.sig", signature), pub = write("k.pub", key);
  const FileAudit audit = auditFile({path, manifest, sig, pub}, {});
  EXPECT_EQ(audit.signature, SignatureState::Valid);
  // Two bytes are no manifest, which is told of.
  ASSERT_EQ(audit.findings.size(), 1u);
  EXPECT_EQ(audit.findings[0].id, "file-unreadable");
}

TEST_F(SignedBundle, AWrongSignatureIsCritical) {
  const std::string path = write("weights.txt", "words");
  const std::string hash = sha256(viewOf("words"));
  const std::string manifest =
      write("m.json", R"({"files": [{"name": "weights.txt", "sha256": ")" + hash + "\"}]}");
  const FileAudit audit = auditFile({path, manifest, write("m.sig", signature), write("k.pub", key)}, {});
  EXPECT_EQ(audit.signature, SignatureState::Invalid);
  ASSERT_EQ(audit.findings.size(), 1u);
  EXPECT_EQ(audit.findings[0].id, "signature-invalid");
  EXPECT_EQ(auditFile({path, manifest, "", write("k.pub", key)}, {}).signature, SignatureState::Missing);
}

TEST_F(SignedBundle, AChangedFileDiffersFromItsManifest) {
  const std::string manifest = write(
      "m.json", R"({"files": [{"name": "weights.txt", "sha256": ")" + sha256(viewOf("words")) + "\"}]}");
  EXPECT_TRUE(auditFile({write("weights.txt", "words"), manifest, "", ""}, {}).findings.empty());
  const FileAudit changed = auditFile({write("weights.txt", "swords"), manifest, "", ""}, {});
  ASSERT_EQ(changed.findings.size(), 1u);
  EXPECT_EQ(changed.findings[0].id, "manifest-mismatch");
}

TEST_F(SignedBundle, AKeyThatIsNoneIsRefused) {
  const std::string path = write("weights.txt", "words"), manifest = write("m.json", "{\"files\": []}");
  EXPECT_THROW(auditFile({path, manifest, "", write("k.pub", "no key")}, {}), Error);
  EXPECT_THROW(auditFile({path, "", "", write("k.pub", key)}, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
