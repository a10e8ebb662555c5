// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cut/method_texts.h"

#include <QCoreApplication>

namespace lapidary::ui {

namespace {

/// The texts of one translation context, so that translators see them together.
struct Methods {
  Q_DECLARE_TR_FUNCTIONS(Methods)
};

}  // namespace

MethodText textOf(core::PruneMode mode) {
  using core::PruneMode;
  switch (mode) {
    case PruneMode::None:
      return {Methods::tr("None"), Methods::tr("Keeps every weight.")};
    case PruneMode::Threshold:
      return {Methods::tr("Threshold"),
              Methods::tr("Zeroes weights of smaller magnitude than a value: to cut by the histogram."),
              QStringLiteral("Han et al. 2015, arXiv:1506.02626")};
    case PruneMode::Sparsity:
      return {Methods::tr("Share of the layer"),
              Methods::tr("Zeroes a share of the weights, the least important first: the cut to begin with."),
              QStringLiteral("Han et al. 2015, arXiv:1506.02626")};
    case PruneMode::Global:
      return {Methods::tr("Share of the model"),
              Methods::tr("One ranking over all layers in this mode: robust layers give more."),
              QStringLiteral("Han et al. 2015, arXiv:1506.02626")};
    case PruneMode::Pattern:
      return {Methods::tr("N:M pattern"),
              Methods::tr("Keeps N of every M neighbours: for chips that skip such zeros."),
              QStringLiteral("Mishra et al. 2021, arXiv:2104.08378")};
    case PruneMode::Blocks:
      return {Methods::tr("Blocks"), Methods::tr("Zeroes whole tiles: for kernels that skip tiles."),
              QStringLiteral("Narang et al. 2017, arXiv:1711.02782")};
    case PruneMode::Channels:
      return {Methods::tr("Channels"),
              Methods::tr("Removes whole output channels: a smaller and faster model everywhere."),
              QStringLiteral("Li et al. 2017, arXiv:1608.08710; Fang et al. 2023, arXiv:2301.12900")};
    case PruneMode::Heads:
      return {Methods::tr("Attention heads"),
              Methods::tr("Removes whole heads of a transformer: smaller and faster everywhere."),
              QStringLiteral("Michel et al. 2019, arXiv:1905.10650")};
  }
  return {};
}

MethodText textOf(core::Criterion criterion) {
  using core::Criterion;
  switch (criterion) {
    case Criterion::Magnitude:
      return {Methods::tr("Magnitude (L1)"), Methods::tr("Small weights go first: needs no data."),
              QStringLiteral("Han et al. 2015, arXiv:1506.02626")};
    case Criterion::Squares:
      return {Methods::tr("Energy (L2)"), Methods::tr("As L1, but one large weight saves its group."),
              QStringLiteral("Li et al. 2017, arXiv:1608.08710")};
    case Criterion::Taylor:
      return {Methods::tr("Taylor"),
              Methods::tr("First what moves the loss least, by its gradient: good for whole channels."),
              QStringLiteral("Molchanov et al. 2017, arXiv:1611.06440")};
    case Criterion::Wanda:
      return {Methods::tr("Wanda"),
              Methods::tr("Small weights on quiet inputs go first: good without training."),
              QStringLiteral("Sun et al. 2023, arXiv:2306.11695")};
    case Criterion::Reconstruct:
      return {Methods::tr("SparseGPT"),
              Methods::tr("What stays makes up for what goes: the least harm in one shot, slower."),
              QStringLiteral("Frantar, Alistarh 2023, arXiv:2301.00774")};
  }
  return {};
}

MethodText textOf(core::Scheme scheme) {
  using core::Scheme;
  switch (scheme) {
    case Scheme::None:
      return {Methods::tr("Off"), Methods::tr("Weights stay as they are in the file.")};
    case Scheme::Symmetric:
      return {Methods::tr("Symmetric"),
              Methods::tr("Signed integers times a scale: the form that fast int8 kernels want."),
              QStringLiteral("Jacob et al. 2018, arXiv:1712.05877")};
    case Scheme::Affine:
      return {Methods::tr("Affine"), Methods::tr("Integers with a zero point: uses lopsided ranges fully."),
              QStringLiteral("Jacob et al. 2018, arXiv:1712.05877")};
    case Scheme::MinMax:
      return {Methods::tr("Min–max"),
              Methods::tr("Even steps from least to greatest weight: floor(w · N + 0.5).")};
    case Scheme::Binary:
      return {Methods::tr("Binary"),
              Methods::tr("The sign of each weight times the mean magnitude: one bit, for retraining."),
              QStringLiteral("Rastegari et al. 2016, arXiv:1603.05279")};
    case Scheme::BitPlane:
      return {Methods::tr("Bit-planes"),
              Methods::tr("A sum of powers of two, of which the lowest can be dropped.")};
    case Scheme::PowerOfTwo:
      return {Methods::tr("Power of two"),
              Methods::tr("Symmetric with scales that are shifts: for chips without multipliers."),
              QStringLiteral("Zhou et al. 2017, arXiv:1702.03044")};
    case Scheme::Ternary:
      return {Methods::tr("Ternary"), Methods::tr("−s, 0 or s: two bits and many zeros, for retraining."),
              QStringLiteral("Li, Zhang, Liu 2016, arXiv:1605.04711")};
    case Scheme::NormalFloat:
      return {Methods::tr("NF4"), Methods::tr("16 values as a normal distribution needs them: for 4 bits."),
              QStringLiteral("Dettmers et al. 2023, arXiv:2305.14314")};
    case Scheme::Float8E4M3:
      return {Methods::tr("FP8 E4M3"), Methods::tr("8-bit floats, finer: hardly any loss at 8 bits."),
              QStringLiteral("Micikevicius et al. 2022, arXiv:2209.05433")};
    case Scheme::Float8E5M2:
      return {Methods::tr("FP8 E5M2"), Methods::tr("8-bit floats, wider: for weights with far outliers."),
              QStringLiteral("Micikevicius et al. 2022, arXiv:2209.05433")};
    case Scheme::Codebook:
      return {Methods::tr("Codebook"),
              Methods::tr("The values that fit best, by k-means: the smallest file at few bits."),
              QStringLiteral("Han, Mao, Dally 2016, arXiv:1510.00149")};
  }
  return {};
}

MethodText textOf(core::RangeMethod method) {
  using core::RangeMethod;
  switch (method) {
    case RangeMethod::MinMax:
      return {Methods::tr("Min–max"), Methods::tr("From least to greatest value: nothing is clipped.")};
    case RangeMethod::Percentile:
      return {Methods::tr("Percentile"),
              Methods::tr("Leaves out the outermost 0.01 % of the values: for rare outliers.")};
    case RangeMethod::MeanSquaredError:
      return {Methods::tr("Least squares"),
              Methods::tr("The range whose codes have the least mean squared error: for few bits.")};
    case RangeMethod::Entropy:
      return {Methods::tr("Entropy"),
              Methods::tr("The range that keeps the distribution best, by Kullback–Leibler divergence."),
              QStringLiteral("Migacz 2017")};
  }
  return {};
}

MethodText textOf(core::Rounding rounding) {
  using core::Rounding;
  switch (rounding) {
    case Rounding::Nearest:
      return {Methods::tr("Nearest"), Methods::tr("Each weight to its nearest code: needs no data.")};
    case Rounding::Gptq:
      return {Methods::tr("GPTQ"),
              Methods::tr("Later inputs make up for the error of earlier ones: for 2 to 4 bits."),
              QStringLiteral("Frantar et al. 2023, arXiv:2210.17323")};
    case Rounding::Adaptive:
      return {Methods::tr("AdaRound"),
              Methods::tr("Up or down, whichever leaves the layer's output closer: for 2 to 4 bits."),
              QStringLiteral("Nagel et al. 2020, arXiv:2004.10568")};
  }
  return {};
}

MethodText textOf(core::LowRankMode mode) {
  using core::LowRankMode;
  const QString paper = QStringLiteral("Denton et al. 2014, arXiv:1404.0736");
  switch (mode) {
    case LowRankMode::None:
      return {Methods::tr("Off"), Methods::tr("One matrix, as in the file.")};
    case LowRankMode::Rank:
      return {Methods::tr("Rank"), Methods::tr("Two narrow layers in place of one: choose how narrow."),
              paper};
    case LowRankMode::Energy:
      return {Methods::tr("Energy"),
              Methods::tr("As narrow as it can be while it keeps a share of the squared singular values."),
              paper};
  }
  return {};
}

}  // namespace lapidary::ui
