// SPDX-License-Identifier: GPL-3.0-or-later
// compress: cut a model by a recipe, or all layers alike, and write it.
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/io/common/format.h"
#include "core/io/common/spared_tensors.h"
#include "core/session/bundle.h"
#include "core/session/save_target.h"
#include "core/session/stream_cut.h"
#include "core/support/error.h"
#include "core/support/json_text.h"
#include "cut_options.h"
#include "evaluation_warnings.h"
#include "runtime_check.h"
#include "sizes.h"
#include "terminal/output.h"
#include "terminal/warnings.h"
#include "trust_output.h"

namespace lapidary::cli {
namespace {

using namespace core;

struct CompressCommand {
  CommonOptions common;
  DataOptions data;
  CalibrationOptions calibration;
  CutOptions asked;
  DriftOptions drift;
  std::string out;
  bool dryRun = false, inPieces = false, withData = false, withRobustness = false, withDetector = false;

  void run() const {
    if (out.empty() && !dryRun)
      throw Error(ErrorKind::Usage, "say where to write with -o OUT, or use --dry-run");
    if (extras().any() && !isBundlePath(out))
      throw Error(ErrorKind::Usage,
                  "--with-data, --with-robustness and --with-detector go with a bundle: -o OUT.zip");
    const Opened opened = openSession(common, data, calibration, drift);
    const Recipe recipe = recipeOf(asked, *opened.session);
    warnOfFloatWeights(opened.session->model(), recipe);
    if (!dryRun && streams(opened.session->model(), recipe)) return stream(opened, recipe);
    if (dryRun) {
      const Footprint footprint = opened.session->footprint(recipe, terminalProgress("calibrating"));
      warnOfLabels(*opened.session);
      return report(opened, recipe, footprint, std::nullopt, std::nullopt);
    }
    const SavedFile saved = save(*opened.session, recipe);
    warnOfRuntime(saved);
    warnOfLabels(*opened.session);
    report(opened, recipe, opened.session->footprint(recipe), saved, saved.quality);
  }

 private:
  BundleExtras extras() const {
    BundleExtras wanted{withData, {}, {}};
    if (withRobustness) wanted.attacks.emplace();
    if (withDetector) wanted.detectorOfFalseAlarms = 0.05;
    return wanted;
  }

  /// Tensor by tensor where that is asked for, or the file is large.
  bool streams(const Model& model, const Recipe& cut) const {
    constexpr std::uint64_t large = std::uint64_t{256} << 20;
    const bool possible = data.data.empty() && canStream(model, cut, out);
    if (inPieces && !possible)
      throw Error(ErrorKind::Usage, "--stream cuts weights without a graph into " + endingFor("safetensors") +
                                        " or " + endingFor("Lapidary") + ", without data");
    return possible && (inPieces || model.source.fileBytes > large);
  }

  void stream(const Opened& opened, const Recipe& cut) const {
    const StreamedFile made = streamCut(opened.session->model(), cut, out, terminalProgress("cutting"));
    report(opened, cut, made.footprint, made.saved, std::nullopt);
  }

  /// What stands between a read model and a written one counts as "could not write".
  SavedFile save(const Session& session, const Recipe& cut) const {
    try {
      return session.save(cut, out, extras(), terminalProgress("checking"));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Usage || error.kind() == ErrorKind::InvalidInput) throw;
      throw Error(ErrorKind::CannotWrite, error.what());
    }
  }

  /// Such layers keep multiplying floats: the codes of the activations then cost accuracy and save no time.
  static void warnOfFloatWeights(const Model& model, const Recipe& cut) {
    for (const Layer& layer : model.layers) {
      const LayerEdit edit = cut.editOf(layer.name);
      if (edit.activations.mode == ActivationMode::None) continue;
      if (edit.quantize.scheme == Scheme::Symmetric && edit.quantize.bits <= 8) continue;
      warn(
          "float-weights",
          "the activations of '" + layer.name +
              "' are quantized and its weights are not symmetric integers of 8 bits or fewer: it computes in "
              "floats");
    }
  }

