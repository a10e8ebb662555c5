// SPDX-License-Identifier: GPL-3.0-or-later
// A part of an evaluation that one rank computes and another one puts together: its samples and its bytes.
#pragma once

#include <memory>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictions.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/output_difference.h"
#include "core/analyze/quality/output_meter.h"

namespace lapidary::core {

/// Every rank makes the same one; ranges lie on the grid of chunks. Numbers travel in this machine's byte
/// order.
class SharedEvaluation {
 public:
  virtual ~SharedEvaluation() = default;
  virtual std::size_t chunkSize() const = 0;
  /// The answers to a range, on any rank. Thread-safe.
  virtual std::vector<std::byte> compute(SampleRange range, std::stop_token stop) const = 0;
  /// The answers to the range that follows all earlier ones. Throws Error where they do not fit it.
  virtual void append(SampleRange range, std::span<const std::byte> answers) = 0;
  /// Over all ranges so far.
  virtual Quality quality() const = 0;
  /// The answers of the original and of the cut to all ranges so far; null where they are not scores of
  /// classes.
  virtual const Predictions* answersBefore() const { return nullptr; }
  virtual const Predictions* answersAfter() const { return nullptr; }
};

/// The original and the cut, which may be the same, and what answers for each.
struct EvaluatedModels {
  const Model& original;
  const Predictor& answersOriginal;
  const Model& cut;
  const Predictor& answersCut;
  bool same = false;
};

/// For scores of classes.
std::unique_ptr<SharedEvaluation> sharedPredictions(const EvaluatedModels& models, const Dataset& data);
/// For outputs that are not scores of classes.
std::unique_ptr<SharedEvaluation> sharedDifference(const ComparedModels& models, const Dataset& data,
                                                   unsigned workers);

}  // namespace lapidary::core
