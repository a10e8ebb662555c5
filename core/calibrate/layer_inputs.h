// SPDX-License-Identifier: GPL-3.0-or-later
// Gathers what the calibration samples feed to layers, when a cut asks for it, and remembers it in a budget.
#pragma once

#include <map>
#include <mutex>

#include "core/compress/inputs/layer_inputs.h"
#include "core/data/dataset.h"
#include "core/run/executor.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// The first samples of a dataset's order, run through a model as given. Memory: the activations of `workers`
/// chunks, and the sums; neither grows with the number of samples. The figures depend on samples and chunk,
/// not on workers.
class CalibratedInputs final : public CalibrationSource {
 public:
  struct Options {
    std::shared_ptr<const Dataset> data;  ///< null: every question is answered by Error(Usage)
    std::size_t samples = 256;
    std::size_t chunk = 8;  ///< samples run at once, where the model does not insist on a number
    unsigned workers = 1;
    std::size_t budgetBytes = std::size_t{128} << 20;  ///< of what is remembered
    bool classScores = true;                           ///< outputs are scores of classes
  };

  /// Holds references to model and executor, which must outlive it; the executor may be null where the model
  /// cannot run: every question then is an Error(Unsupported).
  CalibratedInputs(const Model& model, const Executor* executor, Options options);

  std::shared_ptr<const LayerInputs> inputsOf(InputRequest request, std::span<const InputRequest> soon,
                                              const Progress& progress) override;
  std::shared_ptr<const LayerInputs> knownInputs(InputRequest request) override;
  Tensor gradientMagnitudesOf(LayerId layer, const Progress& progress) override;
  std::shared_ptr<CalibrationSource> over(const Model& model) override;

 private:
  std::unique_lock<std::mutex> onlyRun(const Progress& progress);
  void requireSamples() const;
  std::size_t sampleCount() const;
  /// The request and those of `soon` that fit beside it and are not known.
  std::vector<InputRequest> batchOf(InputRequest request, std::span<const InputRequest> soon);
  std::size_t bytesFor(const InputRequest& request) const;
  void remember(LayerId layer, std::shared_ptr<const LayerInputs> inputs);

  const Model& m_model;
  std::shared_ptr<const Executor> m_ownExecutor;  ///< where the model came through `over`
  const Executor* m_executor;
  Options m_options;
  std::mutex m_running;  ///< one run at a time: the others find in memory what they waited for
  std::mutex m_mutex;
  /// Their bytes count the factors that may yet be made of them.
  RecentMap<LayerId, std::shared_ptr<const LayerInputs>> m_known;
  std::map<std::uint32_t, Tensor> m_gradientMagnitudes;
};

}  // namespace lapidary::core
