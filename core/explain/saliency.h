// Which parts of an input the model's answer rests on.
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"
#include "core/run/executor.h"
#include "core/support/progress.h"

namespace lapidary::core {

enum class SaliencyMethod { Gradient, GradientInput, GradCam, Occlusion };

struct SaliencyMap {
  SaliencyMethod method = SaliencyMethod::Gradient;
  int width = 0, height = 0;  ///< height 1 for one-dimensional input
  std::vector<float> values;  ///< row-major; signed for GradientInput and Occlusion, else >= 0
  std::int64_t targetClass = 0;
  double probability = 0;  ///< of the target class
};

/// One map for one sample. `inputs` hold a batch of one. `targetClass` < 0 takes the model's top-1.
/// For integer (token) inputs the gradient is taken at the embedding. Gradient: max of |dy/dx| over
/// channels (Simonyan 2013); GradientInput: sum over channels; GradCam: at the last convolution
/// (Selvaraju 2017), upscaled; Occlusion: drop of the logit when a patch is set to the input's mean
/// (Zeiler 2014). Throws Error(Unsupported) where the method does not fit the model, saying why.
SaliencyMap saliency(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                     SaliencyMethod method, std::int64_t targetClass, const Progress& progress);

/// Spearman's rank correlation of two maps of the same size; 1 where both are constant.
double rankCorrelation(const SaliencyMap& a, const SaliencyMap& b);

}  // namespace lapidary::core
