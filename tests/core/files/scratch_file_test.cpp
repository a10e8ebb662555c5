// SPDX-License-Identifier: GPL-3.0-or-later
// What killed programs left behind: told from what living ones write, and removed.
#include "core/files/scratch_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/files/bytes.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;

void write(const std::string& path, std::string_view text) {
  writeFileAtomically(path, [&](const Append& append) { append(std::as_bytes(std::span(text))); });
}

std::vector<std::string> namesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

/// A process that is killed in the middle of a write.
void writeHalf(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    writeFileAtomically(path, [](const Append& append) {
      append(std::as_bytes(std::span("half", 4)));
      ::kill(::getpid(), SIGKILL);
    });
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(ScratchFile, TheNextSaveRemovesWhatAKilledOneLeft) {
  const TemporaryFolder folder;
  writeHalf(folder.path("a"));
  ASSERT_EQ(namesIn(folder.path()).size(), 1u);
  write(folder.path("b"), "whole");  // another file of the folder will do
  EXPECT_EQ(namesIn(folder.path()), std::vector<std::string>{"b"});
}

TEST(ScratchFile, OthersFilesAreLeftAlone) {
  const TemporaryFolder folder;
  const std::string own = scratchPath(folder.path("a"), "part");  // this process lives
  const std::string name = fs::path(own).filename();
  const std::string process = std::to_string(::getpid());
  const std::string dead = "2147480000";
  std::vector<std::string> kept{name,
                                ".a." + process + ".0.part",
                                ".a.lapidary-1-" + dead + "-0.part",
                                "a.lapidary-x",
                                ".lapidary-",
                                ".a.lapidary-12-"};
  std::string gone = name;
  gone.replace(gone.find("-" + process + "-"), process.size() + 2, "-" + dead + "-");
  for (const std::string& one : kept) folder.write(one, "text");
  folder.write(gone, "text");
  removeLeftovers(folder.path());
  EXPECT_FALSE(fs::exists(folder.path(gone)));
  for (const std::string& one : kept) EXPECT_TRUE(fs::exists(folder.path(one))) << one;
}

TEST(ScratchFile, NamesDifferAndFitLongTargets) {
  const std::string a = scratchPath("folder/" + std::string(250, 'x'), "part");
  EXPECT_NE(a, scratchPath("folder/" + std::string(250, 'x'), "part"));
  EXPECT_LE(fs::path(a).filename().string().size(), 255u);
  EXPECT_EQ(fs::path(a).parent_path(), "folder");
}

}  // namespace
}  // namespace lapidary::core::testing
