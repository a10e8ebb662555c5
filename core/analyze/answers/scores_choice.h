// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a model's outputs are the scores of the classes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/model/model.h"

namespace lapidary::core {

/// An output as far as it is known: "N" of its declaration, and what it is when the model runs, are sizes.
struct OutputForm {
  std::string name;
  std::optional<DType> dtype;
  std::optional<std::vector<Dimension>> shape;
};

/// The output that was taken. `Why` it was, for a sentence that whoever shows it composes.
struct ScoresChoice {
  enum class Why {
    Given,     ///< somebody named it
    Only,      ///< nothing else can hold scores
    FitsData,  ///< it has one score for every class of the labels
    Name,      ///< it is called as scores are
    Form,      ///< it has the form [samples, classes]
    First      ///< it stands before others that would do as well
  };
  std::size_t output = 0;  ///< index among the graph's outputs
  std::string name;
  Why why = Why::Only;
  std::size_t classes = 0;          ///< how many scores it has; 0: not known
  std::vector<std::string> rivals;  ///< outputs that would do as well, or nearly so
};

std::vector<OutputForm> declaredOutputs(const Model& model);

/// Ranks outputs by what they can be: as many scores as the labels have classes, then the name, then the form
/// [samples, classes]. `classes`: one more than the largest label; 0 without labels. Nothing where no output
/// can hold scores of classes.
std::optional<ScoresChoice> chooseScores(std::span<const OutputForm> outputs, std::size_t classes);

/// The output that somebody named. Throws Error(InvalidInput) that lists the model's outputs where there is
/// none of that name.
ScoresChoice namedScores(std::span<const OutputForm> outputs, const std::string& name);

/// One more than the largest label; 0 without labels.
std::size_t labelledClasses(const DataSource& data);

/// "given", "only", "fits-labels", "name", "form", "first".
std::string_view wordOf(ScoresChoice::Why why);

}  // namespace lapidary::core
