// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/files/mapped_file.h"
#include "core/files/scratch_file.h"
#include "core/support/buffer_pool.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

std::string reason() { return std::generic_category().message(errno); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : m_fd(fd) {}
  ~Descriptor() {
    if (m_fd >= 0) ::close(m_fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return m_fd; }
  bool valid() const { return m_fd >= 0; }
  /// False where the system reports at last that something could not be written.
  bool close() {
    const int fd = std::exchange(m_fd, -1);
    return ::close(fd) == 0;
  }

 private:
  int m_fd;
};

[[noreturn]] void unreadable(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::InvalidInput, path + ": " + why);
}

[[noreturn]] void unwritable(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::CannotWrite, path + ": " + why);
}

/// The file being written, under a name of its own beside the target; removed unless it is kept.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& shown, const std::string& target)
      : m_shown(shown),
        m_path(scratchPath(target, "part")),
        m_file(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (!m_file.valid()) unwritable(m_shown, reason());
    m_buffer.reserve(bufferBytes);
  }
  ~TemporaryFile() {
    if (!m_path.empty()) ::unlink(m_path.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void append(std::span<const std::byte> bytes) {
    if (m_buffer.size() + bytes.size() > bufferBytes) flush();
    if (bytes.size() >= bufferBytes) return writeAll(bytes);
    m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
  }

  void keep() {
    flush();
    if (::fsync(m_file.get()) != 0 || !m_file.close()) unwritable(m_shown, reason());
    putInPlace(m_path, m_shown);
    m_path.clear();
  }

 private:
  static constexpr std::size_t bufferBytes = std::size_t{256} << 10;

  void flush() {
    writeAll(m_buffer);
    m_buffer.clear();
  }

  void writeAll(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) unwritable(m_shown, reason());
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  std::string m_shown, m_path;
  Descriptor m_file;
  std::vector<std::byte> m_buffer;
};

/// A file of up to this size is read at once: what becomes of it afterwards is then of no matter.
constexpr std::size_t readAtOnce = std::size_t{16} << 20;

Bytes readWhole(const Descriptor& file, std::size_t size, const std::string& path) {
  const auto memory = allocateBuffer(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::read(file.get(), memory.get() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) unreadable(path, reason());
    if (got == 0) unreadable(path, "the file became shorter while it was read");
    done += static_cast<std::size_t>(got);
  }
  return {memory, {memory.get(), size}};
}

}  // namespace

Bytes mapFile(const std::string& path) {
  // O_NONBLOCK: a pipe without a writer must not hang the open.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) unreadable(path, reason());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) unreadable(path, reason());
  if (S_ISDIR(status.st_mode)) unreadable(path, "is a folder, a file expected");
  if (!S_ISREG(status.st_mode)) unreadable(path, "is not a regular file");
  if (status.st_size == 0) unreadable(path, "the file is empty");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > readAtOnce)
    if (const auto owner = mapGuarded(file.get(), size, path))
      return {owner, {static_cast<const std::byte*>(owner.get()), size}};
  return readWhole(file, size, path);
}

void releasePages(const Bytes& file, std::span<const std::byte> part) {
  if (!isMapped(file.owner)) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(part.data());
  const std::uintptr_t begin = (first + page - 1) / page * page, end = (first + part.size()) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void writeFileAtomically(const std::string& path, const std::function<void(const Append&)>& write) {
  const std::string target = withoutLink(path);
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0 && !S_ISREG(old.st_mode))
    unwritable(path, S_ISDIR(old.st_mode) ? "is a folder, a file expected" : "is not a regular file");
  removeLeftovers(std::filesystem::path(target).parent_path().string());
  TemporaryFile file(path, target);
  write([&file](std::span<const std::byte> bytes) { file.append(bytes); });
  file.keep();
}

}  // namespace lapidary::core
