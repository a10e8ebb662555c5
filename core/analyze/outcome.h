// SPDX-License-Identifier: GPL-3.0-or-later
// The figures that were measured for one recipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analyze/attacked_accuracy.h"
#include "core/analyze/figure.h"
#include "core/analyze/file_sizes.h"
#include "core/analyze/reliability.h"
#include "core/analyze/saliency_drift.h"
#include "core/compress/recipe/recipe.h"
#include "core/support/ids.h"
#include "core/support/interval.h"

namespace lapidary::core {

/// The kind of the quality figure: it depends on what the person has.
enum class QualityKind {
  Accuracy,   ///< labels: share of samples whose top-1 is the label
  Agreement,  ///< data without labels: share whose top-1 equals the original's
  Noise,      ///< signal-to-noise of the outputs in dB: without data on noise inputs; on the data where
              ///< the outputs are not scores of classes
};

/// Shares are in [0, 1]. All of them over the same `samples` first samples of the dataset's order.
struct Quality {
  QualityKind kind = QualityKind::Accuracy;
  std::size_t samples = 0;               ///< seen so far
  std::size_t total = 0;                 ///< to be seen
  std::optional<double> top1;            ///< with labels
  std::optional<Interval> top1Interval;  ///< Wilson score, 95 %
  std::optional<double> top5;            ///< with labels and at least 10 classes
  std::optional<double> loss;            ///< mean cross-entropy, nats
  std::optional<double> agreement;
  std::optional<Interval> agreementInterval;
  std::optional<double> originalTop1;      ///< the original on the same samples
  std::optional<double> change;            ///< top1 - originalTop1
  std::optional<Interval> changeInterval;  ///< paired, 95 %
  std::optional<double> outputSnrDb;       ///< of kind Noise: 10 log10(|y|^2 / |y - y'|^2); none: unchanged
  bool onData = false;                     ///< of kind Noise: measured on the data, not on noise inputs
};

struct LayerFootprint {
  LayerId layer;
  std::int64_t parameters = 0;        ///< that are left, those of both factors where it was split in two
  std::int64_t zeros = 0;             ///< of them
  unsigned bits = 32;                 ///< per weight, as stored
  std::uint64_t bytesBefore = 0;      ///< of the weight in the original file
  std::uint64_t bytesAfter = 0;       ///< of the weight in the ONNX written now, scales included
  std::optional<double> snrDb;        ///< weight signal-to-noise where edited
  std::int64_t parametersBefore = 0;  ///< more than `parameters` where channels were removed or rank was
  std::string note = {};              ///< why an edit left the layer as it is; empty for most
};

struct Footprint {
  std::uint64_t fileBefore = 0;    ///< the original written as ONNX by this program
  std::uint64_t fileAfter = 0;     ///< exact bytes of the ONNX file this recipe gives
  std::optional<FileSizes> forms;  ///< what it takes in every form; only in final outcomes
  std::int64_t parameters = 0;     ///< in layers
  std::int64_t zeros = 0;
  std::vector<LayerFootprint> layers;
};

struct Latency {
  double seconds = 0;   ///< median of one sample on one thread
  double original = 0;  ///< of the original, measured the same way
  int runs = 0;
};

/// Sharpens step by step: the footprint at once, then quality over more and more samples.
struct Outcome {
  Recipe recipe;
  Footprint footprint;
  std::optional<Quality> quality;
  std::optional<Latency> latency;
  std::optional<SaliencyDrift> drift;  ///< of the saliency maps; final outcomes of models that have such
  /// Of cut and original, over the samples of the quality; final outcomes on data with labels.
  std::optional<Reliability> reliability, originalReliability;
  std::optional<AttackedAccuracy> attacked;  ///< where it was asked for, on data with labels
  std::vector<Figure> figures;  ///< all others, in the order of the table of measurements; final outcomes
  std::size_t remembered = 0;   ///< samples of the quality that were known before evaluation began
  bool final = false;           ///< nothing more will come for this recipe
  double seconds = 0;           ///< since evaluation began
};

}  // namespace lapidary::core
