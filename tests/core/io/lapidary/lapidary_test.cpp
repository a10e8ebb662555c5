// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into a .lapidary file comes out of it byte for byte, and takes as few bytes as it may.
#include "core/io/lapidary/lapidary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "core/compress/cut/cutter.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/lapidary/lapidary_bits.h"
#include "core/io/lapidary/lapidary_text.h"
#include "tests/core/compress/models.h"
#include "tests/support/demo_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

using namespace testing;

std::vector<std::byte> collected(const std::function<void(const Append&)>& write) {
  std::vector<std::byte> bytes;
  write([&](std::span<const std::byte> part) { bytes.insert(bytes.end(), part.begin(), part.end()); });
  return bytes;
}

TEST(Lapidary, BitsComeBackWhateverTheirChance) {
  std::mt19937 random(1);
  for (const std::uint32_t limit : {1u, 3u, 65535u}) {
    std::vector<std::pair<bool, std::uint32_t>> bits;
    for (int i = 0; i < 20000; ++i)
      bits.emplace_back(random() % 4 == 0, limit == 65535 ? 1 + random() % 65535 : 1 + random() % limit);
    BitEncoder encoder;
    for (const auto& [bit, chance] : bits) encoder.put(bit, chance);
    const std::vector<std::byte> bytes = std::move(encoder).finish();
    BitDecoder decoder(bytes);
    for (const auto& [bit, chance] : bits) ASSERT_EQ(decoder.get(chance), bit);
    EXPECT_NO_THROW(decoder.finish());
  }
}

TEST(Lapidary, SymbolsComeBackInEveryLayout) {
  std::mt19937 random(2);
  for (const std::int32_t most : {0, 1, 2, 7, 100, 255, 256, 5000, 65535})
    for (const Shape& shape : std::vector<Shape>{
             {}, {0}, {700}, {20, 35}, {1, 700}, {700, 1}, {4, 5, 35}, {7, 4, 5, 5}, {2, 2, 7, 5, 5}}) {
      std::vector<std::int32_t> symbols(static_cast<std::size_t>(elementCount(shape)));
      for (std::int32_t& symbol : symbols)
        symbol = static_cast<std::int32_t>(random() % static_cast<unsigned>(2 * most + 1)) - most;
      const unsigned levels = symbolLevels(symbols);
      const SymbolLayout layout = SymbolLayout::of(shape);
      const auto bytes = encodeSymbols(symbols, levels, layout, {});
      std::vector<std::int32_t> back;
      decodeSymbols(bytes, symbols.size(), levels, layout, {}, [&](std::span<const std::int32_t> part) {
        back.insert(back.end(), part.begin(), part.end());
      });
      EXPECT_EQ(back, symbols) << most << " " << toText(shape);
    }
}

TEST(Lapidary, TextComesBackAndShrinksWithItsRepetitions) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "layer" + std::to_string(i) + ".weight_scale";
  const auto bytes = std::as_bytes(std::span(text));
  const auto coded = encodeText(bytes, {});
  EXPECT_TRUE(std::ranges::equal(decodeText(coded, text.size(), {}), bytes));
  EXPECT_LT(coded.size(), text.size() / 10);
  EXPECT_TRUE(decodeText(encodeText({}, {}), 0, {}).empty());
}

struct StoredKind {
  std::string word;  ///< the block that is chosen
  Tensor tensor;
};

Tensor filled(DType type, Shape shape, const std::function<double(std::size_t)>& value) {
  TensorBuilder builder(DType::Float64, shape);
  for (std::size_t i = 0; i < static_cast<std::size_t>(builder.size()); ++i)
    builder.as<double>()[i] = value(i);
  return convert(std::move(builder).build(), type);
}

std::vector<StoredKind> kinds() {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 1);
  const auto noise = [&](std::size_t) { return normal(random); };
  const auto wide = [&](std::size_t) { return std::round(100000 * normal(random)); };
  const auto rare = [&](std::size_t) { return random() % 97 == 0 ? normal(random) : 0; };
  const auto few = [&](std::size_t) { return std::round(2 * normal(random)) / 3; };
  const auto codes = [&](std::size_t) { return std::round(2 * normal(random)); };
  return {{"planes", filled(DType::Float32, {50, 100}, noise)},
          {"planes", filled(DType::Float64, {3000}, noise)},
          {"planes", filled(DType::Float16, {50, 100}, noise)},
          {"planes", filled(DType::BFloat16, {50, 100}, noise)},
          {"zstd", filled(DType::Int64, {5000}, wide)},
          {"sparse", filled(DType::Float32, {50, 20, 5, 5}, rare)},
          {"palette", filled(DType::Float32, {60, 90}, few)},
          {"palette", filled(DType::Float16, {60, 90}, few)},
          {"context", filled(DType::Int8, {60, 90}, codes)},
          {"context", filled(DType::Int4, {61, 91}, codes)},
          {"context", filled(DType::UInt4, {5, 7, 3, 3}, [&](std::size_t i) { return double(i % 3); })},
          {"context", filled(DType::Int16, {60, 90}, codes)},
          {"context", filled(DType::Bool, {60, 90}, rare)},
          {"raw", filled(DType::UInt8, {100, 100}, [&](std::size_t) { return double(random() % 256); })},
          {"planes", filled(DType::Int32, {1000}, [&](std::size_t i) { return double(i % 500 * 7919); })},
          {"raw", filled(DType::Float32, {0, 3}, noise)},
          {"raw", filled(DType::Int4, {1}, [](std::size_t) { return -3.0; })}};
}

