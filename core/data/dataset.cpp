// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <random>

#include "core/data/dataset_prepare.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t keptBytes = 512u << 20;
constexpr std::uint64_t orderSeed = 0x6c617069;

/// std::shuffle's draws differ between libraries; the order must not.
void shuffle(std::vector<std::size_t>& items, std::mt19937_64& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

/// Each class is shuffled, then dealt out evenly: its k-th of n samples stands at share (k + 1/2) / n.
std::vector<std::size_t> stratifiedOrder(const DataSource& source) {
  std::map<std::int64_t, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < source.size(); ++i)
    classes[source.labelled() ? source.label(i) : 0].push_back(i);
  std::mt19937_64 random(orderSeed);
  std::vector<std::pair<double, std::size_t>> ranked;
  ranked.reserve(source.size());
  for (auto& [label, samples] : classes) {
    shuffle(samples, random);
    for (std::size_t k = 0; k < samples.size(); ++k)
      ranked.emplace_back((static_cast<double>(k) + 0.5) / static_cast<double>(samples.size()), samples[k]);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::size_t> order;
  for (const auto& entry : ranked) order.push_back(entry.second);
  return order;
}

std::uint64_t nextId() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

std::size_t bytesOf(const std::vector<Tensor>& tensors) {
  return std::accumulate(tensors.begin(), tensors.end(), std::size_t{0},
                         [](std::size_t sum, const Tensor& tensor) { return sum + tensor.bytes().size(); });
}

void requireSameShape(const Tensor& sample, const Tensor& first, const DataSource& source, std::size_t i,
                      const std::string& input) {
  if (sample.shape() == first.shape()) return;
  throw Error(ErrorKind::InvalidInput,
              "sample " + source.sampleName(i) + " becomes " + toText(sample.shape()) + " for input '" +
                  input + "', others " + toText(first.shape()) +
                  (source.audible() ? "; set the preprocess key 'audio.length'"
                                    : "; set the preprocess keys 'resize' and 'crop'"));
}

Tensor stack(const std::vector<const Tensor*>& samples) {
  Shape shape = samples.front()->shape();
  shape.insert(shape.begin(), static_cast<std::int64_t>(samples.size()));
  TensorBuilder builder(samples.front()->dtype(), std::move(shape));
  std::byte* to = builder.bytes().data();
  for (const Tensor* sample : samples) to = std::copy(sample->bytes().begin(), sample->bytes().end(), to);
  return std::move(builder).build();
}

}  // namespace

/// Prepared samples by index. They are kept in the order they come until the budget is full, and never
/// thrown out: evaluation walks the same prefix again and again, where dropping the oldest would drop
/// just what is asked for next.
struct Dataset::Store {
  using Sample = std::shared_ptr<const std::vector<Tensor>>;

  explicit Store(std::size_t size) : samples(size) {}

  std::mutex& guard(std::size_t i) { return mutexes[i % mutexes.size()]; }

  Sample find(std::size_t i) {
    const std::lock_guard lock(guard(i));
    return samples[i];
  }

  void keep(std::size_t i, const Sample& sample) {
    const std::size_t bytes = bytesOf(*sample);
    if (used.fetch_add(bytes) + bytes > kept.load(std::memory_order_relaxed)) {
      used.fetch_sub(bytes);
      return;
    }
    const std::lock_guard lock(guard(i));
    if (samples[i])
      used.fetch_sub(bytes);  // another thread was first
    else
      samples[i] = sample;
  }

  std::vector<Sample> samples;
  std::array<std::mutex, 64> mutexes;
  std::atomic<std::size_t> used{0}, kept{keptBytes};
};

const std::vector<DataWarning>& DataSource::warnings() const {
  static const std::vector<DataWarning> none;
  return none;
}

Sound DataSource::sound(std::size_t) const {
  throw Error(ErrorKind::InvalidInput, "the data hold no sounds: open a folder or a CSV of sounds");
}

Dataset::Dataset(std::shared_ptr<const DataSource> source, Preprocess preprocess, const Model& model,
                 PreprocessOrigin origin)
    : m_source(std::move(source)),
      m_preprocess(std::move(preprocess)),
      m_origin(origin),
      m_specs(inputSpecs(model)),
      m_id(nextId()),
      m_store(std::make_unique<Store>(m_source->size())) {
  withContext("the data cannot feed the model", [&] { checkFeeds(*m_source, m_preprocess, m_specs); });
  m_order = stratifiedOrder(*m_source);
}

Dataset::~Dataset() = default;

void Dataset::keepAtMost(std::size_t bytes) const { m_store->kept = bytes; }

std::vector<Tensor> Dataset::inputs(std::span<const std::size_t> samples) const {
  if (samples.empty()) throw Error(ErrorKind::Usage, "inputs of no samples were asked for");
  std::vector<Store::Sample> prepared;
  prepared.reserve(samples.size());
  for (const std::size_t i : samples) {
    if (i >= size())
      throw Error(ErrorKind::Usage,
                  "sample " + std::to_string(i) + " was asked for, the data hold " + std::to_string(size()));
    Store::Sample sample = m_store->find(i);
    if (!sample) {
      sample =
          std::make_shared<const std::vector<Tensor>>(prepareSample(*m_source, i, m_preprocess, m_specs));
      m_store->keep(i, sample);
    }
    prepared.push_back(std::move(sample));
  }
  std::vector<Tensor> inputs;
  for (std::size_t k = 0; k < m_specs.size(); ++k) {
    std::vector<const Tensor*> rows;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      rows.push_back(&(*prepared[i])[k]);
      requireSameShape(*rows.back(), *rows.front(), *m_source, samples[i], m_specs[k].name);
    }
    inputs.push_back(stack(rows));
  }
  return inputs;
}

}  // namespace lapidary::core
