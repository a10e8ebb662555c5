// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>

#include "core/audit/file_audit.h"
#include "core/audit/signature/ed25519.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "tests/support/messages.h"
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

/// Keys that OpenSSL makes, as the files in which it writes them.
class MadeKey {
 public:
  explicit MadeKey(const char* kind) : m_key(EVP_PKEY_Q_keygen(nullptr, nullptr, kind)) {}
  ~MadeKey() { EVP_PKEY_free(m_key); }
  MadeKey(const MadeKey&) = delete;
  MadeKey& operator=(const MadeKey&) = delete;

  std::string pem() const {
    return written([this](BIO* to) { PEM_write_bio_PUBKEY(to, m_key); });
  }
  std::string der() const {
    return written([this](BIO* to) { i2d_PUBKEY_bio(to, m_key); });
  }
  std::string secretPem() const {
    return written(
        [this](BIO* to) { PEM_write_bio_PrivateKey(to, m_key, nullptr, nullptr, 0, nullptr, nullptr); });
  }
  std::string signatureOf(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string result(64, ' ');
    std::size_t size = result.size();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, m_key);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(result.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return result;
  }

 private:
  template <class Write>
  static std::string written(Write&& write) {
    BIO* to = BIO_new(BIO_s_mem());
    write(to);
    char* start = nullptr;
    const long size = BIO_get_mem_data(to, &start);
    std::string text(start, static_cast<std::size_t>(size));
    BIO_free(to);
    return text;
  }

  EVP_PKEY* m_key;
};

TEST(Ed25519, WhatOpensslWritesIsRead) {
  const MadeKey made("ED25519");
  const std::string words = "the words of a manifest", signedWords = made.signatureOf(words);
  const auto fromPem = parseEd25519Key(viewOf(made.pem())), fromDer = parseEd25519Key(viewOf(made.der()));
  ASSERT_TRUE(fromPem && fromDer);
  EXPECT_EQ(fromPem, fromDer);
  EXPECT_EQ(parseEd25519Key(viewOf("Signed by the maker:\r\n" + made.pem() + "\nthe end\n")), fromPem);
  const auto parsed = parseEd25519Signature(viewOf(signedWords));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(isSignedBy(viewOf(words), *parsed, *fromPem));
  EXPECT_FALSE(isSignedBy(viewOf(words), *parsed, *parseEd25519Key(viewOf(MadeKey("ED25519").pem()))));
}

/// Files in the place of a key, of which none may be taken for one, end the program or ask for a password.
std::vector<std::pair<std::string, std::string>> hostileKeys() {
  const MadeKey made("ED25519");
  const std::string pem = made.pem(), der = made.der();
  std::string encrypted = pem;
  encrypted.insert(encrypted.find('\n') + 1,
                   "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n");
  std::string otherKind = der;
  otherKind[8] = '\x6e';  // X25519's number
  return {{"agreement key", MadeKey("X25519").pem()},
          {"longer curve", MadeKey("ED448").pem()},
          {"agreement key in DER", otherKind},
          {"secret key", made.secretPem()},
          {"encrypted", encrypted},
          {"no end", pem.substr(0, pem.size() - 30)},
          {"nothing between", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"},
          {"no base64", "-----BEGIN PUBLIC KEY-----\n****\n-----END PUBLIC KEY-----\n"},
          {"DER that was cut", der.substr(0, 40)},
          {"DER and more", der + "more"},
          {"length without end", std::string("\x30\x84\xff\xff\xff\xff\x30\x05", 8)},
          {"deep nesting", std::string(4000, '\x30')},
          {"padding in the midst", "/FHNjmIYoaONpH7Q==DwWAgW7RO6MwOsXeuRFUiQgCU="},
          {"bits behind the end", "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCV="},
          {"base64 and more", "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=-AAA"},
          {"hex with a zero byte", key.substr(0, 62) + std::string("\0\0", 2)},
          {"hex with colons", "fc:" + key.substr(2)},
          {"line of OpenSSH",
           "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxRzY5iGKGjjaR+0AIw8FgIFu0TujMDrF3rkRVIkIAl a"},
          {"too long", std::string(5000, ' ') + key}};
}

TEST(Ed25519, HostileKeysAreNone) {
  ::testing::internal::CaptureStderr();
  for (const auto& [name, file] : hostileKeys()) EXPECT_FALSE(parseEd25519Key(viewOf(file))) << name;
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// RFC 8032 allows them, and OpenSSL too: under y = 1 one signature holds for every text.
TEST(Ed25519, KeysUnderWhichAnybodyCanSignAreNone) {
  const std::string one = "01" + std::string(62, '0');
  const auto forged = parseEd25519Signature(viewOf(one + std::string(64, '0')));
  Ed25519Key weak{1};
  ASSERT_TRUE(forged);
  EXPECT_TRUE(isSignedBy(viewOf(std::string("any words")), *forged, weak));
  const std::string ff(60, 'f');
  for (const std::string& y :
       {one, "01" + std::string(60, '0') + "80", std::string(64, '0'), "ec" + ff + "7f", "ec" + ff + "ff",
        "ed" + ff + "7f", "ee" + ff + "7f",
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")})
    EXPECT_FALSE(parseEd25519Key(viewOf(y))) << y;
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
  for (const auto& [name, content] : hostileKeys()) {
    const std::string pub = write("k.pub", content);
    EXPECT_EQ(
        testing::messageOf([&] {
          auditFile({path, manifest, "", pub}, {});
        }),
        pub +
            ": no public key of Ed25519 (PEM, DER, or 32 bytes raw, in hex or base64), or a weak one, under "
            "which anybody can sign")
        << name;
  }
  EXPECT_THROW(auditFile({path, "", "", write("k.pub", key)}, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
