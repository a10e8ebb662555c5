// explain: heatmaps of chosen samples, original beside cut, as PNG and JSON.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/io/image.h"
#include "core/report/heatmap.h"
#include "output.h"

namespace lapidary::cli {
namespace {

using namespace core;
namespace fs = std::filesystem;

void writePng(const fs::path& path, const Picture& picture) {
  const std::vector<std::byte> bytes = encodePng(picture);
  writeFileAtomically(path.string(), [&](const Append& append) { append(bytes); });
}

Json mapJson(const SaliencyMap& map) {
  return {
      {"width", map.width}, {"height", map.height}, {"values", map.values}, {"probability", map.probability}};
}

struct ExplainCommand {
  CommonOptions common;
  DataOptions data;
  std::vector<std::size_t> samples;
  std::string method, recipe, out;
  std::int64_t targetClass = -1;

  void run() const {
    const Recipe cut = readRecipe(recipe);
    const Opened opened = openSession(common, data);
    makeFolder();
    Json json{{"out", out}, {"method", method}, {"samples", Json::array()}};
    for (const std::size_t sample : samples) json["samples"].push_back(explain(*opened.session, cut, sample));
    addPreprocess(json, opened);
    if (common.json) print(json);
  }

 private:
  void makeFolder() const {
    std::error_code error;
    fs::create_directories(out, error);
    if (error || !fs::is_directory(out))
      throw Error(ErrorKind::CannotWrite, out + ": cannot make the folder");
  }

  Json explain(const Session& session, const Recipe& cut, std::size_t sample) const {
    const Explanation found = session.explain(cut, {sample, saliencyMethodNamed(method), targetClass}, {});
    const std::string stem = "sample" + std::to_string(sample) + "_" + method;
    const float range = sharedRange(found.original, found.cut);
    writePng(fs::path(out) / (stem + "_original.png"), heatmapPicture(found.original, range));
    writePng(fs::path(out) / (stem + "_cut.png"), heatmapPicture(found.cut, range));
    writePng(fs::path(out) / (stem + "_difference.png"), differencePicture(found.original, found.cut, range));
    Json json{{"sample", sample},
              {"name", session.data()->source().sampleName(sample)},
              {"class", found.original.targetClass},
              {"kept", found.kept}};
    Json full = json;
    full["method"] = method;
    full["original"] = mapJson(found.original);
    full["cut"] = mapJson(found.cut);
    const std::string text = full.dump(1, ' ', false, Json::error_handler_t::replace);
    writeFileAtomically((fs::path(out) / (stem + ".json")).string(),
                        [&](const Append& append) { append(std::as_bytes(std::span(text))); });
    json["files"] = {stem + "_original.png", stem + "_cut.png", stem + "_difference.png", stem + ".json"};
    if (!common.json)
      printLine("sample " + std::to_string(sample) + ": class " + std::to_string(found.original.targetClass) +
                ", probability " + numberText(found.original.probability) + " -> " +
                numberText(found.cut.probability) + ", rank correlation " + numberText(found.kept) + "  " +
                (fs::path(out) / stem).string() + "_*.png");
    return json;
  }
};

}  // namespace

void addExplain(CLI::App& program) {
  CLI::App* command =
      program.add_subcommand("explain", "Draw what the answers rest on, before and after a cut");
  const auto explain = std::make_shared<ExplainCommand>();
  explain->method = methodName(SaliencyMethod::Gradient);
  addCommon(*command, explain->common);
  addData(*command, explain->data)->required();
  command->add_option("--samples", explain->samples, "Numbers of samples, like 0,5")
      ->delimiter(',')
      ->required();
  command->add_option("--method", explain->method, "How to explain")
      ->check(CLI::IsMember(methodNames()))
      ->capture_default_str();
  command->add_option("--class", explain->targetClass, "Class to explain (default: the original's answer)")
      ->check(CLI::NonNegativeNumber);
  addRecipe(*command, explain->recipe);
  command->add_option("-o,--output", explain->out, "Folder for the pictures")->required();
  command->footer(
      "Example:\n  lapidary-cli explain model.onnx --data test.npz --samples 0,5 --recipe cut.json -o maps");
  command->callback([explain] { explain->run(); });
}

}  // namespace lapidary::cli
