// SPDX-License-Identifier: GPL-3.0-or-later
// Disks that are full, folders without rights, targets that are folders: one message, and the old file whole.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "command.h"

namespace lapidary::test {
namespace {

namespace fs = std::filesystem;

std::size_t filesIn(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// A process that changes itself by `prepare` and then runs the command line.
Finished prepared(const std::function<void()>& prepare, const std::string& arguments) {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string command = "exec " + std::string(LAPIDARY_CLI) + " " + arguments;
    if (std::freopen((folder / "err").c_str(), "w", stderr) == nullptr) ::_exit(126);
    if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(126);
    prepare();
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, "", contentOf(folder / "err")};
}

std::string pruneTo(const std::string& target, const std::string& more = "") {
  return "compress " + lenet300 + " --sparsity 0.5 -o " + target + " " + more;
}

void expectOldFile(const Finished& refused, const std::string& target, const std::string& why) {
  EXPECT_EQ(refused.status, 4) << refused.err;
  EXPECT_NE(refused.err.find(target + ": " + why), std::string::npos) << refused.err;
  const std::size_t told = refused.err.find("lapidary-cli: ");
  ASSERT_NE(told, std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("lapidary-cli: ", told + 1), std::string::npos) << refused.err;
  EXPECT_EQ(contentOf(target), "old");
  EXPECT_EQ(filesIn(fs::path(target).parent_path()), 1u);
}

TEST(RefusedWrite, AFileThatMayNotGrowStaysTheOldOne) {
  for (const char* ending : {".onnx", ".lapidary", ".safetensors", ".npz"}) {
    const Folder folder;
    const std::string target = folder / (std::string("a") + ending);
    std::ofstream(target) << "old";
    const rlimit small{30'000, 30'000};
    expectOldFile(prepared([&] { ::setrlimit(RLIMIT_FSIZE, &small); }, pruneTo(target)), target,
                  "File too large");
  }
}

TEST(RefusedWrite, AFullDiskLeavesTheOldFile) {
  const Folder folder;
  if (::mount("lapidary", (folder / "").c_str(), "tmpfs", 0, "size=200k") != 0)
    GTEST_SKIP() << "skipped: only root may mount a small disk";
  for (const char* ending : {".onnx", ".lapidary", ".zip"}) {
    const std::string target = folder / (std::string("a") + ending);
    std::ofstream(target) << "old";
    expectOldFile(lapidary(pruneTo(target, std::string(ending) == ".zip" ? "--data " + digits : "")), target,
                  "No space left on device");
    fs::remove(target);
  }
  ::umount2((folder / "").c_str(), MNT_DETACH);
}

/// Root may write anywhere: the command then runs as nobody.
TEST(RefusedWrite, AFolderWithoutRightsIsNamed) {
  const Folder folder;
  const std::string target = folder / "a.onnx";
  std::ofstream(target) << "old";
  fs::permissions(folder / "", fs::perms(0555));
  const auto nobody = [] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(126);
  };
  const Finished probe = prepared(nobody, "--version");
  if (probe.status == 0) expectOldFile(prepared(nobody, pruneTo(target)), target, "Permission denied");
  fs::permissions(folder / "", fs::perms(0755));
  if (probe.status != 0) GTEST_SKIP() << "skipped: the program is in a folder that nobody else may read";
}

TEST(RefusedWrite, AFolderIsNoTarget) {
  const Folder folder;
  fs::create_directory(folder / "a.onnx");
  const Finished refused = lapidary(pruneTo(folder / "a.onnx"));
  EXPECT_EQ(refused.status, 4);
  EXPECT_NE(refused.err.find("a.onnx: Is a directory"), std::string::npos) << refused.err;
  EXPECT_EQ(filesIn(folder / ""), 1u);
}

}  // namespace
}  // namespace lapidary::test
