// SPDX-License-Identifier: GPL-3.0-or-later
// Footprints against files that were really written.
#include "core/analyze/sizes/footprint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/files/archive.h"
#include "core/io/lapidary/lapidary.h"
#include "tests/support/demo_files.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

std::uint64_t writtenBytes(const Format& format, const Model& model) {
  std::uint64_t bytes = 0;
  format.write(model, [&](std::span<const std::byte> part) { bytes += part.size(); }, {});
  return bytes;
}

TEST(Footprint, FileSizesAreThoseOfTheWrittenFile) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  const Format& onnx = sizeFormat(cutter.original());
  EXPECT_EQ(onnx.name, "ONNX");
  EXPECT_EQ(meter.measure({}).fileBefore, writtenBytes(onnx, cutter.original()));
  EXPECT_EQ(meter.measure({}).fileAfter, meter.measure({}).fileBefore);
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::Binary,
                              Scheme::BitPlane, Scheme::PowerOfTwo, Scheme::Ternary, Scheme::NormalFloat,
                              Scheme::Float8E4M3, Scheme::Float8E5M2, Scheme::Codebook})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      for (const int bits : {1, 4, 8, 12}) {
        if (scheme == Scheme::Codebook && bits > 8) continue;
        const Recipe recipe = uniformRecipe(cutter.original(), {0.3, false, {scheme, bits, granularity, 0}});
        EXPECT_EQ(meter.measure(recipe).fileAfter, writtenBytes(onnx, cutter.apply(recipe)))
            << name(scheme) << bits;
      }
}

TEST(Footprint, LayersAddUpToTheFileButForItsSkeleton) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  const Recipe recipe =
      uniformRecipe(cutter.original(), {0.5, false, {Scheme::Symmetric, 4, Granularity::Channel, 0}});
  const Footprint footprint = meter.measure(recipe);
  std::uint64_t layers = 0;
  for (const LayerFootprint& layer : footprint.layers) {
    layers += layer.bytesAfter;
    EXPECT_EQ(layer.bits, 4u);
    EXPECT_TRUE(layer.snrDb);
    EXPECT_EQ(layer.bytesBefore, 4 * static_cast<std::uint64_t>(layer.parameters));
  }
  EXPECT_LE(layers, footprint.fileAfter);
  EXPECT_LT(footprint.fileAfter - layers, 8000u);  // biases, names and nodes
  EXPECT_GE(footprint.zeros, footprint.parameters / 2);
}

TEST(Footprint, ShapesAndEqualisedModelsAreForecastExactly) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  for (const PruneMode mode : {PruneMode::None, PruneMode::Pattern, PruneMode::Blocks}) {
    Recipe recipe;
    recipe.equalize = true;
    for (const Layer& layer : cutter.original().layers)
      recipe.set(layer.name, {{.mode = mode, .value = 0.5}, {.scheme = Scheme::Affine, .bits = 4}});
    const Footprint footprint = meter.measure(recipe);
    EXPECT_EQ(footprint.fileAfter, writtenBytes(sizeFormat(cutter.original()), cutter.apply(recipe)));
    if (mode != PruneMode::None) {
      EXPECT_GE(footprint.zeros, footprint.parameters / 2 - 100);
    }
  }
}

/// The bytes of a layer are those of the initialisers that hold it.
TEST(Footprint, LayersAreCountedToTheByte) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  const auto initialisers = [](const Model& model) {
    std::uint64_t bytes = 0;
    for (const auto& [id, tensor] : model.graph->initializers) bytes += tensor.bytes().size();
    return bytes;
  };
  std::uint64_t rest = initialisers(cutter.original());
  for (const LayerFootprint& layer : meter.measure({}).layers) rest -= layer.bytesBefore;
  for (const Scheme scheme :
       {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::NormalFloat, Scheme::Codebook})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
      const Recipe recipe = uniformRecipe(cutter.original(), {0.3, false, {scheme, 4, granularity, 0}});
      std::string file;
      sizeFormat(cutter.original())
          .write(cutter.apply(recipe),
                 [&](std::span<const std::byte> part) {
                   file.append(reinterpret_cast<const char*>(part.data()), part.size());
                 },
                 {});
      const Model back = readModel(ReadSource{Bytes{nullptr, std::as_bytes(std::span(file))}, "m.onnx", ""});
      std::uint64_t layers = 0;
      for (const LayerFootprint& layer : meter.measure(recipe).layers) layers += layer.bytesAfter;
      EXPECT_EQ(layers + rest, initialisers(back)) << name(scheme) << name(granularity);
    }
}

