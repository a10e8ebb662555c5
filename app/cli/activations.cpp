// SPDX-License-Identifier: GPL-3.0-or-later
// activations: the samples that excite a layer or one of its channels most, and the channel's maps.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/files/image.h"
#include "core/report/heatmap.h"
#include "core/session/activation_maps.h"
#include "evaluation_warnings.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;
namespace fs = std::filesystem;

struct ActivationsCommand {
  CommonOptions common;
  DataOptions data;
  std::string layer, out;
  TopRequest request;

  void run() {
    const Opened opened = openSession(common, data);
    warnOfTriedLabels(opened);
    const Session& session = *opened.session;
    request.layer = session.model().findLayer(layer);
    request.workers = 0;
    if (!request.layer.valid())
      throw Error(ErrorKind::Usage, "there is no layer '" + layer + "' in the model");
    const auto found = topActivations(session, request, terminalProgress("running"));
    Json json{{"layer", layer}, {"channel", request.channel}, {"samples", Json::array()}};
    std::vector<std::vector<std::string>> rows{{"sample", "activation", "row", "column"}};
    for (const TopSample& each : found) {
      const std::string name = session.data()->source().sampleName(each.sample);
      json["samples"].push_back({{"sample", each.sample},
                                 {"name", name},
                                 {"activation", each.activation},
                                 {"row", each.row},
                                 {"column", each.column}});
      rows.push_back(
          {name, numberText(each.activation), std::to_string(each.row), std::to_string(each.column)});
      if (!out.empty()) json["samples"].back()["file"] = draw(session, each.sample);
    }
    addPreprocess(json, opened);
    common.json ? print(json) : printTable(rows);
  }

 private:
  /// The channel's map of the sample; of a whole layer that of its first channel would say little.
  std::string draw(const Session& session, std::size_t sample) const {
    if (request.channel < 0)
      throw Error(ErrorKind::Usage, "--output draws the maps of one channel: name it with --channel");
    std::error_code error;
    fs::create_directories(out, error);
    if (!fs::is_directory(out)) throw Error(ErrorKind::CannotWrite, out + ": cannot make the folder");
    const ActivationMaps maps = activationMaps(session, sample, request.layer);
    const auto values = maps.channel(request.channel);
    const SaliencyMap map{SaliencyMethod::GradientInput,  maps.width, maps.height,
                          {values.begin(), values.end()}, 0,          0};
    const std::string file =
        "sample" + std::to_string(sample) + "_channel" + std::to_string(request.channel) + ".png";
    const std::vector<std::byte> bytes = encodePng(heatmapPicture(map, sharedRange(map, map)));
    writeFileAtomically((fs::path(out) / file).string(), [&](const Append& append) { append(bytes); });
    return file;
  }
};

}  // namespace

void addActivations(CLI::App& program) {
  CLI::App* command = program.add_subcommand("activations", "Find the samples that excite a layer most");
  const auto activations = std::make_shared<ActivationsCommand>();
  addCommon(*command, activations->common);
  addData(*command, activations->data, OutputMeans::File)->required();
  command->add_option("--layer", activations->layer, "Name of the layer")->required();
  command
      ->add_option("--channel", activations->request.channel,
                   "One of its channels (default: the whole layer)")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--count", activations->request.count, "How many samples")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("-o,--output", activations->out, "Folder for the channel's maps of these samples")
      ->type_name("FOLDER");
  command->footer(
      "Example:\n  lapidary-cli activations model.onnx --data test.npz --layer conv2 --channel 3 -o maps");
  command->callback([activations] { activations->run(); });
}

}  // namespace lapidary::cli
