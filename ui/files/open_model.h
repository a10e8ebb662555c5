// SPDX-License-Identifier: GPL-3.0-or-later
// The request to open something in the window, and its result.
#pragma once

#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "core/session/session.h"

namespace lapidary::ui {

/// The request of a person to open something.
struct OpenRequest {
  QString model;  ///< a path, or "demo:lenet5" or "demo:lenet300"
  QString data;   ///< as core::openData takes it, or demoDigits(); empty: none (the demo brings its own)
  std::optional<core::Preprocess> preprocess;  ///< absent: the file beside the model, else a guess
  QString scoresOutput = {};  ///< name of the output that holds the scores of classes; empty: chosen

  bool demo() const { return model.startsWith(QLatin1String("demo:")); }
  /// The embedded digits that the demo's figures come from, for other models.
  static QString demoDigits() { return QStringLiteral("demo:digits"); }
};

struct OpenedModel {
  OpenRequest request;
  std::shared_ptr<const core::Session> session;
  core::PreprocessOrigin preprocessOrigin = core::PreprocessOrigin::Guessed;
  QString scoresOutput;  ///< the one that was taken; empty where there is but one output
  std::vector<core::Warning> warnings;
  std::vector<core::DataWarning> dataWarnings;
  QString modelName;  ///< for people: "lenet5.onnx"
  QString dataName;   ///< for people; empty without data
};

/// Reads it all on the caller's thread. Takes the model over from `same` where that was opened from the same
/// place, instead of reading it again. Throws core::Error, or Cancelled.
OpenedModel openModel(const OpenRequest& request, const OpenedModel* same, const core::Progress& progress);

/// Data of a person, as core::openData takes them, with a path that holds in every folder; what is no file
/// stays.
QString absoluteData(const QString& data);

/// The embedded digits that the demo's models were trained on, which the figures never come from.
std::shared_ptr<const core::DataSource> demoTrainingDigits();

}  // namespace lapidary::ui
