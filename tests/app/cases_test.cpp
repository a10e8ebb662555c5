// SPDX-License-Identifier: GPL-3.0-or-later
// Cases of real trouble, which people reported of other tools: each in a folder beside the shared models,
// with the outcome that is wanted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "command.h"
#include "core/files/mapped_file.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "tests/interop/judge.h"

namespace lapidary {
namespace {

namespace fs = std::filesystem;
using core::Tensor;
using test::Finished;
using test::Folder;
using test::lapidary;
using ::testing::HasSubstr;
using Json = nlohmann::json;

fs::path sharedCases() { return fs::path(LAPIDARY_ASSETS_DIR).parent_path() / "cases"; }

/// A copy of a case's folder that can be written to, and where links lie that came as the text of links.
class CaseFolder {
 public:
  explicit CaseFolder(const std::string& name) : m_path(m_folder / name) {
    fs::copy(sharedCases() / name, m_path, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(m_path)) {
      fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add);
      if (!entry.is_regular_file() || entry.file_size() > 200) continue;
      const std::string text = test::contentOf(entry.path());
      if (text.starts_with("../")) replaceByLink(entry.path(), text);
    }
  }

  std::string operator/(const std::string& name) const { return (m_path / name).string(); }

 private:
  static void replaceByLink(const fs::path& file, const std::string& target) {
    fs::remove(file);
    fs::create_symlink(target, file);
  }

  Folder m_folder;
  fs::path m_path;
};

Finished ran(const std::string& arguments) {
  Finished finished = lapidary(arguments);
  EXPECT_EQ(finished.status, 0) << arguments << "\n" << finished.err;
  return finished;
}

Json jsonOf(const std::string& arguments) {
  const Finished finished = ran(arguments + " --json");
  return finished.status == 0 ? finished.json() : Json::object();
}

Json layerIn(const Json& json, const std::string& name) {
  for (const Json& layer : json.value("layers", Json::array()))
    if (layer["name"] == name) return layer;
  ADD_FAILURE() << "no layer '" << name << "' in " << json.dump();
  return Json::object();
}

std::string warningsOf(const Json& json) { return json.value("warnings", Json::array()).dump(); }

/// The header of a safetensors file.
Json headerOf(const std::string& path) {
  const std::string file = test::contentOf(path);
  std::uint64_t length = 0;
  if (file.size() < 8) return Json::object();
  std::copy_n(file.data(), 8, reinterpret_cast<char*>(&length));
  return Json::parse(file.substr(8, length));
}

double top1(const std::string& arguments) { return jsonOf("evaluate " + arguments).value("top1", -1.0); }

double largestOf(const Tensor& values) {
  double largest = 0;
  for (const float value : values.as<float>()) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

double apart(const Tensor& a, const Tensor& b) {
  if (a.size() != b.size()) return INFINITY;
  double apart = 0;
  for (std::size_t i = 0; i < a.as<float>().size(); ++i)
    apart = std::max(apart, std::abs(double{a.as<float>()[i]} - double{b.as<float>()[i]}));
  return apart;
}

/// The share of rows whose greatest value stands where the label says.
double shareOfRight(const Tensor& scores, const Tensor& labels) {
  const Tensor truth = core::toFloat32(labels);
  const auto rows = static_cast<std::size_t>(truth.size());
  const std::size_t classes = static_cast<std::size_t>(scores.size()) / rows;
  std::size_t right = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = scores.as<float>().subspan(i * classes, classes);
    right += static_cast<float>(std::ranges::max_element(row) - row.begin()) == truth.as<float>()[i];
  }
  return static_cast<double>(right) / static_cast<double>(rows);
}

/// A cut of `model` in its case's folder: what compress told, and that ONNX Runtime gives the same answers
/// for the file, where it is at hand.
Json cutIn(const CaseFolder& folder, const std::string& model, const std::string& data,
           const std::string& settings) {
  const std::string cut = folder / "cut.onnx", x = folder / "x.npz", y = folder / "y.npz";
  const Json told =
      jsonOf("compress " + (folder / model) + " --data " + (folder / data) + " -o " + cut + " " + settings);
  if (tests::judgeMissing() || !fs::exists(cut)) return told;
  const auto arrays = core::readNpz(core::mapFile(folder / data));
  const core::Model written = core::readModel(cut);
  const std::string input = written.graph->value(written.graph->inputs.at(0)).name;
  std::ofstream file(x, std::ios::binary);
  core::writeNpz({{input, arrays.at("x")}}, [&](std::span<const std::byte> part) {
    file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(part.size()));
  });
  file.close();
  ran("run " + cut + " --input " + x + " -o " + y);
  const auto mine = core::readNpz(core::mapFile(y));
  const auto judged = tests::judge({{.modelPath = cut, .inputs = {{input, arrays.at("x")}}}}, folder / "");
  EXPECT_EQ(judged[0].error, "");
  if (!judged[0].error.empty()) return told;
  const Tensor& theirs = judged[0].outputs.at(0);
  const Tensor ours = mine.at(written.graph->value(written.graph->outputs.at(0)).name);
  EXPECT_LE(apart(ours, theirs), 1e-4 * largestOf(ours)) << settings;
  EXPECT_NEAR(shareOfRight(theirs, arrays.at("y")), told.value("top1_after", -1.0), 1.0 / 300) << settings;
  return told;
}

