// SPDX-License-Identifier: GPL-3.0-or-later
// Options that several commands share, and what they open.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "core/analyze/size_kind.h"
#include "core/session/open.h"

namespace lapidary::cli {

/// The options that every command takes.
struct CommonOptions {
  std::string model;
  bool json = false;
  unsigned threads = 0;    ///< 0: all processors
  std::size_t memory = 0;  ///< megabytes (2^20) besides the weights; 0: the default
};

/// The options that name the samples which a command sees.
struct DataOptions {
  std::string data;
  std::string preprocess;  ///< path of a JSON file; empty: beside the model, or guessed
  std::string scores;      ///< name of the output that holds the scores of classes; empty: chosen
};

/// The options that name the samples which calibration and methods learn from.
struct CalibrationOptions {
  std::string data;           ///< empty: the data of the command
  std::size_t samples = 256;  ///< the first of a stratified order
};

void addCalibration(CLI::App& command, CalibrationOptions& options);
void addCommon(CLI::App& command, CommonOptions& options);
/// What a command calls --output: what it writes, or, where it writes nothing by that name, the model's
/// output that holds the scores of classes, which --scores names everywhere.
enum class OutputMeans { Scores, File };
CLI::Option* addData(CLI::App& command, DataOptions& options, OutputMeans output = OutputMeans::Scores);
/// --recipe FILE; the value stays empty where it is not given.
CLI::Option* addRecipe(CLI::App& command, std::string& path);

/// The text of a whole file. Throws Error(InvalidInput).
std::string readText(const std::string& path);
/// Empty path: the empty recipe.
core::Recipe readRecipe(const std::string& path);

using core::Opened;
/// Tells the model's warnings and the preprocess on standard error.
Opened openSession(const CommonOptions& options, const DataOptions& data,
                   const CalibrationOptions& calibration = {}, const core::DriftOptions& drift = {});

/// Throws Error(Usage) where nothing could be written to `out` by its ending: before minutes of work, not
/// after them.
void requireTarget(const std::string& out);

/// --size: which file's bytes count, as one of the words that sizeKindNamed knows.
CLI::Option* addSize(CLI::App& command, std::string& word, const std::string& says);
const char* kindName(core::QualityKind kind);
const char* originName(core::PreprocessOrigin origin);

}  // namespace lapidary::cli
