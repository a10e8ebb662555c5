// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes: the value, its JSON form and its errors.
#include "core/compress/recipe/recipe.h"

#include <gmock/gmock.h>

#include <limits>
#include <set>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

Recipe everything() {
  Recipe recipe;
  recipe.globalSparsity = 0.1 + 0.2;  // not a short decimal
  recipe.set("conv1", {{PruneMode::Threshold, 0.01}, {Scheme::Symmetric, 8, Granularity::Channel, 0}});
  recipe.set("名前 \"x\"", {{PruneMode::Sparsity, 1.0 / 3}, {Scheme::MinMax, 5, Granularity::Tensor, 0}});
  recipe.set("g", {{PruneMode::Global, 0}, {Scheme::BitPlane, 16, Granularity::Channel, 15}});
  recipe.set("h", {{}, {Scheme::Affine, 1, Granularity::Tensor, 0}});
  recipe.set("i", {{}, {Scheme::Binary, 8, Granularity::Channel, 0}});
  recipe.equalize = true;
  LayerEdit edit;
  edit.prune = {PruneMode::Pattern, 0, Criterion::Wanda, 4, 8};
  edit.quantize = {Scheme::Affine, 4,   Granularity::Group, 0, 128, RangeMethod::Entropy, Rounding::Adaptive,
                   true,           true};
  edit.activations = {ActivationMode::Static, RangeMethod::Percentile};
  edit.lowRank = {LowRankMode::Energy, 0.9};
  recipe.set("j", edit);
  edit.prune = {PruneMode::Blocks, 0.5, Criterion::Squares, 2, 4, 4, 2};
  edit.quantize = {Scheme::PowerOfTwo, 3, Granularity::Tensor, 0, 64, RangeMethod::MinMax, Rounding::Gptq};
  edit.lowRank = {LowRankMode::Rank, 12};
  recipe.set("k", edit);
  recipe.set("l", {{PruneMode::Channels, 0.25, Criterion::Taylor}, {Scheme::Codebook, 5}});
  recipe.set("m", {{PruneMode::Heads, 0.5, Criterion::Magnitude}, {Scheme::NormalFloat}});
  recipe.set("n", {{PruneMode::Sparsity, 0.5, Criterion::Reconstruct}, {Scheme::Float8E4M3}});
  return recipe;
}

TEST(Recipe, JsonRoundTripsEveryField) {
  for (const int indent : {-1, 0, 2}) EXPECT_EQ(recipeFromJson(toJson(everything(), indent)), everything());
  EXPECT_EQ(toJson({}, -1), R"({"format":"lapidary-recipe","version":1,"layers":{}})");
  EXPECT_TRUE(recipeFromJson(R"({"format":"lapidary-recipe","version":1})").empty());
}

TEST(Recipe, ReadsTheDocumentedExample) {
  const Recipe recipe = recipeFromJson(R"({"format": "lapidary-recipe", "version": 1, "global_sparsity": 0.6,
    "layers": {"conv1": {"prune": {"mode": "threshold", "value": 0.01},
                         "quantize": {"scheme": "symmetric", "bits": 8, "per": "channel"}}}})");
  EXPECT_EQ(recipe.globalSparsity, 0.6);
  EXPECT_EQ(recipe.editOf("conv1"),
            (LayerEdit{{PruneMode::Threshold, 0.01}, {Scheme::Symmetric, 8, Granularity::Channel, 0}}));
}

TEST(Recipe, EmptyEditsAreNotKept) {
  Recipe recipe = everything();
  recipe.set("conv1", {});
  EXPECT_FALSE(recipe.edits.contains("conv1"));
  EXPECT_EQ(recipe.editOf("nowhere"), LayerEdit{});
}

TEST(Recipe, FingerprintFollowsTheMeaning) {
  Recipe a, b;
  a.set("x", {{PruneMode::None, 0.5}, {Scheme::Binary, 3, Granularity::Tensor, 0}});
  b.set("x", {{PruneMode::None, 0.7}, {Scheme::Binary, 9, Granularity::Tensor, 2}});
  a.globalSparsity = 0.3;  // nobody takes part in it
  EXPECT_EQ(fingerprint(a), fingerprint(b));
  b.set("x", {{PruneMode::Global, 0}, {Scheme::Binary, 9, Granularity::Tensor, 2}});
  EXPECT_NE(fingerprint(a), fingerprint(b));
  const std::string before = fingerprint(b);
  b.globalSparsity = 0.4;
  EXPECT_NE(before, fingerprint(b));
  EXPECT_EQ(fingerprint(a).size(), 32u);
}

struct Bad {
  const char* json;
  const char* message;
};

