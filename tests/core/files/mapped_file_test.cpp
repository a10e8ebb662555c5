// SPDX-License-Identifier: GPL-3.0-or-later
// Files that change while they are open: no crash, and nothing of them passes for what was there.
#include "core/files/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/io/common/format.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core::testing {
namespace {

constexpr std::size_t large = std::size_t{20} << 20;

std::size_t sumOf(const Bytes& bytes) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < bytes.view.size(); i += 512) sum += static_cast<std::size_t>(bytes.view[i]);
  return sum;
}

TEST(MappedFile, AFileCutShortReadsAsZerosAndIsToldOf) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(large, '\1'));
  const Bytes bytes = mapFile(path);
  ASSERT_TRUE(isMapped(bytes.owner));
  EXPECT_NO_THROW(requireUnchangedFiles());
  ASSERT_EQ(::truncate(path.c_str(), 4096), 0);
  EXPECT_EQ(sumOf(bytes), 4096u / 512);  // SIGBUS without the guard
  EXPECT_EQ(folder.withoutPath(messageOf([] { requireUnchangedFiles(); })),
            "DIR/a: the file was changed while it was open; open it again");
}

TEST(MappedFile, AFileWrittenIntoIsToldOfAsLongAsItIsMapped) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(large, '\1'));
  {
    const Bytes bytes = mapFile(path);
    const int file = ::open(path.c_str(), O_WRONLY);
    ASSERT_EQ(::pwrite(file, "x", 1, 77), 1);
    ::close(file);
    EXPECT_NE(messageOf([] { requireUnchangedFiles(); }), "no error");
  }
  EXPECT_NO_THROW(requireUnchangedFiles());
}

TEST(MappedFile, AFileReplacedByAnotherStaysAsItWas) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(large, '\1'));
  const Bytes bytes = mapFile(path);
  writeFileAtomically(path, [](const Append& append) { append(std::as_bytes(std::span("new", 3))); });
  EXPECT_EQ(sumOf(bytes), large / 512);
  EXPECT_NO_THROW(requireUnchangedFiles());
}

TEST(MappedFile, SmallFilesAreReadAtOnce) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", std::string(100'000, '\1'));
  const Bytes bytes = mapFile(path);
  EXPECT_FALSE(isMapped(bytes.owner));
  ASSERT_EQ(::truncate(path.c_str(), 0), 0);
  EXPECT_EQ(sumOf(bytes), 196u);
  EXPECT_NO_THROW(requireUnchangedFiles());
}

TEST(MappedFile, MoreThanCanBeGuardedAreReadAtOnce) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "");
  ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(large)), 0);  // takes no room on the disk
  std::vector<std::shared_ptr<const void>> owners;
  const int file = ::open(path.c_str(), O_RDONLY);
  while (auto owner = mapGuarded(file, large, path)) owners.push_back(std::move(owner));
  ::close(file);
  EXPECT_GE(owners.size(), 100u);
  EXPECT_FALSE(isMapped(mapFile(path).owner));
  owners.clear();
  EXPECT_TRUE(isMapped(mapFile(path).owner));
}

}  // namespace
}  // namespace lapidary::core::testing
