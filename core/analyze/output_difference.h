// How far the outputs of two models lie apart on the same samples: what remains where nothing is right or
// wrong.
#pragma once

#include <optional>

#include "core/analyze/batch_runner.h"
#include "core/analyze/outcome.h"

namespace lapidary::core {

/// Sums over elements: |y|^2 of the one and |y - y'|^2 of the two.
struct OutputPower {
  double signal = 0, noise = 0;
  bool operator==(const OutputPower&) const = default;

  /// 10 log10(signal / noise); nothing where there is no noise, or no finite ratio.
  std::optional<double> decibel() const;
};

/// Over the first `rows` of the floating outputs' first axis (all where `rows` is 0). An output that came
/// in another size counts as lost. Numbers that are not finite, and the same in both, do not count.
void addPower(OutputPower& power, std::span<const Tensor> before, std::span<const Tensor> after,
              std::size_t rows = 0);

/// Over a prefix of the dataset's order.
struct OutputDifference {
  OutputPower power;
  std::size_t samples = 0;
};

/// Two models and the means to run them. A model that is `same` as the other is run once.
struct ComparedModels {
  const Model& before;
  const BatchRunner& runBefore;
  const Model& after;
  const BatchRunner& runAfter;
  bool same = false;
};

/// By chunk of a range that begins on the grid.
std::vector<OutputPower> powersOf(const ComparedModels& models, SampleRange range, unsigned workers,
                                  std::stop_token stop);
/// Of the chunks that follow those of the prefix, up to sample `end`.
void addPowers(OutputDifference& difference, std::span<const OutputPower> powers, std::size_t end);

/// Extends the prefix to `samples`, rounded up to the grid. The same to the last bit for any `workers`.
void extendDifference(const ComparedModels& models, const Dataset& data, std::size_t samples,
                      unsigned workers, OutputDifference& difference, const Progress& progress);

/// Kind Noise, on data.
Quality qualityOf(const Dataset& data, const OutputDifference& difference);

}  // namespace lapidary::core
