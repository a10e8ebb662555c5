// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a script sees it: exit status, JSON keys, files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"

namespace lapidary {
namespace {

using test::contentOf;
using test::demo;
using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

TEST(Cli, HelpHasExamplesAndWrongUsageIsTwo) {
  EXPECT_EQ(lapidary("--help").status, 0);
  EXPECT_EQ(lapidary("--version").status, 0);
  for (const char* command : {"inspect", "evaluate", "compress", "explain", "profile", "run", "demo"}) {
    const Finished help = lapidary(std::string(command) + " --help");
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("lapidary-cli " + std::string(command)));
    EXPECT_EQ(lapidary(command).status, 2) << "without arguments";
  }
  EXPECT_EQ(lapidary("").status, 2);
  EXPECT_EQ(lapidary("polish x").status, 2);
  EXPECT_EQ(lapidary("compress " + lenet + " --bits 17 -o /tmp/x.onnx").status, 2);
  EXPECT_EQ(lapidary("compress " + lenet + " --sparsity 1.5 -o /tmp/x.onnx").status, 2);
  EXPECT_EQ(lapidary("compress " + lenet).status, 2) << "nowhere to write";
  EXPECT_EQ(lapidary("inspect " + lenet + " --threads 0").status, 2);
}

TEST(Cli, WhatIsReadIsNotWrittenOver) {
  const Folder folder;
  const std::string model = folder / "m.onnx", data = folder / "d.npz";
  fs::copy_file(lenet, model);
  fs::copy_file(digits, data);
  const std::string before = contentOf(model), samples = contentOf(data);
  for (const std::string& command :
       {"audit " + model + " --sarif " + model, "sensitivity " + model + " --data " + data + " -o " + model,
        "detector " + model + " --data " + data + " -o " + model,
        "compress " + model + " --bits 4 --data " + data + " -o " + data,
        "run " + model + " --input " + data + " -o " + data,
        "evaluate " + model + " --data " + data + " --distributed --journal " + model}) {
    const Finished refused = lapidary(command);
    EXPECT_EQ(refused.status, 2) << command;
    EXPECT_THAT(refused.err, HasSubstr("choose another name")) << command;
  }
  EXPECT_TRUE(contentOf(model) == before && contentOf(data) == samples);
}

TEST(Cli, InspectListsLayers) {
  const Finished found = lapidary("inspect " + lenet + " --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const nlohmann::json json = found.json();
  EXPECT_EQ(json["format"], "ONNX");
  EXPECT_EQ(json["parameters"], 431080);
  EXPECT_FALSE(json.contains("warnings"));
  ASSERT_EQ(json["layers"].size(), 4u);
  for (const auto& layer : json["layers"])
    for (const char* key : {"name", "op", "shape", "parameters", "min", "max", "mean", "std", "l1", "zeros"})
      EXPECT_TRUE(layer.contains(key)) << key;
  EXPECT_EQ(json["layers"][0]["shape"], (std::vector<int>{20, 1, 5, 5}));
  EXPECT_THAT(lapidary("inspect " + lenet).out, HasSubstr("conv1"));
}

TEST(Cli, InspectSaysWhatTheModelTakesAndGives) {
  const auto json = lapidary("inspect " + lenet + " --json").json();
  ASSERT_EQ(json["inputs"].size(), 1u);
  EXPECT_EQ(json["inputs"][0]["dtype"], "float32");
  EXPECT_EQ(json["inputs"][0]["shape"].size(), 4u);
  EXPECT_EQ(json["inputs"][0]["shape"][3], 28);
  EXPECT_EQ(json["outputs"].size(), 1u);
  EXPECT_NE(lapidary("inspect " + lenet).out.find(" x 1 x 28 x 28"), std::string::npos);
}

TEST(Cli, AFolderThatIsNotThereIsNamedOnce) {
  const Folder folder;
  const Finished saved = lapidary("compress " + lenet + " --bits 8 -o " + (folder / "no/where.onnx"));
  EXPECT_EQ(saved.status, 4) << saved.err;
  const std::string path = folder / "no/where.onnx";
  const std::size_t first = saved.err.find(path);
  EXPECT_NE(first, std::string::npos) << saved.err;
  EXPECT_EQ(saved.err.find(path, first + 1), std::string::npos) << saved.err;
  EXPECT_EQ(saved.err.find("unverified"), std::string::npos) << saved.err;
}

TEST(Cli, EvaluateGivesTheKnownAccuracy) {
  const Finished found = lapidary("evaluate " + lenet + " --data " + digits + " --json --threads 2");
  ASSERT_EQ(found.status, 0) << found.err;
  const nlohmann::json json = found.json();
  EXPECT_EQ(json["samples"], 2000);
  EXPECT_NEAR(json["top1"].get<double>(), 0.991, 1e-9);
  EXPECT_LT(json["top1_low"], 0.991);
  EXPECT_GT(json["top1_high"], 0.991);
  EXPECT_EQ(json["agreement"], 1.0);
  EXPECT_GT(json["loss"], 0.0);
  EXPECT_GT(json["seconds"], 0.0);
  EXPECT_EQ(json["preprocess_origin"], "beside_model");
  EXPECT_THAT(found.err, HasSubstr("preprocess (beside_model)"));
}

TEST(Cli, AGivenPreprocessIsUsedAndSaid) {
  const Folder folder;
  std::ofstream(folder / "p.json") << R"({"scale": 1e-9, "channels": "gray"})";
  const Finished found = lapidary("evaluate " + lenet + " --data " + digits + " --preprocess " +
                                  (folder / "p.json") + " --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["preprocess_origin"], "given");
  EXPECT_LT(found.json()["top1"], 0.3);  // every picture is black
}

TEST(Cli, CompressWritesWhatItSays) {
  const Folder folder;
  const Finished found =
      lapidary("compress " + lenet + " --sparsity 0.6 --bits 8 --scheme symmetric --per channel --data " +
               digits + " --json -o " + (folder / "out.onnx"));
  ASSERT_EQ(found.status, 0) << found.err;
  const nlohmann::json json = found.json();
  EXPECT_EQ(json["bytes_in"], fs::file_size(lenet));
  EXPECT_EQ(json["bytes_out"], fs::file_size(folder / "out.onnx"));
  EXPECT_NEAR(json["top1_before"].get<double>(), 0.991, 1e-9);
  const core::Model written = core::readModel(folder / "out.onnx");
  std::int64_t zeros = 0, all = 0;
  for (const core::Layer& layer : written.layers) {
    const core::Tensor weight = core::layerWeight(written, layer);
    zeros += std::ranges::count(weight.as<float>(), 0.0f);
    all += weight.size();
  }
  EXPECT_NEAR(json["sparsity"].get<double>(), static_cast<double>(zeros) / static_cast<double>(all), 1e-12);
  EXPECT_GE(static_cast<double>(zeros), 0.6 * static_cast<double>(all) - 1);
  const Finished again = lapidary("evaluate " + (folder / "out.onnx") + " --data " + digits +
                                  " --preprocess " + demo + "lenet5.preprocess.json --json");
  EXPECT_NEAR(again.json()["top1"].get<double>(), json["top1_after"].get<double>(), 1e-12);
}

TEST(Cli, EveryEndingWrites) {
  const Folder folder;
  for (const std::string ending : {"onnx", "safetensors", "npz", "zip"}) {
    const Finished found =
        lapidary("compress " + lenet + " --bits 4 --scheme minmax --json -o " + (folder / ("x." + ending)));
    EXPECT_EQ(found.status, 0) << ending << found.err;
    EXPECT_EQ(found.json()["bytes_out"], fs::file_size(folder / ("x." + ending)));
  }
  EXPECT_EQ(lapidary("compress " + lenet + " -o " + (folder / "x.docx")).status, 2);
  EXPECT_EQ(lapidary("compress " + lenet + " -o " + (folder / "none/x.onnx")).status, 4);
}

TEST(Cli, AnUnknownCommandIsNamed) {
  const Finished found = lapidary("frob");
  EXPECT_EQ(found.status, 2);
  EXPECT_NE(found.err.find("no command 'frob'"), std::string::npos) << found.err;
}

TEST(Cli, TheModelThatIsReadIsNotOverwritten) {
  const Folder folder;
  const std::string model = folder / "own.onnx";
  fs::copy_file(lenet, model);
  const auto bytes = fs::file_size(model);
  const Finished found = lapidary("compress " + model + " --bits 2 -o " + (folder / "./own.onnx"));
  EXPECT_EQ(found.status, 2);
  EXPECT_NE(found.err.find("choose another name"), std::string::npos) << found.err;
  EXPECT_EQ(fs::file_size(model), bytes);
}

TEST(Cli, WhatWouldBeIgnoredIsRefused) {
  const Folder folder;
  EXPECT_EQ(lapidary("compress " + lenet + " --per-layer --bits 4 -o " + (folder / "x.onnx")).status, 2);
  EXPECT_EQ(lapidary("compress " + lenet + " --sparsity 0.5 --per tensor --dry-run").status, 2);
  EXPECT_EQ(lapidary("compress " + lenet + " --scheme binary --bits 4 --dry-run").status, 2);
  EXPECT_EQ(lapidary("run " + lenet + " --input x.npz -o y.txt").status, 2);
}

TEST(Cli, QuantizedActivationsAreWrittenAndReadBack) {
  const Folder folder;
  for (const std::string mode : {"static", "dynamic"}) {
    const std::string out = folder / (mode + ".onnx");
    const Finished cut = lapidary("compress " + lenet + " --bits 7 --activations " + mode + " --data " +
                                  digits + " -o " + out + " --json");
    ASSERT_EQ(cut.status, 0) << cut.err;
    EXPECT_EQ(cut.json()["recipe"]["layers"]["ip1"]["activations"]["mode"], mode);
    const std::string node = mode == "static" ? "QuantizeLinear" : "DynamicQuantizeLinear";
    EXPECT_NE(test::contentOf(out).find(node), std::string::npos);
    const auto read = lapidary("evaluate " + out + " --data " + digits + " --json").json();
    EXPECT_EQ(read["top1"], cut.json()["top1_after"]);
  }
  EXPECT_EQ(lapidary("compress " + lenet + " --activations dynamic --range mse --dry-run").status, 2);
}

TEST(Cli, DryRunWritesNothingAndKnowsTheSize) {
  const Folder folder;
  const std::string edit =
      "compress " + lenet + " --sparsity 0.5 --per-layer --bits 3 --scheme affine --per tensor --json ";
  const Finished dry = lapidary(edit + "--dry-run");
  ASSERT_EQ(dry.status, 0) << dry.err;
  EXPECT_EQ(dry.json()["bytes_out"], lapidary(edit + "-o " + (folder / "x.onnx")).json()["bytes_out"]);
  const auto layers = dry.json()["layers"];
  ASSERT_FALSE(layers.empty());
  for (const auto& layer : layers)
    EXPECT_GE(layer["zeros"].get<double>(), layer["parameters"].get<double>() / 2 - 1);
}

TEST(Cli, ARecipeFileIsObeyed) {
  const Folder folder;
  std::ofstream(folder / "r.json") << R"({"format":"lapidary-recipe","version":1,
    "layers":{"ip1":{"prune":{"mode":"sparsity","value":0.95}}}})";
  const std::string recipe = " --recipe " + (folder / "r.json");
  const Finished found = lapidary("compress " + lenet + recipe + " --dry-run --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["layers"][2]["zeros"], 380000);
  EXPECT_EQ(found.json()["layers"][0]["zeros"], 0);
  EXPECT_EQ(lapidary("compress " + lenet + recipe + " --bits 8 --dry-run").status, 2);
  std::ofstream(folder / "bad.json")
      << R"({"format":"lapidary-recipe","version":1,"layers":{"ip1":{"bits":8}}})";
  const Finished bad =
      lapidary("evaluate " + lenet + " --data " + digits + " --recipe " + (folder / "bad.json"));
  EXPECT_EQ(bad.status, 3);
  EXPECT_THAT(bad.err, HasSubstr("layers.ip1 has the unknown key 'bits'"));
}

TEST(Cli, DamagedInputIsThreeAndSaysWhere) {
  const Folder folder;
  std::ofstream(folder / "bad.onnx") << "this is no model";
  std::ofstream(folder / "cut.onnx", std::ios::binary) << test::contentOf(lenet).substr(0, 5000);
  std::ofstream(folder / "bad.npz") << "PK no zip";
  for (const std::string name : {"bad.onnx", "cut.onnx", "missing.onnx"}) {
    const Finished found = lapidary("inspect " + (folder / name) + " --json");
    EXPECT_EQ(found.status, 3) << name;
    EXPECT_THAT(found.err, HasSubstr(name));
    EXPECT_EQ(found.out, "");
  }
  EXPECT_EQ(lapidary("evaluate " + lenet + " --data " + (folder / "bad.npz")).status, 3);
  EXPECT_EQ(lapidary("evaluate " + lenet + " --data " + (folder / "nowhere")).status, 3);
  EXPECT_EQ(
      lapidary("run " + lenet + " --input " + (folder / "bad.npz") + " -o " + (folder / "y.npz")).status, 3);
}

TEST(Cli, RunGivesTheGraphsOutputs) {
  const Folder folder;
  const core::Tensor image = core::Tensor::from<float>({2, 1, 28, 28}, std::vector<float>(2 * 784, 0.5f));
  core::writeFileAtomically(folder / "x.npz", [&](const core::Append& append) {
    core::writeNpz({{"image", image}}, append);
  });
  const Finished found =
      lapidary("run " + lenet + " --input " + (folder / "x.npz") + " --json -o " + (folder / "y.npz"));
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["outputs"][0]["name"], "logits");
  const auto arrays = core::readNpz(core::mapFile(folder / "y.npz"));
  ASSERT_TRUE(arrays.contains("logits"));
  EXPECT_EQ(arrays.at("logits").shape(), (core::Shape{2, 10}));
  EXPECT_EQ(lapidary("run " + lenet + " --input " + (folder / "y.npz") + " -o " + (folder / "z.npz")).status,
            3);
}

TEST(Cli, ProfileTimesEveryStep) {
  const Folder folder;
  std::ofstream(folder / "r.json") << R"({"format":"lapidary-recipe","version":1,
    "layers":{"ip1":{"prune":{"mode":"sparsity","value":0.95}}}})";
  const Finished found = lapidary("profile " + lenet + " --recipe " + (folder / "r.json") + " --data " +
                                  digits + " --batch 4 --threads 2 --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const nlohmann::json json = found.json();
  EXPECT_EQ(json["batch"], 4);
  EXPECT_EQ(json["threads"], 2);
  EXPECT_GE(json["runs"], 5);
  EXPECT_GT(json["peak_gflops"].get<double>(), 0.1);
  double seconds = 0, flops = 0;
  std::vector<std::string> layers;
  for (const auto& step : json["steps"]) {
    for (const char* key :
         {"name", "op", "layer", "seconds", "seconds_original", "flops", "bytes", "peak_share"})
      EXPECT_TRUE(step.contains(key)) << key;
    seconds += step["seconds"].get<double>();
    flops += step["flops"].get<double>();
    if (!step["layer"].is_null()) layers.push_back(step["layer"]);
  }
  EXPECT_EQ(layers, (std::vector<std::string>{"conv1", "conv2", "ip1", "ip2"}));
  EXPECT_GT(json["seconds"].get<double>(), 0);
  EXPECT_NEAR(seconds, json["seconds"].get<double>(), 0.8 * seconds) << "medians of parts and of the whole";
  EXPECT_EQ(flops, json["flops"].get<double>());
  EXPECT_EQ(lapidary("profile " + lenet + " --batch 0").status, 2);
  EXPECT_EQ(lapidary("profile " + (folder / "missing.onnx")).status, 3);
}

