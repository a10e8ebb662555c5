// SPDX-License-Identifier: GPL-3.0-or-later
// The one way in: a model, its data, and how they become its inputs, read into a session.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/analyze/answers/scores_choice.h"
#include "core/data/dataset.h"
#include "core/session/session.h"

namespace lapidary::core {

/// A file, by its path; data also as openData takes them: a folder, or IMAGES:LABELS.
struct AtPath {
  std::string path;
};
/// A file compiled into the program. `name` is shown in errors.
struct InMemory {
  Bytes bytes;
  std::string name;
};

/// The steps of opening, in this order; what the request does not ask for is left out.
enum class OpenPhase { Model, Data, Preprocess, Samples, Calibration, Session };

/// The result of the request, and what should be told of it.
struct Opened {
  std::shared_ptr<const Session> session;
  std::optional<PreprocessChoice> preprocess;  ///< absent without data
  std::optional<ScoresChoice> scores;     ///< absent where there is but one output, or none can hold scores
  std::vector<Warning> warnings;          ///< of what was read; empty where all is well
  std::vector<DataWarning> dataWarnings;  ///< likewise, of the samples
};

struct OpenRequest {
  std::variant<AtPath, InMemory, Model> model;          ///< a model that was read before is taken over
  std::variant<std::monostate, AtPath, InMemory> data;  ///< in memory: an npz
  /// How samples become inputs. Nothing: the file beside the model, else found by trying or guessed. In
  /// memory: the JSON that belongs to the model. A value: as somebody wants it.
  std::variant<std::monostate, AtPath, InMemory, Preprocess> preprocess;
  std::string calibrationData;  ///< as openData takes it; empty: the data
  SessionOptions options = {};  ///< calibrationData in it is set here; its output is found or checked
  /// Called before each phase on the thread that opens, with what is known so far.
  std::function<void(OpenPhase, const Opened& soFar)> onPhase = {};
};

/// Reads on the calling thread; `progress` counts within each phase. Throws Error, naming the file, or
/// Cancelled.
Opened open(const OpenRequest& request, const Progress& progress = {});

}  // namespace lapidary::core