double shareOf(const Json& told) { return told.value("bytes_out", 1e9) / told.value("bytes_in", 1.0); }

void linksOfADownloadCache() {
  const CaseFolder folder("01-hf-cache-symlinks");
  const std::string snapshot = folder / "models--acme--tiny/snapshots/0123abc/onnx";
  const std::string copy = folder / "copy";
  fs::copy(snapshot, copy);  // what links lead to
  for (const std::string& place : {snapshot, copy}) {
    const Json json = jsonOf("inspect " + place + "/model.onnx");
    EXPECT_EQ(layerIn(json, "fc")["shape"], Json::parse("[10, 64]"));
    EXPECT_EQ(json.value("parameters", 0), 650);
  }
  const Finished audit = ran("audit " + snapshot + "/model.onnx");
  EXPECT_THAT(audit.out, ::testing::Not(::testing::AnyOf(HasSubstr("high "), HasSubstr("critical "))));
  fs::remove(snapshot + "/model.onnx_data");
  fs::create_symlink("/etc/hostname", snapshot + "/model.onnx_data");
  EXPECT_EQ(lapidary("inspect " + snapshot + "/model.onnx").status, 3)
      << "a file that is no part of the download";
}

void floatsOfEightBits() {
  const CaseFolder folder("02-safetensors-fp8");
  const Json json = jsonOf("inspect " + (folder / "m.safetensors"));
  for (const char* name : {"norm.weight", "embed.weight", "proj.weight_scale_inv"}) layerIn(json, name);
  const Json layer = layerIn(json, "proj.weight");
  EXPECT_EQ(layer.value("min", 0.0), -448);
  EXPECT_EQ(layer.value("max", 0.0), 448);
  ran("compress " + (folder / "m.safetensors") + " --bits 4 --scheme symmetric -o " +
      (folder / "out.safetensors"));
}

void tiedWeightsOfPyTorch() {
  const CaseFolder folder("05-torch-tied-weights");
  const std::string model = folder / "m.pt", out = folder / "out.safetensors";
  EXPECT_EQ(jsonOf("inspect " + model).value("parameters", 0), 33056);
  const Json quantized = jsonOf("compress " + model + " --bits 8 --scheme symmetric -o " + out);
  EXPECT_LT(quantized.value("bytes_out", 1e9), 45000) << "codes of one table";
  EXPECT_THAT(warningsOf(quantized), HasSubstr("head.weight"));
  EXPECT_LT(jsonOf("compress " + model + " --sparsity 0.5 -o " + out).value("bytes_out", 1e9), 140000);
}

void safetensorsSayTheirFormat() {
  const CaseFolder folder("05-torch-tied-weights");
  const std::string out = folder / "out.safetensors";
  ran("compress " + (folder / "m.pt") + " --sparsity 0.5 -o " + out);
  EXPECT_EQ(headerOf(out)["__metadata__"]["format"], "pt");
}

