// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/explain_sample.h"

#include "core/explain/map/saliency_task.h"
#include "core/explain/saliency_methods.h"

namespace lapidary::core {
namespace {

void requireOneSample(std::span<const Tensor> inputs) {
  if (inputs.empty()) throw Error(ErrorKind::Usage, "a saliency map needs a sample; there is no input");
  for (const Tensor& input : inputs)
    if (input.rank() == 0 || input.shape()[0] != 1)
      throw Error(ErrorKind::Usage,
                  "a saliency map is made of one sample; the input has shape " + toText(input.shape()));
}

}  // namespace

SaliencyMap saliency(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                     SaliencyMethod method, std::int64_t targetClass, const Progress& progress,
                     const SaliencyOptions& options) {
  requireOneSample(inputs);
  progress.check();
  return rowOf(method).map({model, executor, inputs, method, targetClass, options, progress});
}

}  // namespace lapidary::core
