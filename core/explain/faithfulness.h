// Whether a method of explaining says something about the model: measured, against a random map.
#pragma once

#include <functional>
#include <optional>

#include "core/data/dataset.h"
#include "core/explain/saliency.h"

namespace lapidary::core {

struct FaithfulnessRequest {
  std::size_t samples = 8;     ///< the first of the data's stratified order
  std::size_t steps = 20;      ///< of the curves
  std::size_t randomMaps = 4;  ///< a sample, for the baseline
  std::size_t noisyInputs = 3;
  double noiseRadius = 0.02;  ///< as a share of the input's range
  unsigned workers = 1;
  SaliencyOptions options;
};

/// Means over the samples.
struct Faithfulness {
  std::size_t samples = 0;
  std::vector<double> deletion, insertion;                 ///< curves, by share of places hidden or shown
  double deletionArea = 0, insertionArea = 0;              ///< low and high are good
  double randomDeletionArea = 0, randomInsertionArea = 0;  ///< of random maps
  double sensitivity = 0;    ///< largest relative change of the map under small noise (Yeh et al. 2019)
  double topLayerKept = 0;   ///< rank correlation with the map of a model whose last layer is random,
  double allLayersKept = 0;  ///< and all layers (Adebayo et al. 2018)

  /// The map hardly depends on the weights: whatever it shows, it is not what the model learnt.
  bool failsRandomisation() const { return allLayersKept > 0.5; }
  bool failsDeletion() const { return deletionArea >= randomDeletionArea; }
  bool failsInsertion() const { return insertionArea <= randomInsertionArea; }
  bool fails() const { return failsRandomisation() || failsDeletion() || failsInsertion(); }
};

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
  Faithfulness ofSample(const MapMaker& maker, std::size_t place, const Progress& progress) const;
  double sensitivity(const MapMaker& maker, std::span<const Tensor> inputs, const SaliencyMap& map,
                     std::size_t place) const;

  Runnable m_subject;
  const Dataset& m_data;
  FaithfulnessRequest m_request;
  Model m_topRandom, m_allRandom;
};

}  // namespace lapidary::core
