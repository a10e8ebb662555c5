// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/activation_cache.h"

#include <mutex>
#include <utility>

#include "core/support/background.h"
#include "core/support/recent_map.h"

namespace lapidary::core {
namespace {

/// Counted for every entry besides its values.
constexpr std::size_t overhead = 512;

/// The keys of what was computed lately, in a table of fixed size: of two that share a slot the later one
/// is known.
class ComputedBefore {
 public:
  /// Whether the key was noted before; notes it.
  bool note(const Key& key) {
    if (m_keys.empty()) m_keys.resize(slots);
    return std::exchange(m_keys[key.low % slots], key) == key;
  }

 private:
  static constexpr std::size_t slots = std::size_t{1} << 16;
  std::vector<Key> m_keys;
};

std::size_t bytesOf(const std::vector<Activation>& outputs) {
  std::size_t bytes = overhead;
  for (const Activation& output : outputs) bytes += output.byteSize();
  return bytes;
}

}  // namespace

struct ActivationCache::State {
  using Outputs = std::vector<Activation>;
  using Entries = RecentMap<Key, Outputs>;

  std::mutex mutex;
  Entries passing, lasting;
  std::size_t budget = 0;
  std::uint64_t hits = 0, misses = 0;
  ComputedBefore computed;

  std::size_t bytes() const { return passing.bytes() + lasting.bytes(); }
  bool contains(const Key& key) const { return passing.contains(key) || lasting.contains(key); }

  /// Marks it as used just now; null where it is not remembered.
  const Entries::Entry* use(const Key& key) {
    for (Entries* entries : {&passing, &lasting})
      if (entries->find(key)) return &*entries->begin();
    return nullptr;
  }

  /// What is dropped is moved to `dropped`, so that its memory is freed outside the lock.
  void shrink(std::vector<Outputs>& dropped) {
    while (lasting.bytes() > budget / 4) dropped.push_back(lasting.takeOldest().value);
    while (bytes() > budget) dropped.push_back((passing.empty() ? lasting : passing).takeOldest().value);
  }
};

ActivationCache::ActivationCache(std::size_t budgetBytes) : m_state(std::make_unique<State>()) {
  m_state->budget = budgetBytes;
}

ActivationCache::~ActivationCache() = default;

std::optional<std::vector<Activation>> ActivationCache::find(const Key& key) const {
  const std::lock_guard lock(m_state->mutex);
  const auto* found = m_state->use(key);
  ++(found ? m_state->hits : m_state->misses);
  return found ? std::optional(found->value) : std::nullopt;
}

std::vector<std::size_t> ActivationCache::touch(std::span<const Key> keys) {
  const std::lock_guard lock(m_state->mutex);
  std::vector<std::size_t> bytes;
  for (const Key& key : keys) {
    const auto* found = m_state->use(key);
    bytes.push_back(found ? found->bytes : 0);
  }
  return bytes;
}

std::size_t ActivationCache::insert(const Key& key, std::vector<Activation> outputs, Retention retention) {
  if (retention == Retention::Nothing || inBackground()) return 0;
  const std::size_t bytes = bytesOf(outputs);
  std::vector<State::Outputs> dropped;
  const std::lock_guard lock(m_state->mutex);
  if (m_state->contains(key)) return bytes;
  if (bytes > m_state->budget / 8) return 0;
  if (retention == Retention::Recurring && !m_state->computed.note(key)) return 0;
  auto& entries = retention == Retention::Lasting ? m_state->lasting : m_state->passing;
  entries.put(key, std::move(outputs), bytes);
  m_state->shrink(dropped);
  return bytes;
}

void ActivationCache::drop(const Key& key) {
  State::Outputs dropped;
  const std::lock_guard lock(m_state->mutex);
  if (!m_state->passing.take(key, &dropped)) m_state->lasting.take(key, &dropped);
}

void ActivationCache::setBudget(std::size_t bytes) {
  std::vector<State::Outputs> dropped;
  const std::lock_guard lock(m_state->mutex);
  m_state->budget = bytes;
  m_state->shrink(dropped);
}

CacheStatistics ActivationCache::statistics() const {
  const std::lock_guard lock(m_state->mutex);
  return {m_state->bytes(), m_state->budget, m_state->passing.size() + m_state->lasting.size(), m_state->hits,
          m_state->misses};
}

}  // namespace lapidary::core
