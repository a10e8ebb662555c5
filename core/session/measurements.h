// SPDX-License-Identifier: GPL-3.0-or-later
// The table of measurements: one row a figure. To add a figure: a row in measurements.cpp, a file that
// measures it, and where a tooltip is not enough a view.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/analyze/figure.h"
#include "core/session/measurement.h"

namespace lapidary::core {

class Dataset;
class Evaluation;
struct Predictions;

/// The needs of a row; where one is not met, the row is left out.
struct Needs {
  bool runnable = false;     ///< a graph that can run
  bool samples = false;      ///< data
  bool classScores = false;  ///< outputs that are scores of classes
  bool labels = false;
};

enum class Turn {
  First,      ///< at once, told before anything is run
  Always,     ///< in every evaluation
  Usually,    ///< where the options say so, as they do by default
  OnRequest,  ///< where the options say so
};

/// Of the answers to all samples, by index in the data's order: the original's and the cut's.
using FigureOfAnswers = Figure (*)(const Dataset& data, const Predictions& original, const Predictions& cut);

struct MeasurementRow {
  MeasurementId id;
  FigureWords words;
  Needs needs;
  Turn turn = Turn::Always;
  /// Measures, and puts what it found into the outcome. Stop, time, memory and telling are the loop's.
  void (*run)(Evaluation&) = nullptr;
  /// In its place, where the answers are all that it needs: it is then measured on written files too.
  FigureOfAnswers ofAnswers = nullptr;
};

/// In the order in which they are measured.
std::span<const MeasurementRow> measurements();

/// All figures of answers to the whole data.
std::vector<Figure> figuresOfAnswers(const Dataset& data, const Predictions& original,
                                     const Predictions& cut);

/// The names of those figures, measured or not.
std::vector<const FigureWords*> wordsOfAnswers();

}  // namespace lapidary::core
