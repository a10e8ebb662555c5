#include "core/run/activation_cache.h"

#include <list>
#include <mutex>
#include <unordered_map>

namespace lapidary::core {
namespace {

/// Counted for every entry besides its values.
constexpr std::size_t overhead = 512;

struct Entry {
  Key key;
  std::vector<Activation> outputs;
  std::size_t bytes = 0;
  bool proven = false;  ///< has been found at least once since it was inserted
};

std::size_t bytesOf(const std::vector<Activation>& outputs) {
  std::size_t bytes = overhead;
  for (const Activation& output : outputs) bytes += output.byteSize();
  return bytes;
}

}  // namespace

/// Two lists, most recent first (a segmented LRU): what was never found again goes first, so that the
/// results of passing edits do not push out the unedited front of the network, which every edit finds.
struct ActivationCache::State {
  using List = std::list<Entry>;

  std::mutex mutex;
  List fresh, proven;
  std::unordered_map<Key, List::iterator> places;
  CacheStatistics statistics;
  std::size_t provenBytes = 0;

  std::size_t provenLimit() const { return statistics.budget / 5 * 4; }

  void touch(List::iterator entry) {
    if (entry->proven) {
      proven.splice(proven.begin(), proven, entry);
      return;
    }
    entry->proven = true;
    provenBytes += entry->bytes;
    proven.splice(proven.begin(), fresh, entry);
    while (provenBytes > provenLimit() && proven.size() > 1) demote(std::prev(proven.end()));
  }

  void demote(List::iterator entry) {
    entry->proven = false;
    provenBytes -= entry->bytes;
    fresh.splice(fresh.begin(), proven, entry);
  }

  /// Dropped entries are moved to `dropped`, so that their memory is freed outside the lock.
  void shrinkTo(std::size_t bytes, List& dropped) {
    while (statistics.bytes > bytes) {
      List& from = fresh.empty() ? proven : fresh;
      const auto last = std::prev(from.end());
      if (last->proven) provenBytes -= last->bytes;
      statistics.bytes -= last->bytes;
      places.erase(last->key);
      dropped.splice(dropped.begin(), from, last);
    }
    statistics.entries = places.size();
  }
};

ActivationCache::ActivationCache(std::size_t budgetBytes) : m_state(std::make_unique<State>()) {
  m_state->statistics.budget = budgetBytes;
}

ActivationCache::~ActivationCache() = default;

std::optional<std::vector<Activation>> ActivationCache::find(const Key& key) const {
  const std::lock_guard lock(m_state->mutex);
  const auto found = m_state->places.find(key);
  if (found == m_state->places.end()) {
    ++m_state->statistics.misses;
    return std::nullopt;
  }
  ++m_state->statistics.hits;
  m_state->touch(found->second);
  return found->second->outputs;
}

void ActivationCache::insert(const Key& key, std::vector<Activation> outputs) {
  State::List incoming, dropped;
  incoming.push_back({key, std::move(outputs), 0});
  incoming.front().bytes = bytesOf(incoming.front().outputs);
  const std::lock_guard lock(m_state->mutex);
  CacheStatistics& statistics = m_state->statistics;
  if (incoming.front().bytes > statistics.budget / 8 || m_state->places.contains(key)) return;
  m_state->shrinkTo(statistics.budget - incoming.front().bytes, dropped);
  statistics.bytes += incoming.front().bytes;
  m_state->fresh.splice(m_state->fresh.begin(), incoming);
  m_state->places.emplace(key, m_state->fresh.begin());
  statistics.entries = m_state->places.size();
}

void ActivationCache::setBudget(std::size_t bytes) {
  State::List dropped;
  const std::lock_guard lock(m_state->mutex);
  m_state->statistics.budget = bytes;
  m_state->shrinkTo(bytes, dropped);
}

CacheStatistics ActivationCache::statistics() const {
  const std::lock_guard lock(m_state->mutex);
  return m_state->statistics;
}

}  // namespace lapidary::core
