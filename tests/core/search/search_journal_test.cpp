// SPDX-License-Identifier: GPL-3.0-or-later
// Journals: what is written comes back to the last bit, a torn line does no harm, others' files are refused.
#include "core/search/search_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/compress/recipe/cut_setting.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

struct Journal : ::testing::Test {
  static Recipe recipe(double sparsity) {
    Recipe made;
    made.set("ip1", sparsitySetting(sparsity).edit);
    return made;
  }
  static Measurement measured(std::size_t samples, double divergence) {
    Measurement made;
    made.trial.samples = made.trial.diverged = samples;
    made.trial.right = made.trial.rightBefore = made.trial.agreed = samples - 1;
    made.trial.divergence = divergence;
    made.trial.regret = divergence / 7;
    made.trial.regretSquares = divergence / 49;
    made.latency = 0.001 / 3;
    return made;
  }
  void append(const std::string& text) const { std::ofstream(path, std::ios::app) << text; }

  testing::TemporaryFolder folder;
  const std::string path = folder.path("journal");
};

TEST_F(Journal, WhatIsKeptIsFoundInTheNextRun) {
  const RaceRule all{1000, std::nullopt, true};
  {
    SearchJournal journal(path, "subject");
    journal.add(recipe(0.5), measured(200, 1.0 / 3));
    journal.add(recipe(0.5), measured(1000, 2.0 / 3));
  }
  const SearchJournal journal(path, "subject");
  EXPECT_EQ(journal.size(), 2u);
  const auto found = journal.find(fingerprint(recipe(0.5)), all, QualityKind::Accuracy);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->trial.samples, 1000u);
  EXPECT_EQ(found->trial.divergence, 2.0 / 3);
  EXPECT_EQ(found->trial.regret, 2.0 / 3 / 7);
  EXPECT_EQ(found->trial.regretSquares, 2.0 / 3 / 49);
  EXPECT_EQ(found->latency, 0.001 / 3);
  const RaceRule few{200, std::nullopt, false};
  EXPECT_EQ(journal.find(fingerprint(recipe(0.5)), few, QualityKind::Accuracy)->trial.divergence, 1.0 / 3);
  EXPECT_EQ(journal.begun(fingerprint(recipe(0.5)), few)->trial.samples, 200u);
  EXPECT_FALSE(journal.find(fingerprint(recipe(0.6)), all, QualityKind::Accuracy));
}

TEST_F(Journal, ATornLastLineIsLeftOutAndTheNextOneIsWhole) {
  { SearchJournal(path, "s").add(recipe(0.5), measured(100, 1)); }
  append(R"({"samples":100,"right":9)");
  { SearchJournal(path, "s").add(recipe(0.7), measured(100, 2)); }
  const SearchJournal journal(path, "s");
  EXPECT_EQ(journal.size(), 2u);
  EXPECT_TRUE(journal.find(fingerprint(recipe(0.7)), {100, std::nullopt, false}, QualityKind::Accuracy));
}

TEST_F(Journal, LinesThatCannotBeTrueAreLeftOut) {
  { SearchJournal(path, "s"); }
  append(
      R"({"samples":10,"right":11,"right_before":10,"gained":0,"lost":0,"agreed":10,"divergence":0,"regret":0,"regret_squares":0,"diverged":10,"recipe":{"format":"lapidary-recipe","version":1}})"
      "\n[1,2]\n{\"samples\":-4}\n\"x\"\n");
  EXPECT_EQ(SearchJournal(path, "s").size(), 0u);
}

TEST_F(Journal, EndlessNestingAndOddHeadersAreRefused) {
  const std::string deep(100'000, '[');
  EXPECT_THROW(fromLine("{\"recipe\": " + deep + std::string(deep.size(), ']') + "}"), Error);
  append("{\"format\": 1}\n");
  EXPECT_THROW(SearchJournal(path, "subject"), Error);
}

TEST_F(Journal, AnotherSubjectAndOtherFilesAreRefused) {
  { SearchJournal(path, "one model"); }
  try {
    SearchJournal journal(path, "another model");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("belongs to another model"));
  }
  std::ofstream(path) << "my precious notes\n";
  EXPECT_THROW(SearchJournal(path, "one model"), Error);
  std::string kept;
  std::getline(std::ifstream(path), kept);
  EXPECT_EQ(kept, "my precious notes");
  EXPECT_THROW(SearchJournal("/nowhere/at/all", "s"), Error);
}

TEST_F(Journal, AHopelessOneCountsUnderItsRuleAlone) {
  SearchJournal journal(path, "s");
  Measurement bad = measured(100, 50);
  bad.trial.right = bad.trial.agreed = 20;
  bad.trial.lost = 79;
  journal.add(recipe(0.9), bad);
  const std::string name = fingerprint(recipe(0.9));
  EXPECT_TRUE(journal.find(name, {1000, 0.005, false}, QualityKind::Accuracy));
  EXPECT_FALSE(journal.find(name, {1000, std::nullopt, false}, QualityKind::Accuracy));
  EXPECT_EQ(journal.begun(name, {1000, std::nullopt, false})->trial.samples, 100u);
}

}  // namespace
}  // namespace lapidary::core
