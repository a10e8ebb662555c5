// SPDX-License-Identifier: GPL-3.0-or-later
// run: a model on arrays of one's own.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "core/io/numpy/npz.h"
#include "terminal/output.h"

namespace lapidary::cli {
namespace {

using namespace core;

struct RunCommand {
  CommonOptions common;
  std::string input, recipe, out;

  void run() const {
    if (!out.ends_with(".npz")) throw Error(ErrorKind::Usage, out + ": the ending must be .npz");
    const Recipe cut = readRecipe(recipe);
    const Opened opened = openSession(common, {});
    std::vector<std::pair<std::string, Tensor>> arrays;
    for (auto& [name, tensor] : withContext("reading " + input, [&] { return readNpz(mapFile(input)); }))
      arrays.emplace_back(name, std::move(tensor));
    std::map<std::string, Tensor> outputs;
    for (auto& [name, tensor] : opened.session->run(cut, arrays)) outputs.emplace(name, std::move(tensor));
    writeFileAtomically(out, [&](const Append& append) { writeNpz(outputs, append); });
    report(outputs);
  }

 private:
  void report(const std::map<std::string, Tensor>& outputs) const {
    Json json{{"out", out}, {"outputs", Json::array()}};
    for (const auto& [name, tensor] : outputs) {
      json["outputs"].push_back(
          {{"name", name}, {"dtype", core::name(tensor.dtype())}, {"shape", tensor.shape()}});
      if (!common.json)
        printLine(name + "  " + std::string(core::name(tensor.dtype())) + "  " + shapeText(tensor.shape()));
    }
    if (common.json) print(json);
  }
};

}  // namespace

void addRun(CLI::App& program) {
  CLI::App* command = program.add_subcommand("run", "Run a model on arrays named as its inputs");
  const auto run = std::make_shared<RunCommand>();
  addCommon(*command, run->common);
  command->add_option("--input", run->input, "npz with an array for every input of the graph")
      ->type_name("FILE")
      ->required();
  addRecipe(*command, run->recipe);
  command->add_option("-o,--output", run->out, "npz to write, arrays named as the graph's outputs")
      ->type_name("FILE")
      ->required();
  command->footer("Example:\n  lapidary-cli run model.onnx --input x.npz -o y.npz");
  command->callback([run] { run->run(); });
}

}  // namespace lapidary::cli
