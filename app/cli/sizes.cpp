// SPDX-License-Identifier: GPL-3.0-or-later
#include "sizes.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/analyze/sizes/footprint.h"
#include "evaluation_warnings.h"
#include "terminal/options.h"
#include "terminal/warnings.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::vector<std::string> rowOf(const std::string& name, const FormBytes& bytes) {
  std::vector<std::string> row{name};
  for (const Form form : allForms) row.push_back(bytesText(bytesIn(form, bytes)));
  return row;
}

FormBytes restOf(const FileSizes& sizes) {
  FormBytes rest = sizes.total;
  for (const FormBytes& layer : sizes.layers) {
    rest.dense -= layer.dense;
    rest.packed -= layer.packed;
    rest.file -= layer.file;
    rest.zipped -= layer.zipped;
    rest.lapidary -= layer.lapidary;
  }
  return rest;
}

struct SizesCommand {
  CommonOptions common;
  DataOptions data;
  CalibrationOptions calibration;
  std::string recipe;

  void run() const {
    const Opened opened = openSession(common, data, calibration);
    const Session& session = *opened.session;
    warnOfLabels(session);
    const Recipe cut = readRecipe(recipe);
    const Footprint footprint = session.footprint(cut);
    warnOfLayerNotes(session.model(), footprint);
    const FileSizes sizes = session.forms(cut, terminalProgress("packing"));
    if (!common.json) return printSizes(session, footprint, sizes);
    Json layers = Json::array();
    for (std::size_t i = 0; i < sizes.layers.size(); ++i) {
      Json layer = sizesJson(sizes.layers[i]);
      layer["name"] = session.model().layers[i].name;
      layers.push_back(layer);
    }
    print(Json{{"format", sizeFormat(session.model()).name},
               {"total", sizesJson(sizes.total)},
               {"layers", layers},
               {"zeros_save_nothing", zerosSaveNothing(sizes, footprint.zeros, footprint.parameters)}});
  }
};

}  // namespace

Json sizesJson(const FormBytes& bytes) {
  return {{"dense", bytes.dense},
          {"packed", bytes.packed},
          {"file", bytes.file},
          {"zipped", bytes.zipped},
          {"lapidary", bytes.lapidary}};
}

void printSizes(const Session& session, const Footprint& footprint, const FileSizes& sizes) {
  const std::string format(sizeFormat(session.model()).name);
  std::vector<std::vector<std::string>> table{
      {"layer", "dense f32", "packed", format, format + " zipped", ".lapidary"}};
  for (std::size_t i = 0; i < sizes.layers.size(); ++i)
    table.push_back(rowOf(session.model().layers[i].name, sizes.layers[i]));
  table.push_back(rowOf("(the rest)", restOf(sizes)));
  table.push_back(rowOf("whole file", sizes.total));
  printTable(table);
  if (zerosSaveNothing(sizes, footprint.zeros, footprint.parameters))
    warn("zeros-save-nothing",
         "zeros take their place in " + format + ": what they save shows in a zip or as .lapidary");
}

void addSizes(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "sizes", "What a model, or its cut, takes in every form that it can be written in");
  const auto sizes = std::make_shared<SizesCommand>();
  addCommon(*command, sizes->common);
  // What a method learns from samples is of another size without them.
  addData(*command, sizes->data);
  addCalibration(*command, sizes->calibration);
  addRecipe(*command, sizes->recipe);
  command->footer("Example:\n  lapidary-cli sizes model.onnx --recipe cut.json");
  command->callback([sizes] { sizes->run(); });
}

}  // namespace lapidary::cli
