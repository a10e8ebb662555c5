// SPDX-License-Identifier: GPL-3.0-or-later
// A short run of every fuzz target: its corpus, and a fixed number of mutations of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/targets.h"

namespace lapidary::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mutationsOfEach = 60;

class Fuzz : public ::testing::TestWithParam<Target> {};

std::vector<std::string> corpusOf(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(LAPIDARY_SOURCE_DIR) / "tests/fuzz/corpus" / target))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> corpus;
  for (const fs::path& path : files) {
    std::stringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    corpus.push_back(content.str());
  }
  return corpus;
}

void run(const Target& target, const std::string& input) {
  target.run(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

TEST_P(Fuzz, CorpusAndMutations) {
  const std::vector<std::string> corpus = corpusOf(GetParam().name);
  ASSERT_GE(corpus.size(), 5u) << "the corpus is too small";
  run(GetParam(), "");
  for (const std::string& input : corpus) ASSERT_NO_THROW(run(GetParam(), input));
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < corpus.size() * mutationsOfEach; ++i)
    ASSERT_NO_THROW(run(GetParam(), mutated(corpus, i % corpus.size(), random))) << "mutation " << i;
}

INSTANTIATE_TEST_SUITE_P(Target, Fuzz, ::testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace lapidary::fuzz
