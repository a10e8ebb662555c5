// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that can hardly be right are questioned, and others are not.
#include "core/data/label_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = DataWarningKind;

class Labelled : public DataSource {
 public:
  Labelled(std::vector<std::int64_t> labels, std::vector<std::string> names = {})
      : m_labels(std::move(labels)), m_names(std::move(names)) {}
  std::size_t size() const override { return m_labels.size(); }
  bool labelled() const override { return true; }
  std::int64_t label(std::size_t i) const override { return m_labels.at(i); }
  const std::vector<std::string>& classNames() const override { return m_names; }
  std::string sampleName(std::size_t) const override { return {}; }
  bool pictorial() const override { return false; }
  Picture picture(std::size_t) const override { return {}; }
  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t) const override { return {}; }
  std::string kind() const override { return "npz"; }
  std::string path() const override { return {}; }

 private:
  std::vector<std::int64_t> m_labels;
  std::vector<std::string> m_names;
};

/// So many samples of each class.
std::vector<std::int64_t> each(std::int64_t classes, int samples) {
  std::vector<std::int64_t> labels;
  for (std::int64_t c = 0; c < classes; ++c)
    labels.insert(labels.end(), static_cast<std::size_t>(samples), c);
  return labels;
}

/// Class c is answered with answers[c], each so many times.
std::vector<std::int64_t> confusion(const std::vector<std::size_t>& answers, std::int64_t samples) {
  const std::size_t classes = answers.size();
  std::vector<std::int64_t> counts(classes * classes);
  for (std::size_t c = 0; c < classes; ++c) counts[c * classes + answers[c]] = samples;
  return counts;
}

TEST(QuestionedLabels, GoodOnesAreNot) {
  const auto counts = confusion({0, 1, 2, 3}, 10);
  EXPECT_THAT(questionedLabels(Labelled(each(4, 10)), {4, counts}), IsEmpty());
  const std::vector<std::int64_t> poor(16, 5);
  EXPECT_THAT(questionedLabels(Labelled(each(4, 20)), {4, poor}), IsEmpty()) << "a poor model is no exchange";
  const auto collapsed = confusion({1, 1, 1, 1}, 10);
  EXPECT_THAT(questionedLabels(Labelled(each(4, 10)), {4, collapsed}), IsEmpty());
}

TEST(QuestionedLabels, AnExchangeOfClassesIsNamed) {
  const auto counts = confusion({1, 2, 3, 0}, 10);
  EXPECT_THAT(questionedLabels(Labelled(each(4, 10), {"a", "b", "c", "d"}), {4, counts}),
              ElementsAre(DataWarning{Kind::PermutedClasses, "'a' → 1, 'b' → 2, 'c' → 3, 'd' → 0", 40, 40}));
  const auto few = confusion({1, 2, 3, 0}, 2);
  EXPECT_THAT(questionedLabels(Labelled(each(4, 2)), {4, few}), IsEmpty()) << "8 samples say nothing";
}

/// One sample of each class: any model's answers could be exchanged to be right.
TEST(QuestionedLabels, APoorModelOfManyClassesIsNoExchange) {
  std::vector<std::size_t> answers(40);
  for (std::size_t c = 0; c < answers.size(); ++c) answers[c] = (c * 7 + 3) % answers.size();
  const auto once = confusion(answers, 1), often = confusion(answers, 5);
  EXPECT_THAT(questionedLabels(Labelled(each(40, 1)), {40, once}), IsEmpty());
  EXPECT_EQ(questionedLabels(Labelled(each(40, 5)), {40, often}).size(), 1u);
}

/// 0, 1, 10, 11, 2, ...: above chance, and still wrong.
TEST(QuestionedLabels, NumbersSortedAsTextAreFound) {
  const auto counts = confusion({0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9}, 4);
  const auto warnings = questionedLabels(Labelled(each(12, 4)), {12, counts});
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].kind, Kind::PermutedClasses);
  EXPECT_EQ(warnings[0].detail, "2 → 10, 3 → 11, 4 → 2, 5 → 3, 6 → 4, ...");
}

TEST(QuestionedLabels, OneClassAndOtherCounts) {
  const auto counts = confusion({0, 1, 2}, 10);
  EXPECT_THAT(questionedLabels(Labelled({1, 1, 1}, {"a", "b", "c"}), {3, counts}),
              ElementsAre(DataWarning{Kind::OneClass, "'b'", 3}));
  EXPECT_THAT(questionedLabels(Labelled(each(2, 10), {"a", "b"}), {3, counts}),
              ElementsAre(DataWarning{Kind::OtherClassCount, "3", 2}));
  EXPECT_THAT(questionedLabels(Labelled(each(2, 10)), {3, counts}), IsEmpty())
      << "of numbers a class may be missing by chance";
  EXPECT_THAT(questionedLabels(Labelled(each(2, 100)), {3, counts}),
              ElementsAre(DataWarning{Kind::OtherClassCount, "3", 2}));
  EXPECT_THAT(questionedLabels(Labelled({}), {3, counts}), IsEmpty());
}

}  // namespace
}  // namespace lapidary::core
