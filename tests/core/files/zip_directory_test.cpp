// SPDX-License-Identifier: GPL-3.0-or-later
// The directory of a zip archive as it lists members, beside what stands before each of them.
#include "core/files/zip_directory.h"

#include <gmock/gmock.h>

#include "core/support/bytes.h"
#include "core/support/error.h"
#include "tests/core/files/raw_zip.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using testing::viewOf;

TEST(ZipDirectory, ListsMembersWithWhatBothHeadersSay) {
  const std::string zip =
      testing::rawZip({{"a", "hello"}, testing::deflatedMember("folder/b", std::string(1000, 'x'))});
  const ZipDirectory directory = readZipHeaders(viewOf(zip));
  ASSERT_EQ(directory.entries.size(), 2u);
  const ZipEntry &a = directory.entries[0], &b = directory.entries[1];
  EXPECT_EQ(a.listed.name, "a");
  EXPECT_EQ(a.offset, 0u);
  EXPECT_EQ(textOf(packedBytes(viewOf(zip), a)), "hello");
  EXPECT_EQ(b.listed.method, 8);
  EXPECT_EQ(b.listed.size, 1000u);
  ASSERT_TRUE(b.local);
  EXPECT_EQ(b.local->name, "folder/b");
  EXPECT_EQ(b.local->packed, b.listed.packed);
  EXPECT_EQ(directory.end, zip.size());
}

TEST(ZipDirectory, TheDirectoryAloneLeavesLocalHeadersUnread) {
  const std::string zip = testing::rawZip({{"a", "hello"}});
  const ZipDirectory directory = readZipDirectory(viewOf(zip));
  ASSERT_EQ(directory.entries.size(), 1u);
  EXPECT_FALSE(directory.entries[0].local);
  EXPECT_THROW(packedBytes(viewOf(zip), directory.entries[0]), Error);
}

TEST(ZipDirectory, BytesBeforeTheArchiveShiftItsOffsets) {
  const std::string zip = "#!/bin/sh\n" + testing::rawZip({{"a", "hello"}});
  const ZipDirectory directory = readZipHeaders(viewOf(zip));
  EXPECT_EQ(directory.entries.at(0).offset, 10u);
  EXPECT_EQ(textOf(packedBytes(viewOf(zip), directory.entries[0])), "hello");
}

TEST(ZipDirectory, AMemberThatIsNotWhereTheDirectorySaysHasNoLocalHeader) {
  std::string zip = testing::rawZip({{"a", "hello"}});
  zip[0] = 'X';
  const ZipDirectory directory = readZipHeaders(viewOf(zip));
  ASSERT_EQ(directory.entries.size(), 1u);
  EXPECT_FALSE(directory.entries[0].local);
}

TEST(ZipDirectory, TheFirstMembersNameTellsFormatsApart) {
  EXPECT_EQ(firstZipMember(viewOf(testing::rawZip({{"x.npy", ""}, {"y", ""}}))), "x.npy");
  const std::string whole = testing::rawZip({{"name", "data"}});
  EXPECT_TRUE(startsAsZip(viewOf(whole)));
  EXPECT_FALSE(firstZipMember(viewOf(whole.substr(0, 20))));
  EXPECT_FALSE(firstZipMember(viewOf(whole.substr(0, 32)))) << "the name is cut off";
  EXPECT_FALSE(firstZipMember(viewOf("PK\x05\x06")));
  EXPECT_FALSE(startsAsZip({}));
}

}  // namespace
}  // namespace lapidary::core
