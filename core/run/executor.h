// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a model over a batch: the graph is planned once, fused, and every step's result can be remembered. By
// hand: a runtime takes a model and gives its outputs, but an edit is to run the steps behind it alone, and
// training and explanations need the gradients.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/model/model.h"
#include "core/run/activation_cache.h"
#include "core/run/split_options.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct RunOptions {
  /// Names the inputs' content, so that results can be remembered; nothing is remembered without it.
  std::optional<Key> batchKey;
  /// Values wanted besides the graph's outputs (they are then not fused away).
  std::vector<ValueId> wanted;
  std::stop_token stop;                      ///< looked at between steps; throws Cancelled
  Retention retention = Retention::Passing;  ///< of what is remembered
  /// Most bytes of this batch's results that stay remembered: every other one where that is enough, else
  /// those of the last steps.
  std::size_t rememberedBytes = std::numeric_limits<std::size_t>::max();
  SplitOptions split = {};  ///< of single large steps; the results keep their bits
};

struct RunResult {
  std::vector<Tensor> outputs;  ///< in graph order, plain, in their declared dtype
  std::vector<Tensor> wanted;   ///< in the order asked for
  std::size_t stepsRun = 0;     ///< how many steps were computed, not found in the cache
  std::size_t stepsSplit = 0;   ///< how many of them in parts, by several workers
  std::size_t peakBytes = 0;    ///< of the values that were alive at once, the inputs always
};

/// The time that one step took, for profiles.
struct StepTime {
  NodeId node;                ///< the first node of the step; fused ones are reported under it
  std::vector<NodeId> fused;  ///< the others of the step, in order
  double seconds = 0;
  double flops = 0;
  double bytes = 0;  ///< of the values read (weights too) and written, as they lie in memory
};

/// Thread-safe: any number of threads may run batches of any models that share the graph. Each call
/// uses the calling thread alone; callers split samples among workers (see parallelFor).
class Executor {
 public:
  struct Options {
    bool fuse = true;                        ///< fold batch norms, fuse activations and residual adds
    std::shared_ptr<ActivationCache> cache;  ///< null: remember nothing
    std::size_t preparedBytes = std::size_t{64} << 20;  ///< of packed weights, beyond small ones in use
  };

  /// Throws Error(Unsupported) naming every operator that is lacking and where it stands.
  Executor(const Model& model, Options options);
  ~Executor();

  /// `inputs` in graph order. The model must share the graph of the constructor's; only the weights
  /// may differ. Errors name the node. Samples are independent of how they are split in batches only
  /// as far as the graph itself is.
  RunResult run(const Model& model, std::span<const Tensor> inputs, const RunOptions& options = {}) const;

  /// One run with every step timed (nothing is remembered), after one untimed. Throws Cancelled when
  /// stopped between steps.
  std::vector<StepTime> profile(const Model& model, std::span<const Tensor> inputs,
                                const std::stop_token& stop = {}) const;

  const ActivationCache* cache() const;

 private:
  struct Plan;
  std::unique_ptr<Plan> m_plan;
};

/// A model and what runs its graph.
struct Runnable {
  const Model& model;
  const Executor& executor;

  RunResult run(std::span<const Tensor> inputs, const RunOptions& options = {}) const {
    return executor.run(model, inputs, options);
  }
};

/// The number of samples that the declared inputs insist on (their first dimension), 0 where any number
/// may be fed at once.
std::int64_t fixedBatch(const Model& model);

/// A sentence for every operator of the model that the table lacks: "node 3 'Foo_1' (my.domain::Foo)".
std::vector<std::string> lackingOps(const Model& model);
/// Throws Error(Unsupported) that names them all.
void requireOps(const Model& model);

}  // namespace lapidary::core
