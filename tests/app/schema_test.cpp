// SPDX-License-Identifier: GPL-3.0-or-later
// What --json prints is what the schemas in app/cli/schemas say, for every command on the demo's files.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/files/bytes.h"
#include "core/io/numpy/npz.h"
#include "tests/app/command.h"
#include "tests/app/ranked_command.h"
#include "tests/app/reference.h"
#include "tests/support/audit_corpus.h"

namespace lapidary {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::contentOf;
using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using test::lenet300;
using testing::HasSubstr;

const std::string schemas = std::string(LAPIDARY_SOURCE_DIR) + "/app/cli/schemas";

/// Why nothing can be validated; empty where it can.
std::string noValidator() {
  static const bool there = std::system("python3 -c 'import jsonschema' >/dev/null 2>&1") == 0;
  return there ? ""
               : "SKIPPED: python3 has no jsonschema (Debian: python3-jsonschema), so no JSON was validated";
}

/// Gives what the validator says against it; empty where the document obeys.
std::string faultsOf(const std::string& schema, const std::string& file) {
  const Folder folder;
  const std::string command = std::string("python3 ") + LAPIDARY_SOURCE_DIR +
                              "/tests/app/validate_schema.py " + schemas + " " + schema + " " + file + " >" +
                              (folder / "says") + " 2>&1";
  const bool good = std::system(command.c_str()) == 0;
  const std::string says = contentOf(folder / "says");
  return good ? "" : says.empty() ? "the validator failed" : says;
}

std::string faultsOfText(const std::string& schema, const std::string& text) {
  const Folder folder;
  std::ofstream(folder / "document.json") << text;
  return faultsOf(schema, folder / "document.json");
}

/// Runs the command with --json and holds what it prints to the schema; its standard error is no JSON.
json valid(const std::string& schema, const std::string& arguments, int status = 0) {
  const Finished found = lapidary(arguments + " --json");
  EXPECT_EQ(found.status, status) << arguments << "\n" << found.err;
  EXPECT_EQ(faultsOfText(schema, found.out), "") << arguments;
  return json::parse(found.out, nullptr, false);
}

std::string writtenRecipe(const Folder& folder, const std::string& layers) {
  const std::string path = folder / "recipe.json";
  std::ofstream(path) << R"({"format": "lapidary-recipe", "version": 1, "layers": {)" << layers << "}}";
  return path;
}

class Schemas : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = noValidator(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

TEST_F(Schemas, AreSchemas) {
  const std::string command =
      std::string("python3 ") + LAPIDARY_SOURCE_DIR + "/tests/app/validate_schema.py " + schemas;
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(Schemas, AForeignAMissingAndAWrongKeyAreTold) {
  EXPECT_EQ(faultsOfText("demo", R"({"files": []})"), "");
  EXPECT_THAT(faultsOfText("demo", R"({"files": [], "more": 1})"), HasSubstr("more"));
  EXPECT_THAT(faultsOfText("demo", "{}"), HasSubstr("files"));
  EXPECT_THAT(faultsOfText("demo", R"({"files": [1]})"), HasSubstr("files/0"));
  json found = lapidary("evaluate " + lenet300 + " --data " + digits + " --json").json();
  ASSERT_EQ(faultsOfText("evaluate", found.dump()), "");
  found["top2"] = 0.5;
  EXPECT_THAT(faultsOfText("evaluate", found.dump()), HasSubstr("top2"));
  found.erase("top2");
  found["reliability"][0]["more"] = 1;
  EXPECT_NE(faultsOfText("evaluate", found.dump()), "");
}

TEST_F(Schemas, Demo) {
  const Folder folder;
  valid("demo", "demo -o " + (folder / "demo"));
  EXPECT_EQ(faultsOf("preprocess", folder / "demo/lenet5.preprocess.json"), "");
}

TEST_F(Schemas, Inspect) {
  const Folder folder;
  valid("inspect", "inspect " + lenet);
  ASSERT_EQ(lapidary("compress " + lenet + " --bits 4 -o " + (folder / "w.npz")).status, 0);
  EXPECT_FALSE(valid("inspect", "inspect " + (folder / "w.npz")).contains("inputs"));
}

TEST_F(Schemas, Evaluate) {
  const Folder folder;
  const std::string cut = writtenRecipe(folder, R"("ip1": {"quantize": {"scheme": "symmetric", "bits": 2}})");
  const std::string evaluate = "evaluate " + lenet300 + " --data " + digits;
  EXPECT_TRUE(valid("evaluate", evaluate)["saliency"].is_null());
  EXPECT_TRUE(valid("evaluate", evaluate + " --saliency-samples 4 --recipe " + cut)["saliency"].is_object());
}

TEST_F(Schemas, EvaluateWithoutLabels) {
  const Folder folder;
  const auto arrays = core::readNpz(core::mapFile(digits));
  core::writeFileAtomically(folder / "unlabelled.npz", [&](const core::Append& append) {
    core::writeNpz({{"x", arrays.at("x")}}, append);
  });
  const std::string cut = writtenRecipe(folder, R"("ip1": {"quantize": {"scheme": "symmetric", "bits": 2}})");
  const json found = valid("evaluate", "evaluate " + lenet300 + " --data " + (folder / "unlabelled.npz") +
                                           " --saliency-samples 4 --recipe " + cut);
  EXPECT_TRUE(found["top1"].is_null() && found["agreement"].is_number());
}

TEST_F(Schemas, EvaluateOnRanksAndItsJournal) {
  if (const std::string reason = test::noMpi(); !reason.empty()) GTEST_SKIP() << reason;
  const Folder folder;
  const Finished found =
      test::onRanks(2, "evaluate " + lenet300 + " --data " + digits +
                           " --threads 1 --distributed --json --journal " + (folder / "figures.json"));
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(faultsOfText("evaluate", found.out), "");
  EXPECT_EQ(faultsOf("evaluate", folder / "figures.json"), "");
}

TEST_F(Schemas, CompressWithoutData) {
  const Folder folder;
  EXPECT_FALSE(valid("compress", "compress " + lenet + " --bits 4 --dry-run").contains("out"));
  EXPECT_TRUE(valid("compress", "compress " + lenet + " --bits 4 -o " + (folder / "x.onnx")).contains("out"));
  ASSERT_EQ(lapidary("compress " + lenet + " --bits 8 -o " + (folder / "w.safetensors")).status, 0);
  valid("compress",
        "compress " + (folder / "w.safetensors") + " --bits 4 --stream -o " + (folder / "v.safetensors"));
}

TEST_F(Schemas, CompressWithEverythingAndTheBundlesManifest) {
  const Folder folder;
  const json found =
      valid("compress", "compress " + lenet300 +
                            " --bits 7 --sparsity 0.5 --activations static --range percentile" + " --data " +
                            digits + " --saliency-samples 4 --with-data --with-robustness" +
                            " --with-detector -o " + (folder / "b.zip"));
  EXPECT_TRUE(found.contains("activations"));
  EXPECT_EQ(faultsOfText("recipe", found["recipe"].dump()), "");
  ASSERT_EQ(std::system(("python3 -m zipfile -e " + (folder / "b.zip") + " " + (folder / "b")).c_str()), 0);
  EXPECT_EQ(faultsOf("manifest", folder / "b/manifest.json"), "");
  EXPECT_EQ(faultsOf("recipe", folder / "b/recipe.json"), "");
  EXPECT_EQ(faultsOf("preprocess", folder / "b/model.preprocess.json"), "");
  EXPECT_EQ(faultsOf("detector_file", folder / "b/detector.json"), "");
}

TEST_F(Schemas, TheManifestOfABundleWithoutData) {
  const Folder folder;
  valid("compress", "compress " + lenet300 + " --channels 0.2 -o " + (folder / "b.zip"));
  ASSERT_EQ(std::system(("python3 -m zipfile -e " + (folder / "b.zip") + " " + (folder / "b")).c_str()), 0);
  EXPECT_EQ(faultsOf("manifest", folder / "b/manifest.json"), "");
}

TEST_F(Schemas, EveryKindOfRecipe) {
  for (const std::string cut :
       {"--sparsity 0.5 --per-layer --criterion l2", "--pattern 2:4", "--sparsity 0.5 --block 1x4",
        "--channels 0.2", "--rank 3 --scheme affine --bits 4 --per group:64", "--energy 0.9",
        "--scheme codebook --bits 4", "--scheme nf4", "--scheme bitplane --bits 6",
        "--scheme minmax --bits 3 --weight-range mse", "--activations dynamic --bits 8",
        "--bits 4 --equalize"})
    valid("compress", "compress " + lenet + " --dry-run " + cut);
}

TEST_F(Schemas, Explain) {
  const Folder folder;
  const std::string explain = "explain " + lenet300 + " --data " + digits;
  valid("explain",
        explain + " --samples 0,3 --method gradient,integrated-gradients --steps 4 -o " + (folder / "m"));
  EXPECT_EQ(faultsOf("explanation", folder / "m/sample0_gradient.json"), "");
  EXPECT_EQ(faultsOf("explanation", folder / "m/sample3_integrated-gradients.json"), "");
  valid("explain", explain + " --faithfulness --judge-samples 1 --method gradient,attention-rollout");
}

TEST_F(Schemas, Profile) {
  valid("profile", "profile " + lenet300);
  valid("profile", "profile " + lenet300 + " --batch 4 --data " + digits);
}

TEST_F(Schemas, Run) {
  const Folder folder;
  const core::Tensor image = core::Tensor::from<float>({1, 1, 28, 28}, std::vector<float>(784, 0.5f));
  core::writeFileAtomically(folder / "x.npz", [&](const core::Append& append) {
    core::writeNpz({{"image", image}}, append);
  });
  valid("run", "run " + lenet + " --input " + (folder / "x.npz") + " -o " + (folder / "y.npz"));
}

TEST_F(Schemas, Plan) { valid("plan", "plan " + lenet + " --stages 2 --workers 2 --batch 4"); }

TEST_F(Schemas, SizesAndUnpack) {
  const Folder folder;
  valid("sizes", "sizes " + lenet300);
  ASSERT_EQ(lapidary("compress " + lenet300 + " --bits 4 -o " + (folder / "x.lapidary")).status, 0);
  valid("unpack", "unpack " + (folder / "x.lapidary") + " -o " + (folder / "y.onnx"));
}

TEST_F(Schemas, Sensitivity) {
  valid("sensitivity", "sensitivity " + lenet300 + " --settings 2");
  const std::string labelled = "sensitivity " + lenet300 + " --data " + digits + " --settings 90%,2";
  valid("sensitivity", labelled);
  EXPECT_TRUE(valid("sensitivity", labelled + " --reverse").contains("all_layers"));
}

TEST_F(Schemas, Search) {
  const Folder folder;
  const std::string search =
      "search " + lenet300 + " --data " + digits + " --candidates 3 --saliency-samples 4";
  EXPECT_TRUE(valid("search", search + " --max-drop 1 --min-saliency 0.2 -o " + (folder / "x.onnx"))
                  .contains("sha256"));
  EXPECT_TRUE(valid("search", search + " --max-bytes 10 -o " + (folder / "none.onnx"), 7)["best"].is_null());
}

TEST_F(Schemas, Repair) {
  const Folder folder;
  valid("repair",
        "repair " + lenet300 + " --data " + digits + " --scheme binary --epochs 1 -o " + (folder / "x.onnx"));
}

TEST_F(Schemas, DistillEveryKindOfStudent) {
  const Folder folder;
  for (const std::string student : {"mlp:8", "cnn:2,kernel=3", "transformer:8,depth=1,heads=2", "narrow:0.3"})
    valid("distill", "distill " + lenet + " --student " + student + " --data " + digits + " --epochs 1 -o " +
                         (folder / "x.onnx"));
}

TEST_F(Schemas, Audit) {
  valid("audit", "audit " + lenet);
  valid("audit", "audit --opcodes " + lenet + " " + auditCorpus + "bad/torch.pt", 6);
  valid("audit", "audit --opcodes " + auditCorpus + "bad/torch.pt", 6);
}

TEST_F(Schemas, Robustness) {
  const std::string attack = "robustness " + lenet300 + " --data " + digits + " --samples 20 --strengths 8";
  valid("robustness", attack);
  EXPECT_TRUE(valid("robustness", attack + " --bits 2 --transfer")["rows"][0].contains("cut_on_original"));
}

TEST_F(Schemas, Activations) {
  const Folder folder;
  const std::string find = "activations " + lenet + " --data " + digits + " --layer conv2 --count 2";
  valid("activations", find);
  valid("activations", find + " --channel 3 -o " + (folder / "maps"));
}

TEST_F(Schemas, DetectorAndDetect) {
  const Folder folder;
  valid("detector", "detector " + lenet300 + " --data " + digits +
                        " --samples 100 --attack fgsm --strengths 16 -o " + (folder / "d.json"));
  EXPECT_EQ(faultsOf("detector_file", folder / "d.json"), "");
  valid("detect", "detect " + lenet300 + " --data " + digits + " --detector " + (folder / "d.json"));
}

/// Every object says which keys it has and takes no other; every figure says what it is.
void requireStrict(const json& schema, const std::string& path, bool open) {
  if (schema.is_array()) {
    for (const json& part : schema) requireStrict(part, path, open);
    return;
  }
  if (!schema.is_object()) return;
  if (schema.contains("properties")) {
    const bool condition = path.ends_with("/if") || path.ends_with("/then") || path.ends_with("/else");
    const bool closed = schema.contains("additionalProperties") || schema.contains("unevaluatedProperties");
    EXPECT_TRUE(closed || open || condition) << path << " takes any other key";
    for (const auto& [key, value] : schema["properties"].items()) {
      if (!condition && value.contains("type") && value["type"] != "object") {
        EXPECT_TRUE(value.contains("description")) << path << "/" << key << " does not say what it is";
      }
    }
    for (const json& key : schema.value("required", json::array()))
      EXPECT_TRUE(schema["properties"].contains(key.get<std::string>())) << path << ": " << key;
  }
  for (const auto& [key, part] : schema.items()) requireStrict(part, path + "/" + key, false);
}

TEST(SchemaFiles, AreStrictAndSayWhatEveryFigureIs) {
  // Parts that others add keys to: who refers to them closes the list.
  const std::set<std::string> open{"quality", "trust", "opened", "robustness", "detector", "sizes_open"};
  for (const auto& entry : fs::directory_iterator(schemas)) {
    json schema = json::parse(contentOf(entry.path()));
    const std::string name = entry.path().filename();
    const json parts = schema.value("$defs", json::object());
    for (const auto& [part, content] : parts.items())
      requireStrict(content, name + "/" + part, name == "common.schema.json" && open.contains(part));
    schema.erase("$defs");
    requireStrict(schema, name, false);
  }
}

TEST(SchemaFiles, EveryCommandWithJsonHasOne) {
  std::size_t found = 0;
  for (const std::string& command : test::commandNames()) {
    if (!test::optionsOf(command).contains("--json")) continue;
    ++found;
    EXPECT_TRUE(fs::exists(schemas + "/" + command + ".schema.json")) << command;
  }
  EXPECT_GE(found, 19u);
}

}  // namespace
}  // namespace lapidary