void stateOfATrainingIsNoWeight() {
  const CaseFolder folder("07-optimizer-state-counts-as-weights");
  const std::string out = folder / "out.safetensors";
  const Json json = jsonOf("inspect " + (folder / "fairseq.pt"));
  EXPECT_THAT(json.value("parameters", 0), ::testing::AnyOf(938, 942));
  EXPECT_THAT(json["layers"].dump(), ::testing::Not(HasSubstr("exp_avg")));
  EXPECT_THAT(warningsOf(json), HasSubstr("last_optimizer_state"));
  ran("compress " + (folder / "fairseq.pt") + " --sparsity 0.5 -o " + out);
  EXPECT_THAT(headerOf(out).dump(), ::testing::Not(HasSubstr("exp_avg")));
}

void localFunctionsRunAndAreCut() {
  const CaseFolder folder("09-local-functions");
  const std::string model = folder / "m.onnx", y = folder / "y.npz";
  const Json json = jsonOf("inspect " + model);
  ASSERT_EQ(json["layers"].size(), 2u);
  EXPECT_EQ(json["layers"][0]["shape"], Json::parse("[8, 8]"));
  EXPECT_EQ(json["layers"][1]["shape"], Json::parse("[4, 8]"));
  ran("run " + model + " --input " + (folder / "x.npz") + " -o " + y);
  EXPECT_LE(
      apart(core::readNpz(core::mapFile(y)).at("y"), core::readNpy(core::mapFile(folder / "y_ort.npy"))),
      1e-5);
  const Json cut =
      jsonOf("compress " + model + " --bits 8 -o " + (folder / "q.onnx") + " --data " + (folder / "d.npz"));
  EXPECT_TRUE(cut["top1_after"].is_number());
}

void tiedTableBehindATranspose() {
  const CaseFolder folder("11-tied-lm-head-transpose");
  EXPECT_EQ(jsonOf("inspect " + (folder / "m.onnx")).value("parameters", 0), 68096);
  EXPECT_LE(shareOf(cutIn(folder, "m.onnx", "d.npz", "--bits 8 --scheme symmetric")), 0.30);
  EXPECT_LE(shareOf(cutIn(folder, "m.onnx", "d.npz", "--bits 4 --scheme symmetric")), 0.17);
}

void weightsBehindAReshape() {
  const CaseFolder folder("12-weight-behind-reshape");
  const Json json = jsonOf("inspect " + (folder / "m.onnx"));
  EXPECT_EQ(json["layers"].size(), 3u);
  EXPECT_EQ(layerIn(json, "q").value("parameters", 0), 4096);
  EXPECT_EQ(layerIn(json, "k").value("parameters", 0), 4096);
  EXPECT_EQ(layerIn(json, "out").value("parameters", 0), 640);
  EXPECT_LE(shareOf(cutIn(folder, "m.onnx", "d.npz", "--bits 8 --scheme symmetric")), 0.35);
}

void answersOfRuntimesAreOurs() {
  const CaseFolder folder("14-int4-blocks-axis0");
  for (const char* settings : {"--bits 8", "--bits 4", "--bits 4 --scheme affine", "--bits 4 --per tensor",
                               "--bits 4 --per group:16", "--bits 6", "--scheme ternary"}) {
    const Json told = cutIn(folder, "tabular.onnx", "tabular.npz", settings);
    if (std::string(settings) != "--bits 8") continue;
    EXPECT_NEAR(told.value("top1_after", 0.0), 0.975, 0.0051);
  }
}

void picturesAreTurned() {
  const CaseFolder folder("30-exif-rotation");
  for (const char* data : {"photos", "upright"})
    EXPECT_EQ(
        top1((folder / "m.onnx") + " --data " + (folder / data) + " --preprocess " + (folder / "pre.json")),
        1)
        << data;
}

void partsOfKerasArrays() {
  const CaseFolder folder("33-npz-of-keras");
  const Json json = jsonOf("evaluate " + (folder / "m.onnx") + " --data " + (folder / "keras.npz"));
  EXPECT_EQ(json.value("top1", 0.0), 1);
  EXPECT_EQ(json.value("samples", 0), 40);
}

