// SPDX-License-Identifier: GPL-3.0-or-later
// Zips: what is written is read by others, what others wrote is read, damage is told.
#include "core/files/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/core/files/raw_zip.h"
#include "tests/support/messages.h"
#include "tests/support/python_judge.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

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
  EXPECT_EQ(stringOf(reader.read("plain.txt", noLimit).view), "as it is");
  EXPECT_EQ(stringOf(reader.read("deep/päck.bin", noLimit).view), patterned(300000));
  EXPECT_EQ(stringOf(reader.read("empty", noLimit).view), "");
}

TEST(Archive, EqualContentGivesEqualBytes) {
  EXPECT_EQ(stringOf(twoMembers().view), stringOf(twoMembers().view));
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
  EXPECT_EQ(stringOf(reader.read("stored", noLimit).view), "xyz");
}

TEST(Archive, NamesAreNeverPaths) {
  const ArchiveReader reader(bytesOf(rawZip({{"../../etc/x", "1"}, {"/abs", "2"}})));
  EXPECT_EQ(stringOf(reader.read("../../etc/x", noLimit).view), "1");
  EXPECT_EQ(stringOf(reader.read("/abs", noLimit).view), "2");
}

TEST(Archive, RefusesBombsAndLies) {
  RawMember understated = deflatedMember("m", std::string(100000, 'a'));
  understated.size = 10;
  EXPECT_EQ(messageOf([&] { ArchiveReader(bytesOf(rawZip({understated}))).read("m", noLimit); }),
            "archive member 'm' has a wrong checksum (CRC-32)");
  RawMember overstated = deflatedMember("m", "short");
  overstated.size = 4000000000u;
  EXPECT_EQ(messageOf([&] { ArchiveReader(bytesOf(rawZip({overstated}))).read("m", 5000000000u); }),
            "archive member 'm' declares 4000000000 bytes, more than its 7 compressed bytes can hold");
  const RawMember bomb = deflatedMember("m", std::string(1000000, '\0'));
  EXPECT_EQ(messageOf([&] { ArchiveReader(bytesOf(rawZip({bomb}))).read("m", 1000); }),
            "archive member 'm' declares 1000000 bytes, at most 1000 are allowed");
}

/// `text` with the number at `at` replaced.
std::string with(std::string text, std::size_t at, std::uint64_t value, int bytes) {
  return text.replace(at, static_cast<std::size_t>(bytes), number(value, bytes));
}

