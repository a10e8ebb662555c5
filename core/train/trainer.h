// SPDX-License-Identifier: GPL-3.0-or-later
// Mini-batch training of a model's weights.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/support/progress.h"
#include "core/train/augment.h"
#include "core/train/learning_rate.h"
#include "core/train/optimizer.h"

namespace lapidary::core {

/// The statistics that batch normalisations work with while training.
enum class NormStatistics {
  Frozen,  ///< those of the file: right for the few steps of a repair
  Batch,   ///< the batch's own, whatever its division among workers; the file's follow them (momentum of the
           ///< node)
};

struct TrainSettings {
  OptimizerSettings optimizer;
  LearningRate rate;  ///< its `steps` are set from the epochs
  std::size_t epochs = 5;
  std::size_t batch = 64;     ///< samples of one step; the last one of an epoch may be smaller
  double mostNorm = 0;        ///< of all gradients together; 0: not clipped
  std::uint64_t seed = 1;     ///< of the order of the samples and of the augmentation
  Augmentation augmentation;  ///< of image inputs
  NormStatistics normStatistics = NormStatistics::Frozen;
  unsigned workers = 1;  ///< the results are the same for any number of them
};

/// How some trained numbers become the weight that a step runs: the weights alone are the numbers where there
/// is no form. Const and thread-safe.
class TrainedForm {
 public:
  virtual ~TrainedForm() = default;
  virtual std::vector<float> start() const = 0;
  /// In the shape of the weight.
  virtual Tensor seen(std::span<const float> numbers) const = 0;
  /// Gradients at the numbers from those at the weight that was seen.
  virtual std::vector<float> gradient(std::span<const float> numbers,
                                      std::span<const float> atSeen) const = 0;
};

using Masks =
    std::vector<std::vector<bool>>;  ///< by trained weight: true where it stays 0; empty holds nothing

/// The subject of a training, and how a step sees it. Called from several threads at once, but for `seen` and
/// `holdAnew`.
struct TrainSubject {
  Model start;
  std::vector<ValueId> trained;  ///< Float32 weights of `start`
  /// By trained weight; null, or none at all: as it is.
  std::vector<std::shared_ptr<const TrainedForm>> forms;
  std::size_t samples = 0;  ///< numbered from 0
  /// The model that a step runs, made of the weights as they are: cut, for weights that learn to be cut. The
  /// gradients at its weights are taken for those of the weights as they are (the straight-through estimator,
  /// Bengio et al. 2013). Null: as they are.
  std::function<Model(const Model& current)> seen = nullptr;
  std::function<std::vector<Tensor>(std::span<const std::size_t> samples)> inputs;
  /// The summed loss of some samples, and its gradient at every output.
  struct Gradients {
    double sum = 0;
    std::vector<Tensor> outputs;
  };
  std::function<Gradients(std::span<const Tensor> outputs, std::span<const std::size_t> samples)> loss;
  /// Of the first numbers, where a weight has a form.
  Masks held;
  /// Other masks from this step on, of the weights as they are; nothing: the masks stay.
  std::function<std::optional<Masks>(const Model& current, std::size_t step, std::size_t steps)> holdAnew =
      nullptr;
};

struct StepNews {
  std::size_t step = 0, steps = 0;  ///< from 1
  double loss = 0;                  ///< mean over the step's samples, before it
  double rate = 0;
};

/// All that a training needs to go on later as if it had not been interrupted.
struct TrainState {
  std::size_t epoch = 0;  ///< that are over
  std::vector<std::vector<float>> numbers;
  std::vector<Tensor> statistics;  ///< mean and variance of each normalisation, where they follow the batches
  OptimizerState optimizer;
  Masks held;
};

struct EpochNews {
  std::size_t epoch = 0;              ///< from 1
  double loss = 0;                    ///< mean over the epoch's samples, each as it was before its step
  double rate = 0;                    ///< of the last step
  const Model* model = nullptr;       ///< the weights as they are
  std::function<TrainState()> state;  ///< valid until the call returns
};

struct TrainHooks {
  std::function<bool(const EpochNews&)> onEpoch = nullptr;  ///< false: no more
  std::function<void(const StepNews&)> onStep = nullptr;
};

/// Trains until the epochs are over or the hook says no more. `progress` hears of samples. Goes on from
/// `resumed` where it is given: then the same bits come out as without the interruption. Throws Cancelled,
/// and Error naming the node that has no gradient, where the loss is no longer finite, or where the state is
/// of another training.
void train(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
           const TrainHooks& hooks, const TrainState* resumed = nullptr);

/// The same with news of epochs alone.
inline void train(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
                  std::function<bool(const EpochNews&)> onEpoch) {
  train(subject, settings, progress, TrainHooks{std::move(onEpoch), nullptr});
}

}  // namespace lapidary::core