TEST(Recipe, ErrorsNameKeyFoundAndExpected) {
  const std::string head = R"({"format":"lapidary-recipe","version":1,)";
  const std::vector<Bad> table{
      {"[1]", "recipe: the document is [1], expected an object"},
      {"{", "recipe: not JSON: parse error"},
      {"{}", "recipe: format is missing, expected \"lapidary-recipe\""},
      {R"({"format":"lapidary-recipe","version":2})", "recipe: version is 2, expected 1"},
      {R"({"format":"lapidary-recipe","version":1,"colour":1})", "unknown key 'colour'"},
      {"+\"global_sparsity\":1.5}", "recipe: global_sparsity is 1.5, expected a number from 0 to 1"},
      {"+\"global_sparsity\":\"much\"}", "recipe: global_sparsity is \"much\""},
      {"+\"layers\":[]}", "recipe: layers is [], expected an object"},
      {"+\"layers\":{\"a\":{\"prune\":{\"value\":1}}}}", "recipe: layers.a.prune.mode is missing"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"half\"}}}}",
       "layers.a.prune.mode is \"half\", expected one of threshold"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"sparsity\"}}}}", "layers.a.prune.value is missing"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"sparsity\",\"value\":1.01}}}}",
       "is 1.01, expected a number from 0 to 1"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"threshold\",\"value\":-1}}}}",
       "is -1, expected a threshold"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"threshold\",\"value\":1e999}}}}", "recipe: not JSON"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"threshold\",\"value\":null}}}}",
       "is null, expected a threshold"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"global\",\"value\":1}}}}",
       "expected no value in this mode"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"bits\":4}}}}", "layers.a.quantize.scheme is missing"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"bits\":17}}}}",
       "layers.a.quantize.bits is 17, expected a whole number from 1 to 16"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"bits\":2.5}}}}", "bits is 2.5"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"bits\":99999999999999999999}}}}",
       "bits is"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"bitplane\",\"bits\":4,\"dropped_planes\":4}}}}",
       "dropped_planes is 4, expected a whole number from 0 to 3"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"dropped_planes\":1}}}}",
       "expected none outside"},
      {"+\"layers\":{\"a\":{},\"a\":{}}}", "the key \"a\" stands twice"},
      {"+\"equalize\":1}", "recipe: equalize is 1, expected true or false"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"pattern\",\"of\":4}}}}", "prune.keep is missing"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"pattern\",\"keep\":4,\"of\":4}}}}",
       "keep is 4, expected a whole number from 1 to 3"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"blocks\",\"value\":0.5,\"block\":4}}}}",
       "block is 4, expected [rows, columns]"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"channels\"}}}}", "prune.value is missing"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"threshold\",\"value\":1,\"criterion\":\"l2\"}}}}",
       "criterion is \"l2\", expected none in this mode"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"codebook\",\"bits\":9}}}}",
       "bits is 9, expected a whole number from 1 to 8"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"group\":64}}}}",
       "group is 64, expected none unless per is group"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"nf4\",\"rounding\":\"gptq\"}}}}",
       "rounding is \"gptq\", expected none outside"},
      {"+\"layers\":{\"a\":{\"quantize\":{\"scheme\":\"affine\",\"awq\":\"yes\"}}}}",
       "awq is \"yes\", expected true or false"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"global\",\"criterion\":\"wanda\"}}}}",
       "layer 'a': criterion wanda goes with the modes sparsity and pattern; for global take l1, l2 or "
       "taylor"},
      {"+\"layers\":{\"a\":{\"prune\":{\"mode\":\"global\",\"criterion\":\"taylor\"}},"
       "\"b\":{\"prune\":{\"mode\":\"global\"}}}}",
       "layers of mode global are ranked together, but 'b' has another criterion"},
      {"+\"layers\":{\"a\":{\"low_rank\":{\"mode\":\"rank\",\"value\":0}}}}",
       "low_rank.value is 0, expected a whole number from 1"},
  };
  for (const Bad& bad : table) {
    const std::string json = bad.json[0] == '+' ? head + (bad.json + 1) : bad.json;
    try {
      recipeFromJson(json);
      ADD_FAILURE() << "accepted " << json;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::InvalidInput);
      EXPECT_THAT(error.what(), ::testing::HasSubstr(bad.message)) << json;
    }
  }
}

TEST(Recipe, EndlessNestingCostsNoStack) {
  const std::string deep(200'000, '[');
  try {
    recipeFromJson("{\"format\": " + deep + std::string(deep.size(), ']') + "}");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "recipe: the JSON is nested too deep");
  }
}

TEST(Recipe, EveryFieldWithAnEffectChangesTheFingerprint) {
  const auto printOf = [](const LayerEdit& edit) {
    Recipe recipe;
    recipe.set("x", edit);
    return fingerprint(recipe);
  };
  LayerEdit base;
  base.prune = {PruneMode::Blocks, 0.5};
  base.quantize = {Scheme::Symmetric, 4, Granularity::Group};
  base.lowRank = {LowRankMode::Rank, 3};
  std::vector<LayerEdit> variants(10, base);
  variants[0].prune.criterion = Criterion::Wanda;
  variants[1].prune.rows = 2;
  variants[2].prune.columns = 8;
  variants[3].quantize.groupSize = 32;
  variants[4].quantize.range = RangeMethod::Entropy;
  variants[5].quantize.rounding = Rounding::Gptq;
  variants[6].quantize.correctBias = true;
  variants[7].quantize.scaleInputs = true;
  variants[8].lowRank.value = 4;
  variants[9].prune = {PruneMode::Pattern, 0, Criterion::Magnitude, 1, 4};
  std::set<std::string> prints{printOf(base)};
  for (const LayerEdit& variant : variants) prints.insert(printOf(variant));
  EXPECT_EQ(prints.size(), variants.size() + 1);
  base.quantize.scheme = Scheme::NormalFloat;
  LayerEdit same = base;
  same.quantize.bits = 3, same.quantize.range = RangeMethod::Entropy, same.quantize.rounding = Rounding::Gptq;
  EXPECT_EQ(printOf(base), printOf(same)) << "this scheme has its own bits, range and rounding";
}

TEST(Recipe, ValidateRefusesWhatJsonCannotHold) {
  Recipe recipe;
  recipe.set("a", {{PruneMode::Threshold, std::numeric_limits<double>::quiet_NaN()}, {}});
  EXPECT_THROW(validate(recipe), Error);
  recipe.set("a", {{PruneMode::Threshold, std::numeric_limits<double>::infinity()}, {}});
  EXPECT_THROW(validate(recipe), Error);
  recipe.set("a", {{}, {Scheme::Symmetric, 0, Granularity::Tensor, 0}});
  EXPECT_THROW(validate(recipe), Error);
}

}  // namespace
}  // namespace lapidary::core
