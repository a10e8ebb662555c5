// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/scratch_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>

#include "core/support/clock.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = ".lapidary-";

/// Folders of a network are written by several machines, whose processes have the same numbers.
std::string hostName() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : std::string_view(name)) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return std::to_string(hash);
}

/// The process that a scratch file of this machine belongs to.
std::optional<pid_t> makerOf(const std::string& name) {
  const std::size_t at = name.rfind(mark);
  if (name.empty() || name.front() != '.' || at == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(name).substr(at + mark.size());
  const std::string host = hostName() + "-";
  if (!rest.starts_with(host)) return std::nullopt;
  rest.remove_prefix(host.size());
  pid_t process = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), process);
  if (error != std::errc() || process <= 0 || end == rest.data() + rest.size() || *end != '-')
    return std::nullopt;
  return process;
}

bool lives(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

bool lookedThroughJustNow(const std::string& folder) {
  static std::mutex mutex;
  static std::map<std::string, Clock::time_point> seen;
  const std::lock_guard lock(mutex);
  const auto now = Clock::now();
  const auto [it, fresh] = seen.try_emplace(folder, now);
  if (!fresh && now - it->second < std::chrono::seconds(5)) return true;
  it->second = now;
  return false;
}

/// Makes the rename itself survive a power cut, where the file system can.
void syncFolder(const std::string& target) {
  const auto folder = fs::path(target).parent_path();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::fsync(directory);
  ::close(directory);
}

}  // namespace

std::string withoutLink(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const auto target = fs::canonical(path, error);
  return error ? path : target.string();
}

std::string scratchPath(const std::string& target, const std::string& kind) {
  static std::atomic<unsigned> counter{0};
  const fs::path path(target);
  // Names have at most 255 bytes; this one is for people to recognise.
  const std::string name = path.filename().string().substr(0, 160);
  return (path.parent_path() / ("." + name + std::string(mark) + hostName() + "-" +
                                std::to_string(::getpid()) + "-" + std::to_string(counter++) + "." + kind))
      .string();
}

void removeLeftovers(const std::string& folder) {
  if (lookedThroughJustNow(folder)) return;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end;
       it.increment(error)) {
    const auto maker = makerOf(it->path().filename().string());
    std::error_code ignored;
    if (maker && !lives(*maker) && it->is_regular_file(ignored)) fs::remove(it->path(), ignored);
  }
}

void putInPlace(const std::string& scratch, const std::string& target) {
  const std::string replaced = withoutLink(target);
  // Failing to keep the permissions is no reason to lose the new content.
  struct stat old {};
  if (::stat(replaced.c_str(), &old) == 0) (void)!::chmod(scratch.c_str(), old.st_mode & 07777);
  if (::rename(scratch.c_str(), replaced.c_str()) != 0)
    throw Error(ErrorKind::CannotWrite, target + ": " + std::generic_category().message(errno));
  syncFolder(replaced);
}

}  // namespace lapidary::core