TEST(Cli, ProfilePrintsATableForPeople) {
  const Folder folder;
  const Finished plain = lapidary("profile " + lenet);
  ASSERT_EQ(plain.status, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr("share of peak"));
  EXPECT_THAT(plain.out, HasSubstr("Conv"));
  EXPECT_THAT(plain.out, HasSubstr("GFLOP/s"));
  EXPECT_EQ(plain.out.find("original"), std::string::npos) << "without a recipe nothing stands beside it";
  std::ofstream(folder / "r.json") << R"({"format":"lapidary-recipe","version":1,
    "layers":{"ip1":{"prune":{"mode":"sparsity","value":0.95}}}})";
  EXPECT_THAT(lapidary("profile " + lenet + " --recipe " + (folder / "r.json")).out,
              HasSubstr("original ms"));
  lapidary("compress " + lenet + " -o " + (folder / "w.safetensors"));
  const Finished weights = lapidary("profile " + (folder / "w.safetensors"));
  EXPECT_EQ(weights.status, 3);
  EXPECT_THAT(weights.err, HasSubstr("the file holds weights without a graph"));
}

TEST(Cli, ExplainDrawsHeatmaps) {
  const Folder folder;
  const Finished found = lapidary("explain " + lenet + " --data " + digits +
                                  " --samples 0,5 --method gradient --json -o " + (folder / "maps"));
  ASSERT_EQ(found.status, 0) << found.err;
  const auto samples = found.json()["samples"];
  EXPECT_EQ(samples.size(), 2u);
  for (const auto& sample : samples)
    for (const auto& file : sample["files"])
      EXPECT_GT(fs::file_size((folder / "maps/") + file.get<std::string>()), 50u);
  EXPECT_EQ(
      lapidary("explain " + lenet + " --data " + digits + " --samples 99999 -o " + (folder / "m")).status, 2);
  EXPECT_EQ(
      lapidary("explain " + lenet + " --data " + digits + " --samples 0 --method magic -o " + (folder / "m"))
          .status,
      2);
}

