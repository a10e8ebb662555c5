// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The state that a signal handler may read at any time: a mapping in place, or none where begin is 0.
struct Slot {
  std::atomic<std::uintptr_t> begin{0}, end{0};
  std::atomic<bool> torn{false};  ///< a page was missing
};

constexpr std::size_t mostMappings = 512;
std::array<Slot, mostMappings> slotTable;
struct sigaction earlier;
std::uintptr_t pageBytes = 4096;

Slot* slotOf(std::uintptr_t address) {
  for (Slot& slot : slotTable)
    if (address >= slot.begin && address < slot.end) return &slot;
  return nullptr;
}

/// Zeros in place of the missing page. mmap is a bare system call here, which may be made in a handler.
void onMissingPage(int signal, siginfo_t* info, void* context) {
  const int kept = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  Slot* slot = slotOf(address);
  if (slot != nullptr && ::mmap(reinterpret_cast<void*>(address / pageBytes * pageBytes), pageBytes,
                                PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
    slot->torn = true;
    errno = kept;
    return;
  }
  // Not ours: whoever was asked before, or the end that the system makes of it.
  if (earlier.sa_flags & SA_SIGINFO)
    earlier.sa_sigaction(signal, info, context);
  else
    ::sigaction(signal, &earlier, nullptr);  // the access is tried again
}

void guardOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    pageBytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = onMissingPage;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGBUS, &action, &earlier);
  });
}

struct Mapping {
  int descriptor;
  struct stat status;  ///< when it was mapped
  std::string path;
};

std::mutex mappingsMutex;  ///< of the mappings, not of the slots
std::array<const Mapping*, mostMappings> mappings{};

struct Unmap {
  std::size_t index, bytes;
  void operator()(const void* memory) const {
    const std::lock_guard lock(mappingsMutex);
    slotTable[index].end = 0;
    slotTable[index].begin = 0;
    ::munmap(const_cast<void*>(memory), bytes);
    ::close(mappings[index]->descriptor);
    delete std::exchange(mappings[index], nullptr);
  }
};

bool sameTime(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

bool changed(const Mapping& mapping) {
  struct stat now {};
  return ::fstat(mapping.descriptor, &now) != 0 || now.st_size != mapping.status.st_size ||
         !sameTime(now.st_mtim, mapping.status.st_mtim);
}

}  // namespace

std::shared_ptr<const void> mapGuarded(int descriptor, std::size_t bytes, const std::string& path) {
  guardOnce();
  std::unique_lock lock(mappingsMutex);
  const auto free = std::find(mappings.begin(), mappings.end(), nullptr);
  if (free == mappings.end()) return nullptr;
  auto mapping = std::make_unique<Mapping>(Mapping{::dup(descriptor), {}, path});
  void* memory = MAP_FAILED;
  if (mapping->descriptor >= 0 && ::fstat(mapping->descriptor, &mapping->status) == 0)
    memory = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (memory == MAP_FAILED) {
    const std::string why = std::generic_category().message(errno);
    if (mapping->descriptor >= 0) ::close(mapping->descriptor);
    throw Error(ErrorKind::InvalidInput, path + ": " + why);
  }
  const auto index = static_cast<std::size_t>(free - mappings.begin());
  *free = mapping.release();
  slotTable[index].torn = false;
  slotTable[index].begin = reinterpret_cast<std::uintptr_t>(memory);
  slotTable[index].end = reinterpret_cast<std::uintptr_t>(memory) + bytes;
  lock.unlock();
  return {static_cast<const void*>(memory), Unmap{index, bytes}};
}

bool isMapped(const std::shared_ptr<const void>& owner) { return std::get_deleter<Unmap>(owner) != nullptr; }

void requireUnchangedFiles() {
  const std::lock_guard lock(mappingsMutex);
  for (std::size_t i = 0; i < mostMappings; ++i)
    if (mappings[i] != nullptr && (slotTable[i].torn || changed(*mappings[i])))
      throw Error(ErrorKind::InvalidInput,
                  mappings[i]->path + ": the file was changed while it was open; open it again");
}

}  // namespace lapidary::core