  void report(const Opened& opened, const Recipe& cut, const Footprint& footprint,
              const std::optional<SavedFile>& saved, const std::optional<Quality>& quality) const {
    warnOfLayerNotes(opened.session->model(), footprint);
    const double share = footprint.parameters == 0 ? 0
                                                   : static_cast<double>(footprint.zeros) /
                                                         static_cast<double>(footprint.parameters);
    const std::uint64_t in = opened.session->model().source.fileBytes;
    const std::uint64_t after = saved ? saved->bytes : footprint.fileAfter;
    if (!common.json) {
      printRanges(*opened.session, cut);
      printText(opened, footprint, in, after, share, quality);
      if (saved) printRuntimeCheck(*saved);
      if (quality) printTrust(*opened.session, trustOf(*opened.session, cut), cut.empty());
      return;
    }
    Json json{{"bytes_in", in}, {"bytes_out", after}, {"sparsity", share}};
    if (saved) {
      json["out"] = saved->path, json["sha256"] = saved->sha256;
      addRuntimeCheck(json, *saved);
    }
    if (quality) {
      json["top1_before"] = quality->originalTop1 ? Json(*quality->originalTop1) : Json();
      json["top1_after"] = quality->top1 ? Json(*quality->top1) : Json();
      addQuality(json, *quality);
      addTrust(json, *opened.session, trustOf(*opened.session, cut));
    }
    json["layers"] = layersJson(opened.session->model(), footprint);
    if (!saved || !streams(opened.session->model(), cut))
      addSizes(json, opened.session->forms(cut, terminalProgress("packing")));
    if (const Json ranges = activationsJson(*opened.session, cut); !ranges.empty())
      json["activations"] = ranges;
    json["recipe"] = parseOrderedJson(toJson(cut, -1));
    addPreprocess(json, opened);
    print(json);
  }

  /// Of whole files under "sizes", and of every layer in its own.
  static void addSizes(Json& json, const FileSizes& sizes) {
    json["sizes"] = sizesJson(sizes.total);
    for (std::size_t i = 0; i < sizes.layers.size(); ++i)
      json["layers"][i]["sizes"] = sizesJson(sizes.layers[i]);
  }

  /// Static ranges as they were calibrated, and after how many samples they came to rest.
  static Json activationsJson(const Session& session, const Recipe& cut) {
    Json ranges = Json::array();
    forStatic(session, cut, [&](const std::string& name, const LayerCalibration& layer, RangeMethod method) {
      const ActivationCodes codes = codesFor(layer.range(method));
      const Convergence rest = layer.convergence(method);
      Json history = Json::array();
      for (const CalibrationPoint& point : layer.history) {
        const ActivationRange& at = point.ranges[static_cast<std::size_t>(method)];
        history.push_back({{"samples", point.samples}, {"low", at.low}, {"high", at.high}});
      }
      ranges.push_back({{"name", name},
                        {"range", core::name(method)},
                        {"low", layer.range(method).low},
                        {"high", layer.range(method).high},
                        {"scale", codes.scale},
                        {"zero_point", codes.zeroPoint},
                        {"settled_after", rest.settledAfter > 0 ? Json(rest.settledAfter) : Json()},
                        {"last_move", rest.lastMove},
                        {"more_samples_help", rest.moreHelps},
                        {"history", std::move(history)}});
    });
    return ranges;
  }

  template <class Visit>
  static void forStatic(const Session& session, const Recipe& cut, const Visit& visit) {
    for (const QuantizedInput& input : quantizedInputs(session.model(), cut)) {
      if (input.mode != ActivationMode::Static) continue;
      const std::string& layer = session.model().layer(input.layer).name;
      visit(layer, *session.calibration(terminalProgress("calibrating"))->of(input.layer),
            cut.editOf(layer).activations.range);
    }
  }

  static void printRanges(const Session& session, const Recipe& cut) {
    std::vector<std::vector<std::string>> table{
        {"activations", "low", "high", "last move", "settled after", "more samples"}};
    forStatic(session, cut, [&](const std::string& name, const LayerCalibration& layer, RangeMethod method) {
      const Convergence rest = layer.convergence(method);
      table.push_back({name, numberText(layer.range(method).low), numberText(layer.range(method).high),
                       percentText(rest.lastMove),
                       rest.settledAfter > 0 ? std::to_string(rest.settledAfter) + " samples" : "not yet",
                       rest.moreHelps ? "may help" : "would not help"});
    });
    if (table.size() > 1) printTable(table);
  }