TEST(Cli, ExplainTakesSeveralMethodsAndTellsWhatTheySumTo) {
  const Folder folder;
  const Finished found = lapidary(
      "explain " + lenet + " --data " + digits +
      " --samples 3 --method integrated-gradients,grad-cam --steps 16 --json -o " + (folder / "maps"));
  ASSERT_EQ(found.status, 0) << found.err;
  const auto samples = found.json()["samples"];
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0]["method"], "integrated-gradients");
  EXPECT_NEAR(samples[0]["completeness"]["attributed"], samples[0]["completeness"]["expected"], 2);
  EXPECT_EQ(lapidary("explain " + lenet + " --data " + digits).status, 2) << "nothing asked for";
}

TEST(Cli, ExplainJudgesMethods) {
  const Finished found =
      lapidary("explain " + lenet + " --data " + digits +
               " --faithfulness --judge-samples 2 --method gradient-input,attention-rollout --json");
  ASSERT_EQ(found.status, 0) << found.err;
  const auto judged = found.json()["faithfulness"];
  ASSERT_EQ(judged.size(), 2u);
  EXPECT_EQ(judged[0]["samples"], 2);
  EXPECT_LT(judged[0]["deletion_area"], judged[0]["deletion_area_random"]);
  EXPECT_EQ(judged[0]["deletion"].size(), 21u);
  EXPECT_THAT(judged[1]["obstacle"].get<std::string>(), HasSubstr("has none"));
}

