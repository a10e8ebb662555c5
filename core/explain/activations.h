// What a layer answers: the map of each of its channels for one sample, and the samples that excite it most.
#pragma once

#include "core/data/dataset.h"
#include "core/explain/saliency_task.h"

namespace lapidary::core {

/// A layer's output for one sample, before what follows it (an activation function, a normalisation).
struct ActivationMaps {
  int channels = 0, width = 0, height = 0;  ///< width and height 1 where the layer has no places
  std::vector<float> values;                ///< by channel, then row-major

  std::span<const float> channel(int index) const;
};

/// Convolutions have their channels on the second axis, all others on the last; leading axes are places.
/// Throws Error(Unsupported) for an output that has no such axes or no floats, Error(Usage) for a file
/// without a graph.
ActivationMaps activationMaps(const Runnable& subject, std::span<const Tensor> inputs, LayerId layer);

struct TopSample {
  std::size_t sample = 0;
  double activation = 0;
  int row = 0, column = 0;  ///< where a channel is largest
  bool operator==(const TopSample&) const = default;
};

struct TopRequest {
  LayerId layer;
  int channel = -1;  ///< -1: the whole layer, by its root mean square
  std::size_t count = 12;
  unsigned workers = 1;
};

/// The samples of the data whose activation is largest, the largest first, equal ones by number: a channel
/// counts by its largest place. Never more samples in memory than run at once. Throws Error(Usage) for a
/// channel that the layer has not.
std::vector<TopSample> topActivations(const Runnable& subject, const Dataset& data, const TopRequest& request,
                                      const Progress& progress);

}  // namespace lapidary::core