std::uint64_t zipOf(const Format& format, const Model& model, const std::string& member) {
  std::vector<std::byte> bytes;
  format.write(model,
               [&](std::span<const std::byte> part) { bytes.insert(bytes.end(), part.begin(), part.end()); },
               {});
  ArchiveWriter archive;
  archive.add(member, bytes, true);
  return archive.finish().view.size();
}

void expectNear(std::uint64_t forecast, std::uint64_t found, const std::string& what) {
  EXPECT_LE(std::abs(static_cast<double>(forecast) - static_cast<double>(found)),
            0.01 * static_cast<double>(found))
      << what << ": " << forecast << " foretold, " << found << " found";
}

struct Subject {
  std::string model;
  UniformEdit edit;
};

std::vector<Subject> subjects() {
  const std::string assets = std::string(LAPIDARY_ASSETS_DIR) + "/";
  std::vector<Subject> all;
  for (const std::string& model :
       {demo + "lenet5.onnx", demo + "lenet300.onnx", assets + "resnet/resnet20_cifar10.onnx",
        assets + "sms/sms_bert.onnx", assets + "resnet/resnet20_cifar10_w8_dq.onnx"}) {
    if (!std::filesystem::exists(model)) continue;
    all.push_back({model, {}});
    all.push_back({model, {0.9, false, {}}});
    all.push_back({model, {0.8, false, {Scheme::Symmetric, 5, Granularity::Channel}}});
    all.push_back({model, {0, false, {Scheme::Binary}}});
  }
  return all;
}

TEST(Footprint, EveryFormIsForetoldWithinAHundredthOfARealFile) {
  for (const Subject& subject : subjects()) {
    const Cutter cutter(readModel(subject.model));
    const FootprintMeter meter(cutter);
    const Recipe recipe = uniformRecipe(cutter.original(), subject.edit);
    const Model cut = cutter.apply(recipe);
    const FileSizes sizes = meter.forms(cut, 2, {});
    const std::string shown = subject.model + " " + toJson(recipe, -1).substr(0, 200);
    EXPECT_EQ(sizes.total.file, meter.measure(recipe).fileAfter) << shown;
    expectNear(sizes.total.zipped, zipOf(sizeFormat(cut), cut, "model.onnx"), "zipped " + shown);
    expectNear(sizes.total.packed, packedFile(cut, Packing::Plain, {}).view.size(), "packed " + shown);
    expectNear(sizes.total.lapidary, packedFile(cut, Packing::Smallest, {}).view.size(), "lapidary " + shown);
    FormBytes layers;
    for (const FormBytes& layer : sizes.layers) layers += layer;
    for (const Form form : allForms) EXPECT_LE(bytesIn(form, layers), bytesIn(form, sizes.total)) << shown;
    EXPECT_GT(layers.lapidary, sizes.total.lapidary / 2) << shown;
    EXPECT_EQ(sizes, meter.forms(cut, 1, {})) << shown;
  }
}

TEST(Footprint, LayersOfEveryFormHoldTheirScales) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  const Recipe recipe =
      uniformRecipe(cutter.original(), {0, false, {Scheme::Symmetric, 8, Granularity::Channel}});
  const FileSizes sizes = meter.forms(cutter.apply(recipe), 1, {});
  for (std::size_t i = 0; i < sizes.layers.size(); ++i) {
    const Layer& layer = cutter.original().layers[i];
    EXPECT_EQ(sizes.layers[i].dense, 4 * static_cast<std::uint64_t>(layer.parameters())) << layer.name;
    const auto channels =
        static_cast<std::uint64_t>(layer.shape[static_cast<std::size_t>(layer.channelAxis)]);
    EXPECT_EQ(sizes.layers[i].file, static_cast<std::uint64_t>(layer.parameters()) + 4 * channels)
        << layer.name;
  }
  EXPECT_EQ(sizes.total.dense, meter.measure({}).fileBefore);
}

TEST(Footprint, TellsWhereZerosSaveNothing) {
  const Cutter cutter(readModel(demo + "lenet300.onnx"));
  const FootprintMeter meter(cutter);
  const auto told = [&](const UniformEdit& edit) {
    const Recipe recipe = uniformRecipe(cutter.original(), edit);
    const Footprint footprint = meter.measure(recipe);
    return zerosSaveNothing(meter.forms(cutter.apply(recipe), 1, {}), footprint.zeros, footprint.parameters);
  };
  EXPECT_TRUE(told({0.9, false, {}}));
  EXPECT_FALSE(told({}));
}

}  // namespace
}  // namespace lapidary::core