TEST(Cli, ActivationsFindTheSamplesThatExciteAChannel) {
  const Folder folder;
  const Finished found = lapidary("activations " + lenet + " --data " + digits +
                                  " --layer ip2 --channel 7 --count 3 --json -o " + (folder / "maps"));
  ASSERT_EQ(found.status, 0) << found.err;
  const auto samples = found.json()["samples"];
  ASSERT_EQ(samples.size(), 3u);
  EXPECT_GE(samples[0]["activation"], samples[1]["activation"]);
  EXPECT_GT(fs::file_size((folder / "maps/") + samples[0]["file"].get<std::string>()), 50u);
  EXPECT_EQ(lapidary("activations " + lenet + " --data " + digits + " --layer ip9").status, 2);
  EXPECT_EQ(lapidary("activations " + lenet + " --data " + digits + " --layer ip2 --channel 10").status, 2);
}

TEST(Cli, DemoWritesModelsThatWork) {
  const Folder folder;
  const Finished found = lapidary("demo --json -o " + (folder / "demo"));
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(test::contentOf(folder / "demo/lenet5.onnx"), test::contentOf(lenet));
  EXPECT_EQ(lapidary("demo -o /proc/nowhere").status, 4);
}

TEST(Cli, AnUnknownLayerOfARecipeNamesItsNearest) {
  const Folder folder;
  std::ofstream(folder / "r.json") << R"({"format": "lapidary-recipe", "version": 1,
    "layers": {"conv_1": {"prune": {"mode": "threshold", "value": 0.1}}}})";
  const Finished found =
      lapidary("compress " + lenet + " --recipe " + (folder / "r.json") + " -o " + (folder / "x.onnx"));
  EXPECT_EQ(found.status, 3);
  EXPECT_THAT(found.err, HasSubstr("no layer 'conv_1'; the nearest are 'conv1', 'conv2'"));
}

