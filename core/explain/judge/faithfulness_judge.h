// SPDX-License-Identifier: GPL-3.0-or-later
// Measures whether a method of explaining says something about the model.
#pragma once

#include <functional>
#include <span>

#include "core/data/dataset.h"
#include "core/explain/judge/faithfulness.h"
#include "core/explain/map/saliency.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// The map of a class (below 0: the top-1) by one model, which shares the graph of the one judged.
using MapMaker =
    std::function<SaliencyMap(const Model& model, std::span<const Tensor> inputs, std::int64_t targetClass)>;

/// Const and thread-safe once made; model, executor and data must outlive it. The same figures on any number
/// of workers.
class FaithfulnessJudge {
 public:
  FaithfulnessJudge(const Runnable& subject, const Dataset& data, const FaithfulnessRequest& request);

  /// Throws Error(Unsupported) where the method does not fit the model.
  Faithfulness judge(SaliencyMethod method, const Progress& progress) const;
  Faithfulness judge(const MapMaker& maker, const Progress& progress) const;

 private:
  Faithfulness ofSample(const MapMaker& maker, std::size_t index, const Progress& progress) const;
  double sensitivity(const MapMaker& maker, std::span<const Tensor> inputs, const SaliencyMap& map,
                     std::size_t index) const;

  Runnable m_subject;
  const Dataset& m_data;
  FaithfulnessRequest m_request;
  Model m_topRandom, m_allRandom;
};

}  // namespace lapidary::core
