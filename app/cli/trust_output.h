// SPDX-License-Identifier: GPL-3.0-or-later
// The change of the model's reasons, classes and confidence by a cut, as options, text and JSON.
#pragma once

#include "core/session/session.h"
#include "terminal/output.h"

namespace lapidary::cli {

/// The words of all saliency methods, as options take them.
std::vector<std::string> saliencyWords();

/// --saliency-method, --saliency-samples, --saliency-top.
void addDrift(CLI::App& command, core::DriftOptions& options);

/// The figures that `evaluate` and `compress` tell besides the quality. Absent without labels or maps.
struct TrustFigures {
  std::optional<core::SaliencyDrift> drift;
  std::optional<core::Comparison> comparison;
  std::vector<core::Figure> figures;  ///< of the answers
};
/// Measures what is not known yet; drift of a cut alone.
TrustFigures trustOf(const core::Session& session, const core::Recipe& recipe);

/// Keys: saliency, ece, ece_low, ece_high, ece_adaptive, ece_original (and its _low, _high, _adaptive),
/// reliability and reliability_original (bins), classes; KEY, KEY_low and KEY_high of every figure of
/// answers. Absent figures are null.
void addTrust(Json& json, const core::Session& session, const TrustFigures& figures);
void printTrust(const core::Session& session, const TrustFigures& figures, bool uncut);

Json driftJson(const std::optional<core::SaliencyDrift>& drift);
/// "rank correlation 0.9731 (0.9652 to 0.981), ..." of one line.
std::string driftText(const core::SaliencyDrift& drift);

}  // namespace lapidary::cli