TEST(Archive, TellsADamagedDirectory) {
  const std::string zip = rawZip({{"a", "1"}, {"bc", "22"}});
  const std::size_t end = zip.size() - 22, first = zip.find("PK\x01\x02");
  const std::size_t second = zip.find("PK\x01\x02", first + 1);
  const std::string start = "the zip archive's directory is damaged: ";
  const struct {
    std::string file, message;
  } rows[] = {
      {with(zip, end + 4, 1, 2), "the zip archive is one part of several, a single file is expected"},
      {with(zip, end + 8, 1, 2), "the zip archive is one part of several, a single file is expected"},
      {with(zip, end + 12, 0xffffffff, 4),
       start + "its 4294967295 bytes at 66 do not fit before its end record at 161"},
      {with(zip, end + 16, 67, 4), start + "its 95 bytes at 67 do not fit before its end record at 161"},
      {with(zip, end + 12, 94, 4), start + "entry 1 of 2 is missing"},
      {with(with(zip, end + 8, 3, 2), end + 10, 3, 2), start + "entry 3 of 3 is missing"},
      {with(zip, second, 0, 4), start + "entry 2 of 2 is missing"},
      {with(zip, second + 28, 3, 2), start + "entry 2 of 2 is cut off"},
      {with(zip, second + 32, 1, 2), start + "entry 2 of 2 is cut off"},
      {with(with(zip, first + 28, 0, 2), first + 30, 1, 2),
       start + "entry 1 of 2 has extra fields that cannot be read"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(messageOf([&] { ArchiveReader reader(bytesOf(row.file)); }), row.message);
}

/// An archive whose only entry has an extra field and sizes and offset of all ones.
std::string withExtra(const std::string& extra) {
  std::string zip = rawZip({{"a" + extra, "1"}});
  const std::size_t entry = zip.find("PK\x01\x02");
  for (const std::size_t field : {20u, 24u, 42u}) zip = with(zip, entry + field, 0xffffffff, 4);
  return with(with(zip, entry + 28, 1, 2), entry + 30, extra.size(), 2);
}

TEST(Archive, ChecksExtraFieldsBeforeTheyAreTrusted) {
  const std::string wrong =
      "the zip archive's directory is damaged: entry 1 of 1 has extra fields that cannot be read";
  const auto errorWith = [](const std::string& extra) {
    return messageOf([&] { ArchiveReader reader(bytesOf(withExtra(extra))); });
  };
  const std::string sizes = number(1, 8) + number(1, 8) + number(0, 8);
  const std::string zip64 = number(1, 2) + number(24, 2) + sizes;
  EXPECT_EQ(errorWith(zip64), "no error");
  EXPECT_EQ(errorWith(zip64 + number(7, 2) + number(0, 2)), "no error");
  EXPECT_EQ(errorWith(number(7, 2) + number(9999, 2)), wrong);
  EXPECT_EQ(errorWith(number(7, 2)), wrong);
  EXPECT_EQ(errorWith(number(1, 2) + number(0, 2)), wrong) << "QuaZip would read on beyond the file";
  EXPECT_EQ(errorWith(number(1, 2) + number(26, 2) + sizes + "xy" + number(7, 2) + number(0, 2)), wrong)
      << "QuaZip would lose its place";
}

/// The end record of 64 bits and its locator (APPNOTE 4.3.14, 4.3.15) put before the usual one.
std::string withEnd64(const std::string& zip, std::uint64_t bytes, std::uint64_t offset) {
  const std::size_t end = zip.size() - 22;
  const std::string record = "PK\x06\x06" + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8) +
                             number(1, 8) + number(1, 8) + number(bytes, 8) + number(offset, 8);
  const std::string locator = "PK\x06\x07" + number(0, 4) + number(end, 8) + number(1, 4);
  return zip.substr(0, end) + record + locator + zip.substr(end);
}

TEST(Archive, ReadsAnEndRecordOf64Bits) {
  const std::string zip = rawZip({{"a", "1"}});
  const std::size_t bytes = 47, offset = zip.size() - 22 - 47;
  const ArchiveReader reader(bytesOf(withEnd64(zip, bytes, offset)));
  EXPECT_EQ(stringOf(reader.read("a", noLimit).view), "1");
  const std::string start = "the zip archive's directory is damaged: ";
  EXPECT_EQ(messageOf([&] { ArchiveReader wrong(bytesOf(withEnd64(zip, bytes, ~std::uint64_t{0}))); }),
            start + "its 47 bytes at 18446744073709551615 do not fit before its end record at 79");
  EXPECT_EQ(messageOf([&] { ArchiveReader wrong(bytesOf(withEnd64(zip, 0, offset))); }),
            start + "entry 1 of 1 is missing");
  const std::string whole = withEnd64(zip, bytes, offset);
  const std::string lead = whole.substr(0, offset + bytes);
  const std::string locator = with(whole.substr(lead.size() + 56, 20), 8, lead.size() + 20, 8);
  EXPECT_EQ(messageOf([&] { ArchiveReader wrong(bytesOf(lead + locator + "PK\x06\x06")); }),
            start + "its end record is cut off");
}

TEST(Archive, EmptyOnesHaveNoMembers) {
  ArchiveWriter writer;
  const ArchiveReader reader(writer.finish());
  EXPECT_TRUE(reader.members().empty());
  EXPECT_EQ(messageOf([&] { reader.read("a", noLimit); }), "the archive has no member 'a'");
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
