// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/saliency_methods.h"

#include <algorithm>

#include "core/explain/gradients/attention_rollout.h"
#include "core/explain/gradients/grad_cam.h"
#include "core/explain/gradients/guided_backpropagation.h"
#include "core/explain/gradients/input_gradient.h"
#include "core/explain/gradients/integrated_gradients.h"
#include "core/explain/gradients/relevance.h"
#include "core/explain/gradients/smooth_grad.h"
#include "core/explain/hiding/kernel_shap.h"
#include "core/explain/hiding/occlusion.h"
#include "core/explain/hiding/rise.h"
#include "core/explain/map/saliency_task.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

using Method = SaliencyMethod;
using Family = SaliencyFamily;
using Need = SaliencyNeed;

// method, word, family, need, signed, runs often, function
constexpr SaliencyRow table[]{
    {Method::Gradient, "gradient", Family::Gradients, Need::Gradients, false, false, gradientMap},
    {Method::GradientInput, "gradient-input", Family::Gradients, Need::Gradients, true, false,
     gradientInputMap},
    {Method::SmoothGrad, "smooth-grad", Family::Gradients, Need::Gradients, false, true, smoothGradMap},
    {Method::IntegratedGradients, "integrated-gradients", Family::Gradients, Need::Gradients, true, true,
     integratedGradientsMap},
    {Method::GuidedBackpropagation, "guided-backprop", Family::Gradients, Need::Rectifier, false, false,
     guidedBackpropagationMap},
    {Method::LrpEpsilon, "lrp-epsilon", Family::Layers, Need::Gradients, true, false, relevanceEpsilonMap},
    {Method::LrpGamma, "lrp-gamma", Family::Layers, Need::Gradients, true, false, relevanceGammaMap},
    {Method::GradCam, "grad-cam", Family::Layers, Need::Convolution, false, false, gradCamMap},
    {Method::GradCamPlusPlus, "grad-cam-plus-plus", Family::Layers, Need::Convolution, false, false,
     gradCamPlusPlusMap},
    {Method::AttentionRollout, "attention-rollout", Family::Layers, Need::Attention, false, false,
     attentionRolloutMap},
    {Method::Occlusion, "occlusion", Family::Hiding, Need::Nothing, true, true, occlusionMap},
    {Method::Rise, "rise", Family::Hiding, Need::Nothing, false, true, riseMap},
    {Method::KernelShap, "kernel-shap", Family::Hiding, Need::Nothing, true, true, kernelShapMap},
};

void require(const Model& model, SaliencyNeed need) {
  if (need == Need::Convolution) lastConvolution(model);
  if (need == Need::Attention) attentionsOf(model);
  if (need == Need::Rectifier) requireRectifier(model);
  if (need == Need::Gradients || need == Need::Rectifier) explainedValue(model);
}

}  // namespace

std::span<const SaliencyRow> saliencyMethods() { return table; }

const SaliencyRow& rowOf(SaliencyMethod method) {
  const auto found = std::ranges::find(table, method, &SaliencyRow::method);
  if (found == std::end(table)) throw Error(ErrorKind::Usage, "no such saliency method");
  return *found;
}

SaliencyMethod saliencyMethodNamed(std::string_view word) {
  const auto found = std::ranges::find(table, word, &SaliencyRow::word);
  if (found != std::end(table)) return found->method;
  std::string words;
  for (const SaliencyRow& row : table) words += (words.empty() ? "" : ", ") + std::string(row.word);
  throw Error(ErrorKind::Usage, "there is no method '" + std::string(word) + "'; there are " + words);
}

std::string obstacleOf(const Model& model, SaliencyMethod method) {
  try {
    require(model, rowOf(method).need);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace lapidary::core
