// Footprints against files that were really written.
#include "core/analyze/footprint.h"

#include <gtest/gtest.h>

#include "core/compress/uniform.h"

namespace lapidary::core {
namespace {

const std::string demo = std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/";

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

TEST(Footprint, ZipForecastIsNearARealZip) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const FootprintMeter meter(cutter);
  const Recipe recipe = uniformRecipe(cutter.original(), {0.9, false, {}});
  const std::uint64_t zipped = meter.zipped(cutter.apply(recipe), 2, {});
  EXPECT_LT(zipped, meter.measure(recipe).fileAfter / 3);
  EXPECT_GT(zipped, static_cast<std::uint64_t>(0.1 * 430'000));
  EXPECT_EQ(zipped, meter.zipped(cutter.apply(recipe), 1, {}));
}

}  // namespace
}  // namespace lapidary::core
