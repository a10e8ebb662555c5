// SPDX-License-Identifier: GPL-3.0-or-later
// A cut from file to file is the cut of the whole model, byte for byte.
#include "core/session/stream_cut.h"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/compress/prune/cutoff_by_counting.h"
#include "core/io/common/format.h"
#include "tests/core/compress/models.h"
#include "tests/core/session/spoiler.h"
#include "tests/support/messages.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core {
namespace {

using namespace testing;

/// Coarse values, so that many magnitudes are equal.
Tensor tiedWeight(const Shape& shape, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
  for (float& value : values) value = static_cast<float>(static_cast<int>(random() % 41) - 20) / 16;
  return Tensor::from<float>(shape, values);
}

Model subject() {
  Model model =
      test::modelOf({test::normalWeight({60, 40}, 1), tiedWeight({30, 50}, 2), test::normalWeight({16}, 3),
                     convert(test::normalWeight({20, 3, 3, 3}, 4), DType::Float16), tiedWeight({64, 8}, 5)});
  model.source.metadata["made"] = "for a test";
  return model;
}

std::vector<LayerEdit> edits() {
  std::vector<LayerEdit> all(7);
  all[0].quantize = {Scheme::Symmetric, 4, Granularity::Channel};
  all[1].prune = {PruneMode::Sparsity, 0.37};
  all[2].prune = {PruneMode::Global, 0};
  all[3].prune = {PruneMode::Global, 0};
  all[3].quantize = {Scheme::Affine, 5, Granularity::Tensor};
  all[4].prune = {PruneMode::Threshold, 0.05};
  all[4].quantize = {Scheme::MinMax, 3, Granularity::Channel};
  all[5].quantize = {Scheme::Binary};
  all[6].prune = {PruneMode::Sparsity, 0.5};
  all[6].prune.criterion = Criterion::Squares;
  return all;
}

std::string contentOf(const std::string& path) { return stringOf(mapFile(path).view); }

TEST(StreamedCut, WritesWhatASessionSaves) {
  const TemporaryFolder folder;
  writeModel(subject(), folder.path("in.safetensors"));
  const Session session(readModel(folder.path("in.safetensors")), nullptr, {});
  for (const LayerEdit& edit : edits())
    for (const std::string ending : {".safetensors", ".lapidary"}) {
      Recipe recipe;
      for (const Layer& layer : session.model().layers) recipe.set(layer.name, edit);
      // Codes of a half-precision weight give floats that half precision does not have.
      if (edit.quantize.scheme != Scheme::None) recipe.set("d", {});
      recipe.globalSparsity = 0.6;
      const std::string whole = folder.path("whole" + ending), pieces = folder.path("pieces" + ending);
      const SavedFile saved = session.save(recipe, whole, {});
      ASSERT_TRUE(canStream(session.model(), recipe, pieces));
      const StreamedFile streamed = streamCut(session.model(), recipe, pieces, {});
      EXPECT_TRUE(contentOf(whole) == contentOf(pieces)) << toJson(recipe, -1) << ending;
      EXPECT_EQ(streamed.saved.sha256, saved.sha256);
      EXPECT_EQ(streamed.saved.bytes, std::filesystem::file_size(pieces));
      const Footprint wanted = session.footprint(recipe);
      EXPECT_EQ(streamed.footprint.zeros, wanted.zeros) << toJson(recipe, -1);
      EXPECT_EQ(streamed.footprint.parameters, wanted.parameters);
      ASSERT_EQ(streamed.footprint.layers.size(), wanted.layers.size());
      for (std::size_t i = 0; i < wanted.layers.size(); ++i) {
        EXPECT_EQ(streamed.footprint.layers[i].bytesAfter, wanted.layers[i].bytesAfter);
        EXPECT_EQ(streamed.footprint.layers[i].bits, wanted.layers[i].bits);
      }
    }
  // Nothing is left beside the files.
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.is_regular_file();
  EXPECT_EQ(files, 5u);
}

TEST(StreamedCut, ASpoiledFileIsRefusedAndTheOldOneStays) {
  const TemporaryFolder folder;
  writeModel(subject(), folder.path("in.safetensors"));
  const Model model = readModel(folder.path("in.safetensors"));
  for (const std::string ending : {".safetensors", ".lapidary"}) {
    const std::string target = folder.path("old" + ending);
    std::ofstream(target) << "old";
    Spoiler spoiler(folder.path(), flippedByte);
    EXPECT_EQ(messageOf([&] { streamCut(model, {}, target, spoiler.progress()); }),
              "writing " + target + ": what was written does not read back as it was");
    EXPECT_TRUE(spoiler.done()) << ending;
    EXPECT_EQ(contentOf(target), "old");
  }
}

TEST(StreamedCut, TakesEndingsInCapitals) {
  const TemporaryFolder folder;
  writeModel(subject(), folder.path("in.safetensors"));
  const Model model = readModel(folder.path("in.safetensors"));
  for (const std::string ending : {".safetensors", ".lapidary"}) {
    std::string capitals = ending;
    for (char& c : capitals) c = static_cast<char>(std::toupper(c));
    ASSERT_TRUE(canStream(model, {}, folder.path("b" + capitals))) << capitals;
    streamCut(model, {}, folder.path("a" + ending), {});
    streamCut(model, {}, folder.path("b" + capitals), {});
    EXPECT_TRUE(contentOf(folder.path("a" + ending)) == contentOf(folder.path("b" + capitals))) << ending;
  }
}

TEST(StreamedCut, RefusesWhatItCannotDo) {
  const TemporaryFolder folder;
  const Model model = subject();
  Recipe recipe;
  recipe.set("a", edits()[0]);
  EXPECT_FALSE(canStream(model, recipe, "out.npz"));
  EXPECT_FALSE(canStream(readModel(std::string(LAPIDARY_SOURCE_DIR) + "/resources/demo/lenet5.onnx"), recipe,
                         "m.lapidary"));
  recipe.set("x", edits()[0]);
  EXPECT_EQ(messageOf([&] { streamCut(model, recipe, folder.path("o.safetensors"), {}); }),
            "recipe: the model has no layer 'x'");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(streamCut(model, {}, folder.path("o.safetensors"), {stop.get_token(), {}}), Cancelled);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(CutoffsByCounting, AreThoseOfSortedMagnitudes) {
  std::vector<Tensor> weights{test::normalWeight({500}, 6), tiedWeight({700}, 7), tiedWeight({300}, 8)};
  std::vector<float> odd{0,       -0.0f, std::numeric_limits<float>::infinity(), std::nanf(""), 1e-42f,
                         -1e-42f, 3e38f};
  weights.push_back(Tensor::from<float>({7}, odd));
  std::vector<WeightStatistics> statistics(weights.begin(), weights.end());
  std::vector<const WeightStatistics*> each;
  for (const WeightStatistics& one : statistics) each.push_back(&one);
  const VisitWeights visit = [&](std::size_t i, const auto& take) { take(weights[i].as<float>()); };
  for (const double sparsity : {0.0, 0.0001, 0.01, 0.33, 0.5, 0.9, 0.999, 1.0})
    EXPECT_EQ(cutoffsByCounting(weights.size(), sparsity, visit, {}), globalCutoffs(each, sparsity))
        << sparsity;
}

}  // namespace
}  // namespace lapidary::core
