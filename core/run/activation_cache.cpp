#include "core/run/activation_cache.h"

#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/support/background.h"

namespace lapidary::core {
namespace {

/// Counted for every entry besides its values.
constexpr std::size_t overhead = 512;

/// The keys of what was computed lately, in a table of fixed size: of two that share a place the later one
/// is known.
class ComputedBefore {
 public:
  /// Whether the key was noted before; notes it.
  bool note(const Key& key) {
    if (m_keys.empty()) m_keys.resize(places);
    return std::exchange(m_keys[key.low % places], key) == key;
  }

 private:
  static constexpr std::size_t places = std::size_t{1} << 16;
  std::vector<Key> m_keys;
};

struct Entry {
  Key key;
  std::vector<Activation> outputs;
  std::size_t bytes = 0;
  Retention retention = Retention::Passing;
};

std::size_t bytesOf(const std::vector<Activation>& outputs) {
  std::size_t bytes = overhead;
  for (const Activation& output : outputs) bytes += output.byteSize();
  return bytes;
}

}  // namespace

/// Two lists, each most recent first.
struct ActivationCache::State {
  using List = std::list<Entry>;

  std::mutex mutex;
  List passing, lasting;
  std::unordered_map<Key, List::iterator> places;
  CacheStatistics statistics;
  std::size_t lastingBytes = 0;
  ComputedBefore computed;

  List& listOf(Retention retention) { return retention == Retention::Lasting ? lasting : passing; }

  void touch(List::iterator entry) {
    List& list = listOf(entry->retention);
    list.splice(list.begin(), list, entry);
  }

  /// Dropped entries are moved to `dropped`, so that their memory is freed outside the lock.
  void drop(List::iterator entry, List& dropped) {
    List& from = listOf(entry->retention);
    if (entry->retention == Retention::Lasting) lastingBytes -= entry->bytes;
    statistics.bytes -= entry->bytes;
    places.erase(entry->key);
    dropped.splice(dropped.begin(), from, entry);
    statistics.entries = places.size();
  }

  void shrinkTo(std::size_t bytes, List& dropped) {
    while (lastingBytes > statistics.budget / 4) drop(std::prev(lasting.end()), dropped);
    while (statistics.bytes > bytes)
      drop(std::prev(passing.empty() ? lasting.end() : passing.end()), dropped);
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

std::vector<std::size_t> ActivationCache::touch(std::span<const Key> keys) {
  const std::lock_guard lock(m_state->mutex);
  std::vector<std::size_t> bytes;
  for (const Key& key : keys) {
    const auto found = m_state->places.find(key);
    bytes.push_back(found == m_state->places.end() ? 0 : found->second->bytes);
    if (bytes.back() > 0) m_state->touch(found->second);
  }
  return bytes;
}

std::size_t ActivationCache::insert(const Key& key, std::vector<Activation> outputs, Retention retention) {
  State::List incoming, dropped;
  incoming.push_back({key, std::move(outputs), 0, retention});
  const std::size_t bytes = incoming.front().bytes = bytesOf(incoming.front().outputs);
  if (retention == Retention::Nothing || inBackground()) return 0;
  const std::lock_guard lock(m_state->mutex);
  CacheStatistics& statistics = m_state->statistics;
  if (m_state->places.contains(key)) return bytes;
  if (bytes > statistics.budget / 8) return 0;
  if (retention == Retention::Recurring && !m_state->computed.note(key)) return 0;
  statistics.bytes += bytes;
  if (retention == Retention::Lasting) m_state->lastingBytes += bytes;
  State::List& list = m_state->listOf(retention);
  list.splice(list.begin(), incoming);
  m_state->places.emplace(key, list.begin());
  m_state->shrinkTo(statistics.budget, dropped);
  statistics.entries = m_state->places.size();
  return bytes;
}

void ActivationCache::drop(const Key& key) {
  State::List dropped;
  const std::lock_guard lock(m_state->mutex);
  if (const auto found = m_state->places.find(key); found != m_state->places.end())
    m_state->drop(found->second, dropped);
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
