// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that cannot be right are questioned by every command that uses labels, once, and fail under
// --strict.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <sstream>

#include "core/files/bytes.h"
#include "core/io/numpy/npz.h"
#include "tests/app/ranked_command.h"

namespace lapidary {
namespace {

using core::Tensor;
using test::digits;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet300;
using testing::ElementsAre;
using testing::IsEmpty;

/// The first digits of the demo, each called by another number.
template <class Label>
std::string digitsCalled(const Folder& folder, const std::string& name, const Label& label,
                         std::int64_t count = 100) {
  const auto arrays = core::readNpz(core::mapFile(digits));
  const Tensor &x = arrays.at("x"), y = core::convert(arrays.at("y"), core::DType::Int64);
  core::Shape shape = x.shape();
  const std::size_t bytes = x.bytes().size() / static_cast<std::size_t>(shape[0]);
  shape[0] = count;
  core::TensorBuilder labels(core::DType::Int64, {count});
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    labels.as<std::int64_t>()[i] = label(y.as<std::int64_t>()[i]);
  std::string content;
  core::writeNpz(
      {{"x", Tensor(x.dtype(), shape, {x.owner(), x.bytes().first(bytes * static_cast<std::size_t>(count))})},
       {"y", std::move(labels).build()}},
      [&](std::span<const std::byte> part) { content += core::textOf(part); });
  return folder.write(name, content);
}

std::int64_t moved(std::int64_t label) { return (label + 1) % 10; }

std::vector<std::string> idsOf(const Finished& done) {
  std::vector<std::string> ids;
  const auto json = done.json();
  for (const auto& warning : json.value("warnings", nlohmann::json::array())) ids.push_back(warning["id"]);
  return ids;
}

/// What a command needs besides the model and --data; OUT is a folder.
const std::map<std::string, std::string> usesLabels{
    {"evaluate", ""},
    {"compress", "--bits 8 -o OUT/c.onnx"},
    {"repair", "--bits 4 --epochs 1 -o OUT/r.onnx"},
    {"distill", "--student mlp:8 --epochs 1 -o OUT/s.onnx"},
    {"search", "--max-drop 100 --candidates 1 --minutes 0.1 -o OUT/found.onnx"},
    {"sizes", ""},
    {"robustness", "--bits 4 --attack fgsm --strengths 8"},
    {"explain", "--samples 0 -o OUT/maps"},
    {"sensitivity", "--settings 4"},
    {"detector", "--bits 4 --attack fgsm --strengths 8"},
    {"audit", "--recipe OUT/recipe.json --fail-on never"},
};
/// Labels change nothing of what these tell.
const std::map<std::string, std::string> usesNone{
    {"activations", "--layer ip1"},
    {"profile", "--batch 4"},
    {"plan", "--workers 1"},
    {"detect", "--detector OUT/detector.json"},
};

std::string with(const Folder& folder, std::string words) {
  for (std::size_t at = words.find("OUT/"); at != std::string::npos; at = words.find("OUT/"))
    words.replace(at, 4, folder.path() + "/");
  return words;
}

std::string commandOf(const Folder& folder, const std::string& name, const std::string& more,
                      const std::string& data) {
  return name + " " + lenet300 + " --data " + data + " --json --strict " + with(folder, more);
}

void writeRecipe(const Folder& folder) {
  const Finished done = lapidary("compress " + lenet300 + " --bits 2 --dry-run --json");
  ASSERT_EQ(done.status, 0) << done.err;
  folder.write("recipe.json", done.json()["recipe"].dump());
}

/// A command that takes samples stands in one of the tables above.
TEST(LabelQuestions, NoCommandIsForgotten) {
  std::set<std::string> known;
  for (const auto& [name, words] : usesLabels) known.insert(name);
  for (const auto& [name, words] : usesNone) known.insert(name);
  const Finished list = lapidary("--help");
  ASSERT_EQ(list.status, 0);
  std::istringstream lines(list.out);
  std::size_t commands = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    if (!line.starts_with("  ") || !(words >> name) || name.starts_with("-")) continue;
    const Finished help = lapidary(name + " --help");
    if (help.status != 0) continue;
    ++commands;
    if (help.out.find("--data DATA") != std::string::npos) {
      EXPECT_TRUE(known.contains(name)) << name;
    }
  }
  EXPECT_GE(commands, known.size());
}

TEST(LabelQuestions, EveryCommandThatUsesLabelsAsksOnce) {
  const Folder folder;
  writeRecipe(folder);
  const std::string data = digitsCalled(folder, "moved.npz", moved);
  for (const auto& [name, more] : usesLabels) {
    const Finished done = lapidary(commandOf(folder, name, more, data));
    EXPECT_EQ(done.status, 3) << name << ": " << done.err;
    ASSERT_FALSE(done.out.empty()) << name << ": " << done.err;
    EXPECT_THAT(idsOf(done), testing::Contains("permuted-classes").Times(1)) << name << ": " << done.err;
  }
  const Finished dry = lapidary(commandOf(folder, "compress", "--bits 8 --dry-run", data));
  EXPECT_THAT(idsOf(dry), ElementsAre("permuted-classes"));
  const Finished judged =
      lapidary(commandOf(folder, "explain", "--faithfulness --method gradient --judge-samples 2", data));
  EXPECT_THAT(idsOf(judged), testing::Contains("permuted-classes").Times(1)) << judged.err;
}

TEST(LabelQuestions, GoodLabelsAreNotAskedFor) {
  const Folder folder;
  writeRecipe(folder);
  const std::string data = digitsCalled(folder, "good.npz", [](std::int64_t label) { return label; });
  for (const auto& [name, more] : usesLabels) {
    const Finished done = lapidary(commandOf(folder, name, more, data));
    ASSERT_FALSE(done.out.empty()) << name << ": " << done.err;
    EXPECT_THAT(idsOf(done), testing::Not(testing::Contains("permuted-classes"))) << name;
  }
}

TEST(LabelQuestions, CommandsWithoutUseForLabelsDoNotAsk) {
  const Folder folder;
  const std::string data = digitsCalled(folder, "moved.npz", moved);
  const Finished fitted =
      lapidary("detector " + lenet300 + " --data " + digits +
               " --attack fgsm --strengths 8 --samples 200 -o " + (folder / "detector.json"));
  ASSERT_EQ(fitted.status, 0) << fitted.err;
  for (const auto& [name, more] : usesNone) {
    const Finished done = lapidary(commandOf(folder, name, more, data));
    EXPECT_EQ(done.status, 0) << name << ": " << done.err;
    EXPECT_THAT(idsOf(done), IsEmpty()) << name;
  }
}

/// Other questions, where no pass over the data is made, and of the data that figures come from.
TEST(LabelQuestions, OneClassOtherCountsAndTestData) {
  const Folder folder;
  const std::string one = digitsCalled(folder, "one.npz", [](std::int64_t) { return std::int64_t{4}; }),
                    fewer = digitsCalled(
                        folder, "fewer.npz", [](std::int64_t label) { return label % 5; }, 300),
                    good = digitsCalled(folder, "good.npz", [](std::int64_t label) { return label; }),
                    wrong = digitsCalled(folder, "wrong.npz", moved);
  EXPECT_THAT(idsOf(lapidary(commandOf(folder, "sizes", "", one))), ElementsAre("one-class"));
  EXPECT_THAT(idsOf(lapidary(commandOf(folder, "sizes", "", fewer))), ElementsAre("class-count"));
  for (const std::string name : {"repair", "distill", "search"}) {
    const Finished done = lapidary(commandOf(folder, name, usesLabels.at(name) + " --test " + wrong, good));
    EXPECT_THAT(idsOf(done), testing::Contains("permuted-classes").Times(1)) << name << ": " << done.err;
  }
}

TEST(LabelQuestions, RanksAskOnceTogether) {
  if (const std::string why = test::noMpi(); !why.empty()) GTEST_SKIP() << why;
  const Folder folder;
  const std::string data = digitsCalled(folder, "moved.npz", moved);
  for (const std::string name : {"evaluate", "search"}) {
    const Finished done =
        test::onRanks(2, commandOf(folder, name, usesLabels.at(name) + " --distributed", data));
    ASSERT_FALSE(done.out.empty()) << name << ": " << done.err;
    EXPECT_THAT(idsOf(done), testing::Contains("permuted-classes").Times(1)) << name;
  }
}

}  // namespace
}  // namespace lapidary
