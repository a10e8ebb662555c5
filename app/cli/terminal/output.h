// SPDX-License-Identifier: GPL-3.0-or-later
// The output of the commands: notes and progress on standard error, tables or one JSON object on standard
// output.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/analyze/outcome.h"
#include "core/model/model.h"
#include "core/support/number_text.h"
#include "core/support/progress.h"
#include "options.h"

namespace lapidary::cli {

using Json = nlohmann::ordered_json;

/// No more notes: of several processes that do the same one is enough to tell of it.
void muteNotes();
/// A line on standard error.
void note(const std::string& text);
/// One JSON object and a line feed on standard output.
void print(const Json& json);
/// A line on standard output.
void printLine(const std::string& text);
/// Columns aligned by their widest cell, the first to the left, others to the right.
void printTable(const std::vector<std::vector<std::string>>& rows);

/// Beside the target and renamed over it. Throws Error(CannotWrite).
void writeText(const std::string& path, const std::string& text);

std::string oneLine(const std::string& json);
std::string warningText(const core::Warning& warning);
using core::bytesText;
using core::countText;
using core::percentText;
/// At most four significant figures.
std::string numberText(double value);
std::string shapeText(const core::Shape& shape);

/// Progress that a terminal shows as one line that changes; nothing where standard error is a file.
core::Progress terminalProgress(const std::string& what);

/// The keys of `evaluate`: samples, top1, top1_low, top1_high, agreement, loss, ... Absent figures are null.
void addQuality(Json& json, const core::Quality& quality);
/// preprocess and preprocess_origin, where there are samples.
void addPreprocess(Json& json, const Opened& opened);
void printQuality(const core::Quality& quality);

}  // namespace lapidary::cli
