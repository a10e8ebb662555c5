// SPDX-License-Identifier: GPL-3.0-or-later
// The options of compress: which recipe each makes, and which do not go together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command.h"

namespace lapidary {
namespace {

using test::digits;
using test::Finished;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;
using Json = nlohmann::json;

/// The edits that the options make of LeNet-5, by layer.
Json recipeOf(const std::string& options) {
  const Finished found = lapidary("compress " + lenet + " --dry-run --json " + options);
  EXPECT_EQ(found.status, 0) << options << ": " << found.err;
  return found.status == 0 ? found.json()["recipe"] : Json();
}

TEST(CutOptions, EachMakesTheEditThatItNames) {
  const struct {
    const char* options;
    const char* edit;  ///< of the layer ip1
  } table[]{
      {"--pattern 2:4", R"({"prune":{"mode":"pattern","keep":2,"of":4}})"},
      {"--sparsity 0.5 --block 4x4 --criterion l2",
       R"({"prune":{"mode":"blocks","value":0.5,"block":[4,4],"criterion":"l2"}})"},
      {"--sparsity 0.5 --per-layer", R"({"prune":{"mode":"sparsity","value":0.5}})"},
      {"--sparsity 0.5", R"({"prune":{"mode":"global"}})"},
      {"--channels 0.25", R"({"prune":{"mode":"channels","value":0.25}})"},
      {"--scheme nf4 --per group:32", R"({"quantize":{"scheme":"nf4","per":"group","group":32}})"},
      {"--bits 4 --per group --weight-range mse",
       R"({"quantize":{"scheme":"symmetric","bits":4,"per":"group","group":64,"range":"mse"}})"},
      {"--scheme codebook --bits 3 --per tensor",
       R"({"quantize":{"scheme":"codebook","bits":3,"per":"tensor"}})"},
      {"--rank 20", R"({"low_rank":{"mode":"rank","value":20}})"},
      {"--energy 0.9", R"({"low_rank":{"mode":"energy","value":0.9}})"},
  };
  for (const auto& row : table)
    EXPECT_EQ(recipeOf(row.options)["layers"]["ip1"], Json::parse(row.edit)) << row.options;
  EXPECT_TRUE(recipeOf("--bits 8 --per tensor --equalize")["equalize"].get<bool>());
}

TEST(CutOptions, MethodsThatLearnTakeTheSamples) {
  const std::string data = "--data " + digits + " ";
  EXPECT_EQ(recipeOf(data + "--sparsity 0.5 --criterion wanda")["layers"]["ip1"],
            Json::parse(R"({"prune":{"mode":"sparsity","value":0.5,"criterion":"wanda"}})"));
  EXPECT_EQ(recipeOf(data + "--bits 3 --rounding gptq --bias-correction --awq")["layers"]["ip1"],
            Json::parse(R"({"quantize":{"scheme":"symmetric","bits":3,"per":"channel","rounding":"gptq",
                                        "bias_correction":true,"awq":true}})"));
  const Finished without = lapidary("compress " + lenet + " --dry-run --bits 3 --rounding gptq");
  EXPECT_NE(without.status, 0);
  EXPECT_THAT(without.err, HasSubstr("data"));
}

TEST(CutOptions, ThoseThatDoNotGoTogetherAreNamed) {
  const struct {
    const char* options;
    const char* message;
  } table[]{
      {"--pattern 4", "--pattern is '4', expected N:M"},
      {"--pattern 4:2", "keep"},
      {"--pattern 2:4 --sparsity 0.5", "leave --sparsity away"},
      {"--block 1x4", "--block needs --sparsity"},
      {"--sparsity 0.5 --block 1:4", "--block is '1:4', expected ROWSxCOLUMNS"},
      {"--channels 0.5 --sparsity 0.5", "take one of"},
      {"--criterion l2 --bits 4", "--criterion ranks what is pruned"},
      {"--rounding gptq", "need --bits or --scheme"},
      {"--scheme nf4 --rounding gptq", "always rounds to nearest"},
      {"--scheme ternary --weight-range mse", "has no range to choose"},
      {"--scheme nf4 --bits 4", "has its own number of bits"},
      {"--bits 4 --per group:x", "--per is 'group:x'"},
      {"--bits 4 --per tensor:64", "--per is 'tensor:64'"},
      {"--rank 3 --energy 0.5", "take one of --rank and --energy"},
  };
  for (const auto& row : table) {
    const Finished refused = lapidary("compress " + lenet + " --dry-run " + row.options);
    EXPECT_NE(refused.status, 0) << row.options;
    EXPECT_THAT(refused.err, HasSubstr(row.message)) << row.options;
  }
}

}  // namespace
}  // namespace lapidary