ElementView viewOf(const Tensor& tensor, std::vector<std::byte>& apart) {
  const DType type = tensor.dtype();
  ElementView view{bitsOf(type), isFloating(type) ? ElementKind::Floating : ElementKind::Signed,
                   tensor.bytes(), SymbolLayout::of(tensor.shape())};
  if (type == DType::UInt4 || type == DType::UInt8 || type == DType::Bool) view.kind = ElementKind::Unsigned;
  if (view.bits == 4)
    view.bytes = apart = splitNibbles(tensor.bytes(), static_cast<std::size_t>(tensor.size()));
  return view;
}

TEST(Lapidary, EveryKindOfTensorComesBackFromTheBlockThatSuitsIt) {
  for (const StoredKind& kind : kinds())
    for (const Packing packing : {Packing::Smallest, Packing::Plain}) {
      std::vector<std::byte> apart;
      const ElementView view = viewOf(kind.tensor, apart);
      const Block block = packBlock(view, packing, {});
      const std::string shown = block.text + " of " + std::string(name(kind.tensor.dtype()));
      if (packing == Packing::Smallest) {
        EXPECT_TRUE(block.text.starts_with("[\"" + kind.word)) << shown;
      }
      std::span<const std::byte> bytes = block.bytes;
      const auto back = unpackBlock(block.text, view.bits, view.count(), view.layout, bytes, {});
      EXPECT_TRUE(std::ranges::equal(back, view.bytes)) << shown;
      EXPECT_TRUE(bytes.empty()) << shown;
      const std::size_t plain = (view.count() * view.bits + 7) / 8;
      EXPECT_LE(block.bytes.size(), plain) << shown;
    }
}

TEST(Lapidary, LargeTensorsAreJudgedByAPartAndComeBackWhole) {
  const Tensor tensor =
      filled(DType::Int8, {1100, 1000}, [](std::size_t i) { return double(i * i % 7 == 0); });
  std::vector<std::byte> apart;
  const ElementView view = viewOf(tensor, apart);
  const Block block = packBlock(view, Packing::Smallest, {});
  std::span<const std::byte> bytes = block.bytes;
  EXPECT_TRUE(
      std::ranges::equal(unpackBlock(block.text, 8, view.count(), view.layout, bytes, {}), view.bytes));
  EXPECT_LT(block.bytes.size(), view.count() / 50);
}

/// Bits for each weight if its code were drawn independently of all others.
double entropyBytes(std::span<const std::byte> codes) {
  std::map<std::byte, double> counts;
  for (const std::byte code : codes) ++counts[code];
  double bits = 0;
  for (const auto& [code, count] : counts)
    bits -= count * std::log2(count / static_cast<double>(codes.size()));
  return bits / 8;
}

TEST(Lapidary, PrunedCodesTakeLessThanTheirEntropyWithoutContext) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const Model& original = cutter.original();
  const Model cut = cutter.apply(uniformRecipe(original, {0.92, false, {Scheme::Symmetric, 5}}));
  for (const Layer& layer : cut.layers) {
    const Tensor codes = cut.encodings.at(layer.weight)->codes;
    if (codes.size() < 10000) continue;
    const Block block = packBlock({8, ElementKind::Signed, codes.bytes(), SymbolLayout::of(codes.shape())},
                                  Packing::Smallest, {});
    EXPECT_LT(static_cast<double>(block.bytes.size()), 0.97 * entropyBytes(codes.bytes())) << layer.name;
  }
}

std::vector<Quantize> schemes() {
  return {{},
          {Scheme::Symmetric, 4, Granularity::Channel},
          {Scheme::Affine, 3, Granularity::Channel},
          {Scheme::MinMax, 8, Granularity::Tensor},
          {Scheme::Binary},
          {Scheme::Symmetric, 12, Granularity::Channel}};
}

