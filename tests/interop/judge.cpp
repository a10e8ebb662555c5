// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/judge.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace lapidary::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json inputJson(const std::string& name, const core::Tensor& tensor, const std::string& file) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(tensor.bytes().data()),
             static_cast<std::streamsize>(tensor.bytes().size()));
  return {{"name", name}, {"type", core::name(tensor.dtype())}, {"dims", tensor.shape()}, {"file", file}};
}

Judgement readJudgement(const Json& result, const std::string& file) {
  if (result.contains("error")) return {{}, result["error"]};
  Judgement judgement;
  std::ifstream content(file, std::ios::binary);
  for (const Json& dims : result["dims"]) {
    core::TensorBuilder builder(core::DType::Float32, dims.get<core::Shape>());
    content.read(reinterpret_cast<char*>(builder.bytes().data()),
                 static_cast<std::streamsize>(builder.bytes().size()));
    judgement.outputs.push_back(std::move(builder).build());
  }
  return judgement;
}

}  // namespace

std::optional<std::string> judgeMissing() {
  if (std::string(LAPIDARY_NODE).empty()) return "skipped: no node";
  if (!fs::exists(std::string(LAPIDARY_INTEROP_DIR) + "/node_modules/onnxruntime-node"))
    return "skipped: no onnxruntime-node (run npm install --ignore-scripts in tests/interop)";
  return std::nullopt;
}

std::vector<Judgement> judge(const std::vector<JudgeJob>& jobs, const std::string& folder) {
  Json list = Json::array();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string stem = folder + "/job" + std::to_string(i);
    Json inputs = Json::array();
    for (std::size_t k = 0; k < jobs[i].inputs.size(); ++k)
      inputs.push_back(
          inputJson(jobs[i].inputs[k].first, jobs[i].inputs[k].second, stem + "_in" + std::to_string(k)));
    list.push_back({{"model", jobs[i].modelPath},
                    {"inputs", inputs},
                    {"output", stem + "_out"},
                    {"framed", jobs[i].framed},
                    {"feedback", jobs[i].feedback},
                    {"level", jobs[i].level},
                    {"threads", jobs[i].threads}});
  }
  const std::string file = folder + "/jobs.json";
  std::ofstream(file) << list;
  const std::string command =
      std::string("'") + LAPIDARY_NODE + "' '" + LAPIDARY_INTEROP_DIR + "/run_models.js' '" + file + "'";
  std::vector<Judgement> judgements(jobs.size(), Judgement{{}, "node did not finish"});
  if (std::system(command.c_str()) != 0) return judgements;
  const Json results = Json::parse(std::ifstream(file + ".out"));
  for (std::size_t i = 0; i < jobs.size(); ++i)
    judgements[i] = readJudgement(results.at(i), folder + "/job" + std::to_string(i) + "_out");
  return judgements;
}

}  // namespace lapidary::tests
