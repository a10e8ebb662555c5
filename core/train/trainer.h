// Mini-batch training of a model's weights.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/support/progress.h"
#include "core/train/learning_rate.h"
#include "core/train/optimizer.h"

namespace lapidary::core {

struct TrainSettings {
  OptimizerSettings optimizer;
  LearningRate rate;  ///< its `steps` are set from the epochs
  std::size_t epochs = 5;
  std::size_t batch = 64;  ///< samples of one step; the last one of an epoch may be smaller
  double mostNorm = 0;     ///< of all gradients together; 0: not clipped
  std::uint64_t seed = 1;  ///< of the order of the samples
  unsigned workers = 1;    ///< the results are the same for any number of them
};

/// What is trained, and how a step sees it. Called from several threads at once, but for `seen`.
struct TrainSubject {
  Model start;
  std::vector<ValueId> trained;  ///< Float32 weights of `start`
  std::size_t samples = 0;       ///< numbered from 0
  /// The model that a step runs, made of the weights as they are: cut, for weights that learn to be cut. The
  /// slopes at its weights are taken for those of the weights as they are (the straight-through estimator,
  /// Bengio et al. 2013). Null: as they are.
  std::function<Model(const Model& current)> seen = nullptr;
  std::function<std::vector<Tensor>(std::span<const std::size_t> samples)> inputs;
  /// The summed loss of some samples, and its slope at every output.
  struct Slopes {
    double sum = 0;
    std::vector<Tensor> outputs;
  };
  std::function<Slopes(std::span<const Tensor> outputs, std::span<const std::size_t> samples)> loss;
  /// By trained weight: true where it stays 0 for good; an empty mask holds nothing.
  std::vector<std::vector<bool>> held;
};

struct EpochNews {
  std::size_t epoch = 0;  ///< from 1
  double loss = 0;        ///< mean over the epoch's samples, each as it was before its step
  double rate = 0;        ///< of the last step
  const Model* model = nullptr;  ///< the weights as they are
};

/// Trains until the epochs are over or `onEpoch` says no more (false). `progress` hears of samples. Throws
/// Cancelled, and Error naming the node that has no gradient or where the loss is no longer finite.
void train(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
           const std::function<bool(const EpochNews&)>& onEpoch);

}  // namespace lapidary::core
