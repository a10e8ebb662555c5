// SPDX-License-Identifier: GPL-3.0-or-later
// The bundle: a zip with model, recipe, heatmaps, a report that opens alone in a browser, and a manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analyze/changes/class_changes.h"
#include "core/analyze/outcome.h"
#include "core/data/dataset.h"
#include "core/explain/map/saliency.h"
#include "core/model/model.h"
#include "core/report/bundle_samples.h"
#include "core/robust/detector_report.h"
#include "core/robust/robustness.h"

namespace lapidary::core {

/// Everything that goes into a bundle, measured by the caller. What describes the cut was measured on
/// the model read back from the bytes in `modelFile`.
struct BundleContent {
  Model original;
  Recipe recipe;
  Bytes modelFile;             ///< the ONNX as written
  Outcome outcome;             ///< of the reopened model
  std::string originalSha256;  ///< of the model file that was opened; empty for an embedded one
  std::string dataName;        ///< file name or folder name alone, no path
  std::optional<std::string> dataSha256;
  std::optional<Preprocess> preprocess;  ///< how the data became the model's input; undefined without data
  struct Heatmap {
    std::size_t sample = 0;
    std::string sampleName;
    std::int64_t truth = -1;
    std::string truthName;
    SaliencyMap original, cut;
  };
  std::vector<Heatmap> heatmaps;
  SampleCopies samples;                        ///< those behind the heatmaps, where they were asked for
  std::vector<ClassChange> classes;            ///< those that lost most first; empty without samples
  std::vector<std::string> classNames;         ///< as far as there are any
  std::vector<Outcome> visited;                ///< other recipes of the session that were measured as far
  std::optional<RobustnessReport> robustness;  ///< where it was asked for
  std::optional<DetectorReport> detector;      ///< likewise, of the reopened model
  std::string createdUtc;                      ///< ISO 8601, given by the caller
};

/// The content that a member of the bundle has to have when it is read back.
struct PackedMember {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct PackedBundle {
  Bytes zip;
  std::vector<PackedMember> members;  ///< all of them, in their order
};

/// Members: model.onnx, model.preprocess.json with data, recipe.json, heatmaps/*.png, detector.json with a
/// detector (for `lapidary-cli detect`), report.html, samples/sampleN.png where samples are copied, and
/// manifest.json.
PackedBundle makeBundle(const BundleContent& content);

/// The report alone: one HTML file with styles, charts (SVG) and pictures inside; no script, no link out.
std::string htmlReport(const BundleContent& content);
/// The manifest alone: JSON with format, version, SHA-256 of input and outputs, figures, samples seen.
std::string manifestJson(const BundleContent& content,
                         const std::vector<std::pair<std::string, std::string>>& memberHashes);

}  // namespace lapidary::core