TEST(Cli, DataThatCannotFeedTheModelSaysWhatWasExpected) {
  const Folder folder;
  std::map<std::string, core::Tensor> arrays{
      {"x", core::Tensor::from<float>({4, 3, 5}, std::vector<float>(60))}};
  core::writeFileAtomically(folder / "d.npz", [&](const core::Append& a) { core::writeNpz(arrays, a); });
  const Finished found = lapidary("evaluate " + lenet + " --data " + (folder / "d.npz"));
  EXPECT_EQ(found.status, 3);
  EXPECT_THAT(found.err, HasSubstr("the data cannot feed the model: samples are float32 3x5"));
  EXPECT_THAT(found.err, HasSubstr("expects Nx1x28x28 float32"));
}

TEST(Cli, APreprocessThatWasFoundIsSaid) {
  const std::string assets = LAPIDARY_ASSETS_DIR;
  if (!fs::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  const Finished found = lapidary("evaluate " + assets + "/resnet/resnet20_cifar10.onnx --data " + assets +
                                  "/cifar10/test-1000 --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_GE(found.json()["top1"], 0.78);
  EXPECT_EQ(found.json()["preprocess_origin"], "tried");
  EXPECT_THAT(found.err, HasSubstr("preprocess (tried: best of 6 common forms on"));
}

TEST(Cli, UnpacksTheOnnxFileThatALapidaryFileHolds) {
  const Folder folder;
  const std::string cut = " --sparsity 0.9 --bits 5 -o ";
  ASSERT_EQ(lapidary("compress " + lenet + cut + folder / "a.onnx").status, 0);
  ASSERT_EQ(lapidary("compress " + lenet + cut + folder / "a.lapidary").status, 0);
  const auto unpacked =
      lapidary("unpack " + (folder / "a.lapidary") + " -o " + (folder / "b.onnx") + " --json");
  ASSERT_EQ(unpacked.status, 0) << unpacked.err;
  EXPECT_TRUE(contentOf(folder / "a.onnx") == contentOf(folder / "b.onnx"));
  EXPECT_EQ(unpacked.json()["bytes_out"], contentOf(folder / "a.onnx").size());
  EXPECT_LT(contentOf(folder / "a.lapidary").size() * 6, contentOf(folder / "a.onnx").size());
  EXPECT_EQ(lapidary("inspect " + (folder / "a.lapidary") + " --json").json()["format"], "Lapidary");
  const auto wrong = lapidary("unpack " + (folder / "a.lapidary") + " -o " + folder / "b.npz");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("of the kind .onnx: give it that ending"), std::string::npos) << wrong.err;
  EXPECT_EQ(lapidary("unpack " + lenet + " -o " + folder / "b.onnx").status, 3);
}

TEST(Cli, TellsWhatEveryFormTakes) {
  const Folder folder;
  const auto made =
      lapidary("compress " + lenet + " --sparsity 0.9 --json -o " + folder / "a.lapidary").json();
  const auto sizes = made["sizes"];
  EXPECT_NEAR(sizes["dense"].get<double>(), made["bytes_in"].get<double>(), 64)
      << "the header is written anew";
  EXPECT_NEAR(sizes["lapidary"].get<double>(), made["bytes_out"].get<double>(),
              made["bytes_out"].get<double>() / 100);
  EXPECT_LT(sizes["lapidary"], sizes["zipped"]);
  EXPECT_GT(made["layers"][0]["sizes"]["lapidary"], 0);
  std::ofstream(folder / "cut.json") << made["recipe"];
  const auto told = lapidary("sizes " + lenet + " --recipe " + (folder / "cut.json") + " --json").json();
  EXPECT_EQ(told["total"], sizes);
  EXPECT_EQ(told["zeros_save_nothing"], true);
  const auto text = lapidary("sizes " + lenet + " --recipe " + folder / "cut.json");
  EXPECT_NE(text.err.find("zeros take their place in ONNX"), std::string::npos) << text.err;
  EXPECT_NE(text.out.find("whole file"), std::string::npos);
}

}  // namespace
}  // namespace lapidary
