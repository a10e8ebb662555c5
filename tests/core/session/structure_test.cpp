// SPDX-License-Identifier: GPL-3.0-or-later
// Removed channels and low rank through the session: live figures, profiles, maps, files that read back.
#include <gtest/gtest.h>

#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

Recipe every(const Session& session, const LayerEdit& edit) {
  Recipe recipe;
  const Model& model = session.model();
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    LayerEdit each = edit;
    if (session.cutter().channelGroup(LayerId{i}).removable == 0 && removes(edit.prune.mode)) each.prune = {};
    recipe.set(model.layers[i].name, each);
  }
  return recipe;
}

const Prune fifth{PruneMode::Channels, 0.2};

TEST(SessionStructure, ChannelsCostAccuracyAndSaveBytes) {
  const Session session = calibratedDemo();
  const Outcome outcome = session.evaluate(every(session, {fifth, {}, {}, {}}), {}, {});
  const Footprint& size = outcome.footprint;
  EXPECT_LT(size.fileAfter, 0.8 * static_cast<double>(size.fileBefore));
  EXPECT_GT(*outcome.quality->top1, 0.8);
  EXPECT_TRUE(outcome.latency && outcome.drift && size.forms);
  std::int64_t parameters = 0;
  for (const LayerFootprint& layer : size.layers) {
    EXPECT_LE(layer.parameters, layer.parametersBefore);
    EXPECT_TRUE(layer.snrDb) << layer.layer.index;
    parameters += layer.parameters;
  }
  EXPECT_EQ(parameters, size.parameters);
}

TEST(SessionStructure, TheFootprintIsTheFile) {
  const Session session = calibratedDemo();
  const testing::TemporaryFolder folder;
  const Quantize int8{Scheme::Symmetric, 8};
  const Activations codes{ActivationMode::Static};
  const LayerEdit edits[] = {{fifth, {}, {}, {}},
                             {fifth, int8, codes, {}},
                             {{}, {}, {}, {LowRankMode::Energy, 0.7}},
                             {{PruneMode::Sparsity, 0.3}, int8, codes, {LowRankMode::Energy, 0.7}},
                             {fifth, int8, {}, {LowRankMode::Energy, 0.7}}};
  for (const LayerEdit& edit : edits) {
    const Recipe recipe = every(session, edit);
    const SavedFile saved = session.save(recipe, folder.path("cut.onnx"), {});
    EXPECT_EQ(saved.bytes, session.footprint(recipe).fileAfter);
    const Outcome live = session.evaluate(recipe, qualityOnly, {});
    EXPECT_NEAR(*saved.quality->top1, *live.quality->top1, 1e-9);
  }
  for (const char* name : {"cut.safetensors", "cut.npz", "cut.zip"})
    EXPECT_GT(session.save(every(session, edits[0]), folder.path(name), {}).bytes, 0u) << name;
}

TEST(SessionStructure, BothFactorsCountUnderTheirLayer) {
  const Session session = calibratedDemo();
  const Recipe recipe = every(session, {{}, {}, {}, {LowRankMode::Rank, 4}});
  const Footprint size = session.footprint(recipe);
  ASSERT_EQ(size.layers.size(), session.model().layers.size());
  const Model cut = session.cutter().apply(recipe);
  std::vector<std::int64_t> expected(size.layers.size(), 0);
  for (std::size_t i = 0; i < cut.layers.size(); ++i)
    expected[cut.layers[i].partOf.valid() ? cut.layers[i].partOf.index : i] += cut.layers[i].parameters();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(size.layers[i].parameters, expected[i]) << i;
    EXPECT_EQ(size.layers[i].note.empty(), size.layers[i].parameters < size.layers[i].parametersBefore) << i;
  }
}

TEST(SessionStructure, EveryViewOfTheSessionTakesAReducedModel) {
  const Session session = calibratedDemo();
  for (const LayerEdit& edit :
       {LayerEdit{fifth, {}, {}, {}}, LayerEdit{{}, {}, {}, {LowRankMode::Rank, 4}}}) {
    const Recipe recipe = every(session, edit);
    EXPECT_GT(session.profile(recipe, {}, {}).steps.size(), 3u);
    EXPECT_EQ(session.explain(recipe, {}, {}).cut.targetClass, session.explain({}, {}, {}).cut.targetClass);
    EXPECT_NO_THROW(session.compare(recipe, {}));
    const std::size_t one[] = {0};
    const std::string input = session.model().graph->value(session.model().graph->inputs[0]).name;
    EXPECT_EQ(session.run(recipe, {{input, session.data()->inputs(one)[0]}}).size(), 1u);
  }
}

TEST(SessionStructure, SamplesMayRankChannelsAndRoundWhatIsLeft) {
  const Session session = calibratedDemo();
  for (const Criterion criterion : {Criterion::Squares, Criterion::Taylor}) {
    LayerEdit edit{{PruneMode::Channels, 0.2, criterion}, {}, {}, {}};
    EXPECT_GT(*session.evaluate(every(session, edit), qualityOnly, {}).quality->top1, 0.5) << name(criterion);
  }
  LayerEdit rounded{fifth, {Scheme::Symmetric, 3}, {}, {}};
  const double nearest = *session.evaluate(every(session, rounded), qualityOnly, {}).quality->top1;
  rounded.quantize.rounding = Rounding::Gptq;
  EXPECT_GE(*session.evaluate(every(session, rounded), qualityOnly, {}).quality->top1, nearest - 0.02);
}

}  // namespace
}  // namespace lapidary::core