  /// Whether it was left as it is because of what it is.
  static bool isKept(const Model& model, const LayerFootprint& layer) {
    return model.layer(layer.layer).spared != Spared::No && !layer.snrDb &&
           layer.bytesBefore == layer.bytesAfter;
  }

  static Json layersJson(const Model& model, const Footprint& footprint) {
    Json layers = Json::array();
    for (const LayerFootprint& layer : footprint.layers) {
      layers.push_back({{"name", model.layer(layer.layer).name},
                        {"parameters", layer.parameters},
                        {"zeros", layer.zeros},
                        {"bits", layer.bits},
                        {"bytes_before", layer.bytesBefore},
                        {"bytes_after", layer.bytesAfter},
                        {"snr_db", layer.snrDb ? Json(*layer.snrDb) : Json()}});
      if (isKept(model, layer)) layers.back()["kept"] = core::name(model.layer(layer.layer).spared);
    }
    return layers;
  }

  void printText(const Opened& opened, const Footprint& footprint, std::uint64_t in, std::uint64_t after,
                 double share, const std::optional<Quality>& quality) const {
    std::vector<std::vector<std::string>> table{
        {"layer", "parameters", "zeros", "bits", "before", "after", "SNR dB"}};
    for (const LayerFootprint& layer : footprint.layers)
      table.push_back(
          {opened.session->model().layer(layer.layer).name, countText(layer.parameters),
           countText(layer.zeros), std::to_string(layer.bits), bytesText(layer.bytesBefore),
           bytesText(layer.bytesAfter),
           layer.snrDb ? numberText(*layer.snrDb)
           : isKept(opened.session->model(), layer)
               ? "kept: " + std::string(core::name(opened.session->model().layer(layer.layer).spared))
               : ""});
    printTable(table);
    printLine(bytesText(in) + " -> " + bytesText(after) + ", " + percentText(share) + " zeros" +
              (dryRun ? " (nothing written)" : "  " + out));
    if (quality) printQuality(*quality);
  }
};

}  // namespace

void addCompress(CLI::App& program) {
  CLI::App* command = program.add_subcommand("compress", "Cut a model and write it");
  const auto compress = std::make_shared<CompressCommand>();
  addCommon(*command, compress->common);
  addCut(*command, compress->asked);
  addCalibration(*command, compress->calibration);
  addData(*command, compress->data, OutputMeans::File);
  addDrift(*command, compress->drift);
  command
      ->add_option("-o,--output", compress->out,
                   "OUT" + endingFor("ONNX") + ", " + endingFor("Lapidary") +
                       " (the same, packed as small as it goes), " + endingFor("safetensors") + ", " +
                       endingFor("NumPy npz") + ", or .zip for the bundle with a report")
      ->type_name("FILE");
  command->add_flag(
      "--stream", compress->inPieces,
      "Cut weights without a graph tensor by tensor, in little memory (by itself above 256 MB)");
  command->add_flag(
      "--with-data", compress->withData,
      "Put the samples behind the heatmaps into the bundle, which says so; without it no sample "
      "of the data is copied");
  command->add_flag("--with-robustness", compress->withRobustness,
                    "Attack original and cut for the bundle's report (see the command robustness)");
  command->add_flag(
      "--with-detector", compress->withDetector,
      "Put a detector of tampered inputs into the bundle, for 5 % of false alarms, and how well "
      "it tells into the report (see the command detector)");
  command->add_flag("--dry-run", compress->dryRun, "Print sizes only, write nothing");
  command->footer(
      "Examples:\n  lapidary-cli compress model.onnx --sparsity 0.6 --bits 8 --data test.npz -o small.onnx\n"
      "  lapidary-cli compress model.onnx --recipe cut.json --data test.npz -o report.zip\n"
      "  lapidary-cli compress model.onnx --scheme minmax --bits 4 --per tensor --dry-run --json\n"
      "  lapidary-cli compress model.onnx --bits 7 --activations static --range percentile --data test.npz "
      "-o int8.onnx\n"
      "  lapidary-cli compress model.onnx --bits 4 --per group:64 --rounding gptq --data test.npz -o "
      "gptq.onnx\n"
      "  lapidary-cli compress model.onnx --channels 0.3 --criterion taylor --data test.npz -o narrow.onnx");
  command->callback([compress] { compress->run(); });
}

}  // namespace lapidary::cli
