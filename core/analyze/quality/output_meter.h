// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how far the outputs of two models lie apart on the same samples.
#pragma once

#include <vector>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/outcome.h"
#include "core/analyze/quality/output_difference.h"

namespace lapidary::core {

/// Over the first `rows` of the floating outputs' first axis (all where `rows` is 0). An output that came
/// in another size counts as lost. Numbers that are not finite, and the same in both, do not count.
void addPower(OutputPower& power, std::span<const Tensor> before, std::span<const Tensor> after,
              std::size_t rows = 0);

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