void labelsOfEveryType() {
  const CaseFolder folder("34-labels-float-and-one-hot");
  for (const char* data : {"float64", "onehot", "onehot_f32", "bool"})
    EXPECT_EQ(top1((folder / "m.onnx") + " --data " + (folder / data) + ".npz"), 1) << data;
}

void tablesOfEveryForm() {
  const CaseFolder folder("35-huggingface-metadata-csv");
  for (const char* table : {"metadata", "extra", "bom", "semicolon", "spaces"})
    EXPECT_EQ(top1((folder / "m.onnx") + " --data " + (folder / "set/") + table + ".csv --preprocess " +
                   (folder / "pre.json")),
              1)
        << table;
}

void foldersThatAreNoClasses() {
  const CaseFolder folder("36-folders-that-are-no-classes");
  fs::create_directories(folder / "subset/empty");  // version control keeps no empty folder
  const auto evaluate = [&](const std::string& data) {
    return "evaluate " + (folder / "m.onnx") + " --data " + (folder / data) + " --preprocess " +
           (folder / "pre.json");
  };
  for (const char* data : {"set", "clean"}) {
    const Json json = jsonOf(evaluate(data));
    EXPECT_EQ(json.value("top1", 0.0), 1) << data;
    EXPECT_EQ(json.value("samples", 0), 40) << data;
  }
  EXPECT_THAT(warningsOf(jsonOf(evaluate("set"))),
              ::testing::AllOf(HasSubstr("__MACOSX"), HasSubstr("notes")));
  const Json subset = jsonOf(evaluate("subset"));
  EXPECT_EQ(subset.value("samples", 0), 30);
  EXPECT_TRUE(subset.value("top1", 0.0) == 1 || warningsOf(subset).find("'empty'") != std::string::npos);
}

void foldersNamedByNumbers() {
  const CaseFolder folder("37-numbered-class-folders");
  const Json json = jsonOf("evaluate " + (folder / "m.onnx") + " --data " + (folder / "set") +
                           " --preprocess " + (folder / "pre.json"));
  EXPECT_EQ(json.value("top1", 0.0), 1);
  EXPECT_EQ(json.value("samples", 0), 48);
}

void scoresAmongSeveralOutputs() {
  const CaseFolder folder("40-features-before-logits");
  const Finished told = ran("evaluate " + (folder / "m.onnx") + " --data " + (folder / "d.npz") + " --json");
  EXPECT_EQ(told.json().value("top1", 0.0), 1);
  EXPECT_THAT(told.err, HasSubstr("'logits'"));
  EXPECT_THAT(ran("evaluate --help").out, HasSubstr("--output"));
}

void fusedOperatorsAreLayers() {
  const CaseFolder folder("43-fused-operators-are-no-layers");
  const Json json = jsonOf("inspect " + (folder / "m.onnx"));
  EXPECT_EQ(layerIn(json, "conv")["shape"], Json::parse("[8, 1, 3, 3]"));
  EXPECT_EQ(layerIn(json, "fm")["shape"], Json::parse("[512, 32]"));
  layerIn(json, "fg");
  layerIn(json, "out");
  EXPECT_NEAR(json.value("parameters", 0), 17840, 100);
  EXPECT_LT(shareOf(cutIn(folder, "m.onnx", "d.npz", "--bits 8 --scheme symmetric")), 0.35);
}

/// Norms, biases and statistics come back bit for bit, so that the model answers as with those of the
/// original.
void normsOfWeightsAloneStay() {
  const CaseFolder folder("45-weights-only-norms-are-cut");
  for (const std::string settings : {"--sparsity 0.6", "--bits 4 --per tensor"}) {
    const std::string out = folder / "out.safetensors";
    ran("compress " + (folder / "m.pt") + " " + settings + " -o " + out);
    const core::Model before = core::readModel(folder / "m.pt"), after = core::readModel(out);
    std::size_t changed = 0, kept = 0;
    for (const auto& [id, tensor] : before.weights) {
      const core::ValueId there = after.graph->findValue(before.graph->value(id).name);
      const bool found = there.valid() && after.weights.contains(there);
      const bool same = found && std::ranges::equal(after.weights.at(there).bytes(), tensor.bytes());
      EXPECT_TRUE(same || tensor.rank() != 1) << before.graph->value(id).name << ", " << settings;
      kept += tensor.rank() == 1, changed += tensor.rank() > 1 && !same;
    }
    EXPECT_GE(kept, 14u);
    EXPECT_EQ(changed, 4u) << settings;
  }
}

