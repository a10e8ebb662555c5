// SPDX-License-Identifier: GPL-3.0-or-later
// Mapping files, replacing them whole or not at all, and SHA-256 against the standard's examples.
#include "core/files/bytes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/files/sha256.h"
#include "core/files/utf8.h"
#include "core/io/common/format.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using namespace testing;

class BytesTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(m_root); }
  void TearDown() override { fs::remove_all(m_root); }
  std::size_t filesLeft() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(m_root), fs::directory_iterator()));
  }
  fs::path m_root = fs::path(::testing::TempDir()) / ("bytes_" + std::to_string(::getpid()));
};

TEST_F(BytesTest, MapsWhatStandsInTheFile) {
  std::ofstream(m_root / "a") << "content";
  const Bytes bytes = mapFile((m_root / "a").string());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()), "content");
}

TEST_F(BytesTest, SaysWhyAFileCannotBeMapped) {
  const auto message = [](const fs::path& path) {
    return messageOf(ErrorKind::InvalidInput, [&] { mapFile(path.string()); });
  };
  EXPECT_EQ(message(m_root / "none"), (m_root / "none").string() + ": No such file or directory");
  EXPECT_EQ(message(m_root), m_root.string() + ": is a folder, a file expected");
  EXPECT_EQ(message("/dev/null"), "/dev/null: is not a regular file");
  ASSERT_EQ(::mkfifo((m_root / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(message(m_root / "pipe"), (m_root / "pipe").string() + ": is not a regular file");
  std::ofstream(m_root / "empty");
  EXPECT_EQ(message(m_root / "empty"), (m_root / "empty").string() + ": the file is empty");
}

TEST_F(BytesTest, WritesPiecesInOrder) {
  const std::string large(1'000'000, 'x');
  writeFileAtomically((m_root / "a").string(), [&](const Append& append) {
    append(viewOf("one "));
    append(viewOf(large));
    append({});
    append(viewOf(" two"));
  });
  EXPECT_EQ(contentOf(m_root / "a"), "one " + large + " two");
  EXPECT_EQ(filesLeft(), 1u);
}

TEST_F(BytesTest, AFailureLeavesTheOldFileAndNothingElse) {
  std::ofstream(m_root / "a") << "old";
  EXPECT_THROW(writeFileAtomically((m_root / "a").string(),
                                   [](const Append& append) {
                                     append(viewOf("new"));
                                     throw Cancelled();
                                   }),
               Cancelled);
  EXPECT_EQ(contentOf(m_root / "a"), "old");
  EXPECT_EQ(filesLeft(), 1u);
}

TEST_F(BytesTest, AMappedFileMayBeReplaced) {
  std::ofstream(m_root / "a") << "old";
  const Bytes bytes = mapFile((m_root / "a").string());
  writeFileAtomically((m_root / "a").string(),
                      [&](const Append& append) { append(bytes.view), append(viewOf("er")); });
  EXPECT_EQ(contentOf(m_root / "a"), "older");
  EXPECT_EQ(bytes.view.size(), 3u);
}

TEST_F(BytesTest, KeepsPermissionsAndLinks) {
  std::ofstream(m_root / "a") << "old";
  fs::permissions(m_root / "a", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("a", m_root / "link");
  writeFileAtomically((m_root / "link").string(), [](const Append& append) { append(viewOf("new")); });
  EXPECT_TRUE(fs::is_symlink(m_root / "link"));
  EXPECT_EQ(contentOf(m_root / "a"), "new");
  EXPECT_EQ(fs::status(m_root / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(BytesTest, SaysWhyAFileCannotBeWritten) {
  const auto message = [](const fs::path& path) {
    return messageOf(ErrorKind::CannotWrite, [&] {
      writeFileAtomically(path.string(), [](const Append& append) { append(viewOf("x")); });
    });
  };
  EXPECT_EQ(message(m_root / "none/a"), (m_root / "none/a").string() + ": No such file or directory");
  EXPECT_EQ(message(m_root), m_root.string() + ": is a folder, a file expected");
  EXPECT_EQ(message("/dev/null"), "/dev/null: is not a regular file");
}

TEST(WriteModel, TheEndingMustNameAFormat) {
  const Model model{std::make_shared<Graph>(), {}, {}, {}, {}, {}};
  EXPECT_EQ(messageOf(ErrorKind::Usage, [&] { writeModel(model, "m.txt"); }),
            "m.txt: the ending names no model format, one of .onnx .lapidary .safetensors .npz .npy "
            ".index.json .pt .pth .th "
            ".jit .bin .ckpt expected");
  EXPECT_EQ(messageOf(ErrorKind::Unsupported, [&] { writeModel(model, "m.npy"); }),
            "m.npy: NumPy npy files are only read");
  EXPECT_EQ(formatForPath("A/B.ONNX")->name, "ONNX");
  EXPECT_EQ(formatForPath("onnx"), nullptr);
}

TEST(Sha256, MoreMayFollow) {
  Sha256 hash;
  hash.add(viewOf("ab"));
  EXPECT_EQ(hash.hex(), sha256(viewOf("ab")));
  hash.add({});
  hash.add(viewOf("c"));
  EXPECT_EQ(hash.hex(), sha256(viewOf("abc")));
}

/// FIPS 180-4 examples, and the lengths around the padding's edges (by coreutils' sha256sum).
TEST(Sha256, KnownVectors) {
  EXPECT_EQ(sha256(viewOf("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(viewOf("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(viewOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(viewOf(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256(viewOf(std::string(55, 'a'))),
            "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(sha256(viewOf(std::string(56, 'a'))),
            "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(sha256(viewOf(std::string(64, 'a'))),
            "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

TEST(Utf8, AcceptsWellFormedTextOnly) {
  for (const char* good :
       {"", "plain", "caf\xc3\xa9", "\xe4\xb8\xad\xe6\x96\x87", "\xf0\x9f\x92\x8e", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(isUtf8(good)) << good;
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "a\xff"})
    EXPECT_FALSE(isUtf8(bad));
}

}  // namespace
}  // namespace lapidary::core
