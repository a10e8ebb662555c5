#include "core/io/bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

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

/// Links are followed, so that the file they point to is replaced and not the link.
std::string writtenPath(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

/// The file being written, under a name of its own beside the target; removed unless it is kept.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& shown, const std::string& target)
      : m_shown(shown),
        m_target(target),
        m_path(freshName(target)),
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
    keepMode();
    if (::fsync(m_file.get()) != 0 || !m_file.close()) unwritable(m_shown, reason());
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) unwritable(m_shown, reason());
    m_path.clear();
  }

 private:
  static constexpr std::size_t bufferBytes = std::size_t{256} << 10;

  static std::string freshName(const std::string& target) {
    static std::atomic<unsigned> counter{0};
    const std::filesystem::path path(target);
    const std::string name = "." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                             std::to_string(counter++) + ".part";
    return (path.parent_path() / name).string();
  }

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

  /// The replaced file's permissions stay; failing to keep them is no reason to lose the new content.
  void keepMode() const {
    struct stat old {};
    if (::stat(m_target.c_str(), &old) == 0) (void)!::fchmod(m_file.get(), old.st_mode & 07777);
  }

  std::string m_shown, m_target, m_path;
  Descriptor m_file;
  std::vector<std::byte> m_buffer;
};

/// Makes the rename itself survive a power cut, where the file system can.
void syncFolder(const std::string& target) {
  const auto folder = std::filesystem::path(target).parent_path();
  const Descriptor directory(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.valid()) ::fsync(directory.get());
}

struct Unmap {
  std::size_t size;
  void operator()(const void* memory) const { ::munmap(const_cast<void*>(memory), size); }
};

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
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) unreadable(path, reason());
  std::shared_ptr<const void> owner(memory, Unmap{size});
  return Bytes{std::move(owner), {static_cast<const std::byte*>(memory), size}};
}

void releasePages(const Bytes& file, std::span<const std::byte> part) {
  if (std::get_deleter<Unmap>(file.owner) == nullptr) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(part.data());
  const std::uintptr_t begin = (first + page - 1) / page * page, end = (first + part.size()) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void writeFileAtomically(const std::string& path, const std::function<void(const Append&)>& write) {
  const std::string target = writtenPath(path);
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0 && !S_ISREG(old.st_mode))
    unwritable(path, S_ISDIR(old.st_mode) ? "is a folder, a file expected" : "is not a regular file");
  TemporaryFile file(path, target);
  write([&file](std::span<const std::byte> bytes) { file.append(bytes); });
  file.keep();
  syncFolder(target);
}

}  // namespace lapidary::core
