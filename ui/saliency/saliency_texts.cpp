// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/saliency/saliency_texts.h"

#include <QCoreApplication>

#include "ui/look/number_text.h"

namespace lapidary::ui {

namespace {

/// The texts of one translation context, so that translators see them together.
struct Explaining {
  Q_DECLARE_TR_FUNCTIONS(Explaining)
};

}  // namespace

MethodText textOf(core::SaliencyMethod method) {
  using core::SaliencyMethod;
  switch (method) {
    case SaliencyMethod::Gradient:
      return {Explaining::tr("Gradient"),
              Explaining::tr(
                  "How strongly the score follows each input value: the largest |dy/dx| over the channels."),
              QStringLiteral("Simonyan et al. 2013, arXiv:1312.6034")};
    case SaliencyMethod::GradientInput:
      return {Explaining::tr("Gradient × input"), Explaining::tr("x · dy/dx, summed over the channels."),
              QStringLiteral("Shrikumar et al. 2016, arXiv:1605.01713")};
    case SaliencyMethod::GradCam:
      return {Explaining::tr("Grad-CAM"),
              Explaining::tr("The last convolution's channels, weighted by their mean gradient."),
              QStringLiteral("Selvaraju et al. 2017, arXiv:1610.02391")};
    case SaliencyMethod::Occlusion:
      return {Explaining::tr("Occlusion"), Explaining::tr("How much the score drops when a patch is hidden."),
              QStringLiteral("Zeiler and Fergus 2014, arXiv:1311.2901")};
    case SaliencyMethod::SmoothGrad:
      return {Explaining::tr("SmoothGrad"),
              Explaining::tr("The mean of dy/dx over 32 noisy copies of the input."),
              QStringLiteral("Smilkov et al. 2017, arXiv:1706.03825")};
    case SaliencyMethod::IntegratedGradients:
      return {Explaining::tr("Integrated gradients"),
              Explaining::tr(
                  "x times the mean of dy/dx on the way from 0 to x: the parts sum to the score gained."),
              QStringLiteral("Sundararajan et al. 2017, arXiv:1703.01365")};
    case SaliencyMethod::GradCamPlusPlus:
      return {Explaining::tr("Grad-CAM++"),
              Explaining::tr("Grad-CAM with a weight for every position where the gradient is positive."),
              QStringLiteral("Chattopadhyay et al. 2018, arXiv:1710.11063")};
    case SaliencyMethod::GuidedBackpropagation:
      return {Explaining::tr("Guided backpropagation"),
              Explaining::tr("The gradient, where Relu lets only positive values pass back."),
              QStringLiteral("Springenberg et al. 2015, arXiv:1412.6806")};
    case SaliencyMethod::LrpEpsilon:
      return {Explaining::tr("LRP, epsilon rule"),
              Explaining::tr("Hands the score down: each step shares it by a·w / (z + ε)."),
              QStringLiteral("Bach et al. 2015, doi:10.1371/journal.pone.0130140")};
    case SaliencyMethod::LrpGamma:
      return {Explaining::tr("LRP, gamma rule"),
              Explaining::tr("The same, with what speaks for the class counted 1 + γ times: calmer maps."),
              QStringLiteral("Montavon et al. 2019, doi:10.1007/978-3-030-28954-6_10")};
    case SaliencyMethod::Rise:
      return {Explaining::tr("RISE"),
              Explaining::tr("2,000 random masks, weighted by the probability that is left."),
              QStringLiteral("Petsiuk et al. 2018, arXiv:1806.07421")};
    case SaliencyMethod::KernelShap:
      return {Explaining::tr("Kernel SHAP"),
              Explaining::tr("Shapley values of superpixels or tokens, from 1,000 coalitions."),
              QStringLiteral("Lundberg and Lee 2017, arXiv:1705.07874")};
    case SaliencyMethod::AttentionRollout:
      return {Explaining::tr("Attention rollout"),
              Explaining::tr(
                  "The product of (A + I) / 2 over the layers: how positions mix, whatever the class."),
              QStringLiteral("Abnar and Zuidema 2020, arXiv:2005.00928")};
  }
  return {};
}

QString unitOf(core::SaliencyMethod method) {
  using core::SaliencyMethod;
  switch (method) {
    case SaliencyMethod::Gradient:
      return Explaining::tr("|gradient|");
    case SaliencyMethod::Occlusion:
      return Explaining::tr("logit lost");
    case SaliencyMethod::KernelShap:
      return Explaining::tr("Shapley value");
    case SaliencyMethod::LrpEpsilon:
    case SaliencyMethod::LrpGamma:
      return Explaining::tr("relevance");
    case SaliencyMethod::AttentionRollout:
      return Explaining::tr("share of attention");
    default:
      return textOf(method).name;
  }
}

QString titleOf(core::SaliencyFamily family) {
  switch (family) {
    case core::SaliencyFamily::Gradients:
      return Explaining::tr("By gradients");
    case core::SaliencyFamily::Layers:
      return Explaining::tr("Through the layers");
    case core::SaliencyFamily::Hiding:
      return Explaining::tr("By hiding parts");
  }
  return {};
}

QString lackOf(core::SaliencyNeed need) {
  switch (need) {
    case core::SaliencyNeed::Nothing:
      return {};
    case core::SaliencyNeed::Gradients:
      return Explaining::tr(
          "Does not fit this model: it has neither a floating-point input nor an embedding.");
    case core::SaliencyNeed::Convolution:
      return Explaining::tr("Does not fit this model: it has no convolution.");
    case core::SaliencyNeed::Rectifier:
      return Explaining::tr("Does not fit this model: it has no Relu.");
    case core::SaliencyNeed::Attention:
      return Explaining::tr("Does not fit this model: it has no attention.");
  }
  return {};
}

QString verdictOf(const core::Faithfulness& found) {
  QStringList failed;
  if (found.failsRandomisation()) failed << Explaining::tr("randomisation");
  if (found.failsDeletion()) failed << Explaining::tr("deletion");
  if (found.failsInsertion()) failed << Explaining::tr("insertion");
  if (failed.isEmpty()) return Explaining::tr("Passes the checks of faithfulness on this model");
  return Explaining::tr("Not to be trusted here: fails %1").arg(failed.join(QStringLiteral(", ")));
}

QString figuresOf(const core::Faithfulness& found) {
  return Explaining::tr(
             "Over %1 samples.\n"
             "Deletion area %2 (random map %3), lower is better.\n"
             "Insertion area %4 (random map %5), higher is better.\n"
             "Rank correlation with the map of a model with random weights: last layer %6, all layers %7; "
             "above 0.5 the map does not depend on what was learnt.\n"
             "Sensitivity to small noise: %8.")
      .arg(found.samples)
      .arg(fixedText(found.deletionArea, 3), fixedText(found.randomDeletionArea, 3),
           fixedText(found.insertionArea, 3), fixedText(found.randomInsertionArea, 3),
           fixedText(found.topLayerKept, 2), fixedText(found.allLayersKept, 2),
           fixedText(found.sensitivity, 2));
}

}  // namespace lapidary::ui
