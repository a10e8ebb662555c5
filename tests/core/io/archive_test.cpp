// Zips: what is written is read by others, what others wrote is read, damage is told.
#include "core/io/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/core/io/raw_zip.h"
#include "tests/core/io/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;
constexpr std::uint64_t noLimit = 1u << 30;

std::string patterned(std::size_t length) {
  std::string text(length, '\0');
  std::uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 29);
  return text;
}

Bytes twoMembers() {
  ArchiveWriter writer;
  writer.add("plain.txt", bytesOf("as it is").view, false);
  writer.add("deep/päck.bin", bytesOf(patterned(300000)).view, true);
  writer.add("empty", {}, false);
  return writer.finish();
}

TEST(Archive, ReadsWhatItWrote) {
  const ArchiveReader reader(twoMembers());
  ASSERT_EQ(reader.members().size(), 3u);
  EXPECT_EQ(reader.members()[0].name, "plain.txt");
  EXPECT_EQ(reader.members()[0].bytes, 8u);
  EXPECT_EQ(reader.members()[1].name, "deep/päck.bin");
  EXPECT_EQ(reader.members()[1].bytes, 300000u);
  EXPECT_LT(reader.members()[1].compressed, 150000u);
  EXPECT_EQ(textOf(reader.read("plain.txt", noLimit).view), "as it is");
  EXPECT_EQ(textOf(reader.read("deep/päck.bin", noLimit).view), patterned(300000));
  EXPECT_EQ(textOf(reader.read("empty", noLimit).view), "");
}

TEST(Archive, EqualContentGivesEqualBytes) {
  EXPECT_EQ(textOf(twoMembers().view), textOf(twoMembers().view));
}

TEST(Archive, StoredMembersTakeAKnownNumberOfBytes) {
  ArchiveWriter writer;
  writer.add("a", bytesOf("12345").view, false);
  writer.add("bcd", bytesOf("678").view, false);
  EXPECT_EQ(writer.finish().view.size(), 22u + (76 + 2 * 1 + 5) + (76 + 2 * 3 + 3));
}

TEST(Archive, OthersReadWhatItWrote) {
  const TemporaryFolder folder;
  folder.write("out.zip", twoMembers().view);
  int status = -1;
  const std::string program = R"(
z = zipfile.ZipFile('out.zip')
assert z.testzip() is None
assert z.namelist() == ['plain.txt', 'deep/p\u00e4ck.bin', 'empty'], z.namelist()
assert z.read('plain.txt') == b'as it is' and len(z.read('deep/p\u00e4ck.bin')) == 300000
assert all(i.date_time == (1980, 1, 1, 0, 0, 0) and not i.extra for i in z.infolist())
)";
  if (!python(folder, "zipfile", program, &status)) GTEST_SKIP() << "skipped: no python3";
  EXPECT_EQ(status, 0);
  if (std::system("unzip -v >/dev/null 2>&1") == 0) {
    EXPECT_EQ(std::system(("unzip -tq " + folder.path("out.zip") + " >/dev/null").c_str()), 0);
  }
}

TEST(Archive, ReadsWhatOthersWrote) {
  const TemporaryFolder folder;
  int status = -1;
  const std::string program = R"(
with zipfile.ZipFile('in.zip', 'w', zipfile.ZIP_DEFLATED) as z:
  z.writestr('folder/', '')
  with z.open('streamed', 'w', force_zip64=True) as f: f.write(b'ab' * 5000)
  z.writestr(zipfile.ZipInfo('stored'), b'xyz')
)";
  if (!python(folder, "zipfile", program, &status)) GTEST_SKIP() << "skipped: no python3";
  ASSERT_EQ(status, 0);
  const ArchiveReader reader(mapFile(folder.path("in.zip")));
  ASSERT_EQ(reader.members().size(), 2u) << "the folder is no member";
  EXPECT_EQ(reader.read("streamed", noLimit).view.size(), 10000u);
  EXPECT_EQ(textOf(reader.read("stored", noLimit).view), "xyz");
}

TEST(Archive, NamesAreNeverPaths) {
  const ArchiveReader reader(bytesOf(rawZip({{"../../etc/x", "1"}, {"/abs", "2"}})));
  EXPECT_EQ(textOf(reader.read("../../etc/x", noLimit).view), "1");
  EXPECT_EQ(textOf(reader.read("/abs", noLimit).view), "2");
}

TEST(Archive, RefusesBombsAndLies) {
  RawMember understated = deflatedMember("m", std::string(100000, 'a'));
  understated.size = 10;
  EXPECT_EQ(errorOf([&] { ArchiveReader(bytesOf(rawZip({understated}))).read("m", noLimit); }),
            "archive member 'm' has a wrong checksum (CRC-32)");
  RawMember overstated = deflatedMember("m", "short");
  overstated.size = 4000000000u;
  EXPECT_EQ(errorOf([&] { ArchiveReader(bytesOf(rawZip({overstated}))).read("m", 5000000000u); }),
            "archive member 'm' declares 4000000000 bytes, more than its 7 compressed bytes can hold");
  const RawMember bomb = deflatedMember("m", std::string(1000000, '\0'));
  EXPECT_EQ(errorOf([&] { ArchiveReader(bytesOf(rawZip({bomb}))).read("m", 1000); }),
            "archive member 'm' declares 1000000 bytes, at most 1000 are allowed");
}

TEST(Archive, ThreadsShareAReader) {
  const ArchiveReader reader(twoMembers());
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i)
          good += reader.read(i % 2 ? "plain.txt" : "deep/päck.bin", noLimit).view.size() ==
                  (i % 2 ? 8u : 300000u);
      });
  }
  EXPECT_EQ(good, 80);
}

}  // namespace
}  // namespace lapidary::core
