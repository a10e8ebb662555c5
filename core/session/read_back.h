// SPDX-License-Identifier: GPL-3.0-or-later
// The check of what was written by reading it back: it gives the answers, weights and bytes that were shown,
// or it is refused.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/io/common/format.h"
#include "core/report/bundle.h"
#include "core/session/state.h"
#include "core/session/unverified_file.h"

namespace lapidary::core {

/// The figures that were shown of a recipe, which everything that is written is held against.
struct ShownCut {
  const Session& session;
  Session::State& state;
  const Recipe& recipe;
  RunnableCut cut;
  std::shared_ptr<const Predictions>
      answers;  ///< null without data, or where outputs are no scores of classes
};

ShownCut shownCut(const Session& session, Session::State& state, const Recipe& recipe,
                  const Progress& progress);

/// A model that was read back, and the means to ask it.
struct ReopenedModel {
  Model model;
  std::unique_ptr<const Executor> executor;  ///< null where it cannot run
  std::optional<Predictions> predictions;
  std::optional<Quality> difference;  ///< of outputs that are no scores of classes
};

/// Reads a model from the bytes that were written, and asks it everything that was shown. `name` is told in
/// errors. Throws Error(CannotWrite) where it cannot be read or differs.
ReopenedModel readBack(const Bytes& file, const Format& format, const std::string& name,
                       const ShownCut& shown, const Progress& progress);

/// Of the reopened model; where the file has no graph its weights were found to be the shown ones.
std::optional<Quality> qualityOf(const ReopenedModel& reopened, const ShownCut& shown,
                                 const Progress& progress);

/// The bundle as the disk gives it back, every member of which holds what was packed. Tells of every member
/// on `progress`. Throws Error(CannotWrite) where one differs.
Bytes readBack(const UnverifiedFile& file, const PackedBundle& packed, const Progress& progress);

}  // namespace lapidary::core
