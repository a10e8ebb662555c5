// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation_warnings.h"

#include <map>

#include "core/data/data_warning.h"
#include "core/data/label_check.h"
#include "terminal/output.h"
#include "terminal/warnings.h"

namespace lapidary::cli {

using namespace core;

void warnOfKind(const Session& session, bool uncut) {
  const std::string against = uncut ? " (give --recipe: uncut there is nothing to compare with)" : "";
  if (session.qualityKind() == QualityKind::Noise)
    warn("no-class-scores",
         "the model's outputs are no scores of classes: how far they are from the uncut model's is "
         "measured" +
             against + (session.data()->labelled() ? ", and the labels are not used" : ""));
  else if (!session.data()->labelled())
    warn("no-labels",
         "the samples have no labels: how often the answers agree with the uncut model's is measured" +
             against + "; for accuracy give labels (class folders, a CSV of file,label, or y in an npz)");
}

void warnOfLayerNotes(const Model& model, const Footprint& footprint) {
  std::map<std::string, std::vector<std::string>> layersOf;
  for (const LayerFootprint& entry : footprint.layers)
    if (!entry.note.empty()) layersOf[entry.note].push_back(model.layer(entry.layer).name);
  for (const auto& [note, layers] : layersOf) warn("cut-without-effect", listedNames(layers) + ": " + note);
}

void warnOfLabels(const Session& session) {
  std::vector<DataWarning> found;
  try {
    found = session.labelQuestions(terminalProgress("asking the labels"));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::InvalidInput && error.kind() != ErrorKind::Unsupported) throw;
  }
  for (const DataWarning& warning : found) warn(warning);
}

void warnOfTriedLabels(const Opened& opened) {
  if (opened.preprocess && opened.preprocess->origin == PreprocessOrigin::Tried)
    warnOfLabels(*opened.session);
}

void warnOfLabels(const Session& session, const std::optional<Comparison>& comparison) {
  if (!comparison) return;
  for (const DataWarning& warning :
       questionedLabels(session.data()->source(), {comparison->classes, comparison->originalConfusion}))
    warn(warning);
}

}  // namespace lapidary::cli