void configurationsThatRunCode() {
  const CaseFolder folder("50-hydra-target");
  for (const char* file : {"bad.nemo", "bad.safetensors", "config.yaml", "config.json"}) {
    const Finished audit = lapidary("audit " + (folder / file));
    EXPECT_EQ(audit.status, 6) << file;
    EXPECT_THAT(audit.out, HasSubstr("_target_")) << file;
  }
  for (const char* file : {"clean.nemo", "clean.safetensors"})
    EXPECT_THAT(ran("audit " + (folder / file)).out, HasSubstr("no findings")) << file;
}

void referencesHiddenInOnnx() {
  const CaseFolder folder("53-onnx-hidden-references");
  for (const char* file : {"attribute.onnx", "function.onnx", "sparse_values.onnx", "sparse_indices.onnx",
                           "subgraph.onnx", "link/model.onnx", "payload.jpg", "payload.onnx"}) {
    const Finished audit = lapidary("audit " + (folder / file));
    EXPECT_EQ(audit.status, 6) << file;
    const bool payload = std::string(file).starts_with("payload");
    EXPECT_THAT(audit.out, HasSubstr(payload ? "PythonOp" : "onnx-external-escape")) << file;
  }
  ran("audit " + (folder / "clean.onnx"));
  ran("inspect " + (folder / "payload.onnx"));
}

struct Case {
  const char* folder;
  void (*run)();
};

class Cases : public ::testing::TestWithParam<Case> {};

TEST_P(Cases, GiveWhatIsWanted) {
  if (!fs::exists(sharedCases() / GetParam().folder)) GTEST_SKIP() << "skipped: no ../shared/cases";
  GetParam().run();
}

constexpr Case all[] = {{"01-hf-cache-symlinks", linksOfADownloadCache},
                        {"02-safetensors-fp8", floatsOfEightBits},
                        {"05-torch-tied-weights", tiedWeightsOfPyTorch},
                        {"06-safetensors-without-format", safetensorsSayTheirFormat},
                        {"07-optimizer-state-counts-as-weights", stateOfATrainingIsNoWeight},
                        {"09-local-functions", localFunctionsRunAndAreCut},
                        {"11-tied-lm-head-transpose", tiedTableBehindATranspose},
                        {"12-weight-behind-reshape", weightsBehindAReshape},
                        {"14-int4-blocks-axis0", answersOfRuntimesAreOurs},
                        {"30-exif-rotation", picturesAreTurned},
                        {"33-npz-of-keras", partsOfKerasArrays},
                        {"34-labels-float-and-one-hot", labelsOfEveryType},
                        {"35-huggingface-metadata-csv", tablesOfEveryForm},
                        {"36-folders-that-are-no-classes", foldersThatAreNoClasses},
                        {"37-numbered-class-folders", foldersNamedByNumbers},
                        {"40-features-before-logits", scoresAmongSeveralOutputs},
                        {"43-fused-operators-are-no-layers", fusedOperatorsAreLayers},
                        {"45-weights-only-norms-are-cut", normsOfWeightsAloneStay},
                        {"50-hydra-target", configurationsThatRunCode},
                        {"53-onnx-hidden-references", referencesHiddenInOnnx}};

std::string nameOf(const ::testing::TestParamInfo<Case>& given) {
  std::string name = given.param.folder;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shared, Cases, ::testing::ValuesIn(all), nameOf);

/// A case that nobody looks at would pass for one that gives what is wanted.
TEST(CasesOfTrouble, NoneIsForgotten) {
  if (!fs::exists(sharedCases())) GTEST_SKIP() << "skipped: no ../shared/cases";
  for (const auto& entry : fs::directory_iterator(sharedCases())) {
    if (!fs::exists(entry.path() / "want")) continue;
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Case& known) { return name == known.folder; })) << name;
  }
}

}  // namespace
}  // namespace lapidary
