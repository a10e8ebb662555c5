// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/quality/shared_evaluation.h"

#include <cstring>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/quality/accuracy.h"
#include "core/analyze/quality/output_meter.h"

namespace lapidary::core {
namespace {

[[noreturn]] void mismatch() {
  throw Error(ErrorKind::InvalidInput,
              "a rank sent answers of another size: do all ranks run the same command on the same files?");
}

template <class T>
std::vector<std::byte> bytesOf(const std::vector<T>& items) {
  const auto bytes = std::as_bytes(std::span(items));
  return {bytes.begin(), bytes.end()};
}

template <class T>
std::vector<T> itemsOf(std::span<const std::byte> bytes, std::size_t count) {
  if (bytes.size() != count * sizeof(T)) mismatch();
  std::vector<T> items(count);
  if (count > 0) std::memcpy(items.data(), bytes.data(), bytes.size());
  return items;
}

/// A SamplePrediction without gaps between its parts.
struct PackedPrediction {
  std::int64_t top1 = -1;
  double probability = 0, truthProbability = 0, loss = 0;
  std::uint64_t top5 = 0;
};

void pack(const Predictions& predictions, std::vector<PackedPrediction>& packed) {
  for (const SamplePrediction& p : predictions.samples)
    packed.push_back({p.top1, p.probability, p.truthProbability, p.loss, p.top5 ? 1u : 0u});
}

void unpack(std::span<const PackedPrediction> packed, Predictions& predictions) {
  for (const PackedPrediction& p : packed)
    predictions.samples.push_back({p.top1, p.probability, p.truthProbability, p.loss, p.top5 != 0});
}

class SharedPredictions final : public SharedEvaluation {
 public:
  SharedPredictions(const EvaluatedModels& models, const Dataset& data) : m_models(models), m_data(data) {}

  std::size_t chunkSize() const override { return m_models.answersOriginal.chunkSize(); }

  /// The original's answers, the cut's behind them where they may differ, and the number of classes first.
  std::vector<std::byte> compute(SampleRange range, std::stop_token stop) const override {
    const Predictions before = m_models.answersOriginal.answers(m_models.original, range, stop);
    std::vector<PackedPrediction> packed(1);
    packed[0].top1 = static_cast<std::int64_t>(before.classes);
    pack(before, packed);
    if (!m_models.same) pack(m_models.answersCut.answers(m_models.cut, range, stop), packed);
    return bytesOf(packed);
  }

  void append(SampleRange range, std::span<const std::byte> answers) override {
    const std::size_t count = range.end - range.begin;
    const auto packed = itemsOf<PackedPrediction>(answers, 1 + count * (m_models.same ? 1 : 2));
    m_before.classes = m_after.classes = static_cast<std::size_t>(packed[0].top1);
    const auto all = std::span(packed).subspan(1);
    unpack(all.first(count), m_before);
    unpack(all.last(count), m_after);
  }

  Quality quality() const override { return qualityOf(m_data, m_before, m_after); }
  const Predictions* answersBefore() const override { return &m_before; }
  const Predictions* answersAfter() const override { return &m_after; }

 private:
  EvaluatedModels m_models;
  const Dataset& m_data;
  Predictions m_before, m_after;
};

class SharedDifference final : public SharedEvaluation {
 public:
  SharedDifference(const ComparedModels& models, const Dataset& data, unsigned workers)
      : m_models(models), m_data(data), m_workers(workers) {}

  std::size_t chunkSize() const override { return m_models.runBefore.chunkSize(); }

  std::vector<std::byte> compute(SampleRange range, std::stop_token stop) const override {
    return bytesOf(powersOf(m_models, range, m_workers, stop));
  }

  void append(SampleRange range, std::span<const std::byte> answers) override {
    const std::size_t chunks = m_models.runBefore.chunks(range.begin, range.end).size();
    addPowers(m_difference, itemsOf<OutputPower>(answers, chunks), range.end);
  }

  Quality quality() const override { return qualityOf(m_data, m_difference); }

 private:
  ComparedModels m_models;
  const Dataset& m_data;
  unsigned m_workers;
  OutputDifference m_difference;
};

}  // namespace

std::unique_ptr<SharedEvaluation> sharedPredictions(const EvaluatedModels& models, const Dataset& data) {
  return std::make_unique<SharedPredictions>(models, data);
}

std::unique_ptr<SharedEvaluation> sharedDifference(const ComparedModels& models, const Dataset& data,
                                                   unsigned workers) {
  return std::make_unique<SharedDifference>(models, data, workers);
}

}  // namespace lapidary::core
