// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/buffer_pool.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t alignment = 64;
#ifdef __SANITIZE_ADDRESS__  // GCC
#define LAPIDARY_NO_REUSE 1
#elif defined(__has_feature)  // clang
#define LAPIDARY_NO_REUSE __has_feature(address_sanitizer)
#else
#define LAPIDARY_NO_REUSE 0
#endif
#if LAPIDARY_NO_REUSE
constexpr std::size_t smallest = SIZE_MAX;  // no reuse, which would hide overruns and use after the end
#else
constexpr std::size_t smallest = std::size_t{32} << 10;  // below, malloc is fast enough
#endif

std::size_t machineBytes() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page) : SIZE_MAX;
}

std::atomic<std::size_t>& largestBuffer() {
  static std::atomic<std::size_t> bytes{machineBytes()};
  return bytes;
}

[[noreturn]] void refuse(std::size_t bytes) {
  throw Error(ErrorKind::Unsupported,
              std::to_string(bytes) + " bytes for one array are more memory than there is");
}

void* take(std::size_t bytes) {
  void* memory = ::operator new (bytes, std::align_val_t{alignment}, std::nothrow);
  if (memory == nullptr) refuse(bytes);
  return memory;
}
void give(void* memory) { ::operator delete (memory, std::align_val_t{alignment}); }

/// Sizes are rounded up to eighths of a power of two: at most 12.5 % is wasted, and buffers of about
/// the same size fit each other.
std::size_t sizeClass(std::size_t bytes) {
  const std::size_t step = std::max(alignment, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

class IdleBuffers {
 public:
  /// Never destroyed: tensors in static storage may outlive any order of destruction.
  static IdleBuffers& instance() {
    static IdleBuffers* pool = new IdleBuffers;
    return *pool;
  }

  void* get(std::size_t size) {
    {
      const std::lock_guard lock(m_mutex);
      auto& idle = m_idle[size];
      if (!idle.empty()) {
        void* memory = idle.back();
        idle.pop_back();
        m_idleBytes -= size;
        return memory;
      }
    }
    return take(size);
  }

  void put(void* memory, std::size_t size) noexcept {
    {
      const std::lock_guard lock(m_mutex);
      if (m_idleBytes + size <= m_keptIdle) {
        try {
          m_idle[size].push_back(memory);
          m_idleBytes += size;
          return;
        } catch (const std::bad_alloc&) {  // no room to remember it: free it below
        }
      }
    }
    give(memory);
  }

  void keepAtMost(std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    m_keptIdle = bytes;
    if (m_idleBytes > bytes) releaseAll();
  }

  void release() {
    const std::lock_guard lock(m_mutex);
    releaseAll();
  }

 private:
  void releaseAll() {
    for (auto& [size, idle] : m_idle)
      for (void* memory : idle) give(memory);
    m_idle.clear();
    m_idleBytes = 0;
  }

  std::mutex m_mutex;
  std::map<std::size_t, std::vector<void*>> m_idle;
  std::size_t m_idleBytes = 0, m_keptIdle = std::size_t{256} << 20;
};

}  // namespace

std::shared_ptr<std::byte[]> allocateBuffer(std::size_t bytes) {
  // Systems that promise more memory than they have would kill the process on its first use.
  if (bytes > largestBuffer()) refuse(bytes);
  if (bytes < smallest) {
    void* memory = take(std::max<std::size_t>(bytes, 1));
    return {static_cast<std::byte*>(memory), [](std::byte* p) { give(p); }};
  }
  const std::size_t size = sizeClass(bytes);
  void* memory = IdleBuffers::instance().get(size);
  return {static_cast<std::byte*>(memory), [size](std::byte* p) { IdleBuffers::instance().put(p, size); }};
}

void keepIdleBuffers(std::size_t bytes) { IdleBuffers::instance().keepAtMost(bytes); }

void refuseBuffersAbove(std::size_t bytes) { largestBuffer() = bytes; }

void releaseIdleBuffers() { IdleBuffers::instance().release(); }

}  // namespace lapidary::core