TEST(Lapidary, GivesBackTheOnnxFileOfEveryRecipe) {
  for (const char* model : {"lenet5.onnx", "lenet300.onnx"})
    for (const Quantize& quantize : schemes())
      for (const double sparsity : {0.0, 0.9}) {
        if (sparsity == 0 && model == std::string("lenet5.onnx")) continue;
        const Cutter cutter(readModel(demo + model));
        const Model cut = cutter.apply(uniformRecipe(cutter.original(), {sparsity, false, quantize}));
        const auto wanted =
            collected([&](const Append& append) { formatForPath("m.onnx")->write(cut, append, {}); });
        for (const Packing packing : {Packing::Smallest, Packing::Plain}) {
          const Bytes file = packedFile(cut, packing, {});
          EXPECT_EQ(packedEnding(file), ".onnx");
          const auto found = collected([&](const Append& append) { unpackLapidary(file, append, {}); });
          EXPECT_TRUE(found == wanted) << model << " " << name(quantize.scheme) << " " << sparsity;
        }
      }
}

TEST(Lapidary, ReadsAsTheModelThatIsPacked) {
  const Cutter cutter(readModel(demo + "lenet5.onnx"));
  const Model cut = cutter.apply(uniformRecipe(cutter.original(), {0.5, false, {Scheme::Symmetric, 4}}));
  const TemporaryFolder folder;
  writeModel(cut, folder.path("m.lapidary"));
  writeModel(cut, folder.path("m.onnx"));
  const Model packed = readModel(folder.path("m.lapidary")), plain = readModel(folder.path("m.onnx"));
  EXPECT_EQ(packed.source.format, "Lapidary");
  EXPECT_EQ(packed.source.fileBytes, std::filesystem::file_size(folder.path("m.lapidary")));
  ASSERT_EQ(packed.layers.size(), plain.layers.size());
  for (std::size_t i = 0; i < plain.layers.size(); ++i) {
    const Tensor a = layerWeight(packed, packed.layers[i]), b = layerWeight(plain, plain.layers[i]);
    EXPECT_TRUE(std::ranges::equal(a.bytes(), b.bytes())) << plain.layers[i].name;
  }
  // Recognised by its content too.
  std::filesystem::rename(folder.path("m.lapidary"), folder.path("renamed.bin"));
  EXPECT_EQ(readModel(folder.path("renamed.bin")).layers.size(), plain.layers.size());
}

TEST(Lapidary, PacksWeightsWithoutAGraphAsSafetensors) {
  const Model model = test::modelOf({test::normalWeight({40, 50}, 1), test::normalWeight({7}, 2)});
  const auto wanted =
      collected([&](const Append& append) { formatForPath("m.safetensors")->write(model, append, {}); });
  const Bytes file = packedFile(model, Packing::Smallest, {});
  EXPECT_EQ(packedEnding(file), ".safetensors");
  EXPECT_TRUE(collected([&](const Append& append) { unpackLapidary(file, append, {}); }) == wanted);
  const Model back = readModel(ReadSource{file, "m.lapidary", ""});
  EXPECT_FALSE(back.runnable());
  EXPECT_EQ(back.layers.size(), 2u);
}

TEST(Lapidary, EqualModelsGiveEqualFiles) {
  const Model model = readModel(demo + "lenet300.onnx");
  EXPECT_TRUE(std::ranges::equal(packedFile(model, Packing::Smallest, {}).view,
                                 packedFile(model, Packing::Smallest, {}).view));
}

TEST(Lapidary, StopsWhenAsked) {
  const Model model = readModel(demo + "lenet300.onnx");
  std::stop_source stop;
  const Bytes file = packedFile(model, Packing::Smallest, {});
  stop.request_stop();
  EXPECT_THROW(packedFile(model, Packing::Smallest, {stop.get_token(), {}}), Cancelled);
  EXPECT_THROW(unpackLapidary(file, [](auto) {}, {stop.get_token(), {}}), Cancelled);
}

TEST(Lapidary, HashesInPiecesAsInOne) {
  const std::string text(1000, 'x');
  const auto bytes = std::as_bytes(std::span(text));
  for (const std::size_t piece : {1u, 63u, 64u, 65u, 999u}) {
    Sha256 hash;
    for (std::size_t i = 0; i < bytes.size(); i += piece)
      hash.add(bytes.subspan(i, std::min(piece, bytes.size() - i)));
    EXPECT_EQ(hash.hex(), sha256(bytes)) << piece;
  }
}

}  // namespace
}  // namespace lapidary::core
