// SPDX-License-Identifier: GPL-3.0-or-later
// The operator cases of Debian's libonnx-testdata: which pass, and why the others do not.
#include "tests/core/ops/onnx_cases.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

namespace lapidary::core::testing {
namespace {

enum class Scope { Outside, Inside };

struct Reason {
  Scope scope;
  const char* text;
};

struct Failing {
  const char* pattern;  ///< as in a shell; every case that it matches must fail
  Reason reason;
};

constexpr Reason training{Scope::Outside, "training"};
constexpr Reason sequences{Scope::Outside, "sequences and optionals are no tensors"};
constexpr Reason strings{Scope::Outside, "strings"};
constexpr Reason random{Scope::Inside, "random numbers: no runtime's are another's"};
constexpr Reason rounding{
    Scope::Inside,
    "the reference divides by a length that is not whole; PyTorch and ONNX Runtime by the length of the "
    "result"};

/// Of the cases in scope, whatever the reason why the others fail.
constexpr double leastShareInScope = 0.95;

constexpr Failing nodeTable[] = {
    {"adagrad*", training},
    {"adam*", training},
    {"*momentum*", training},
    {"training_dropout?(_default)?(_mask)", training},
    {"*_STRING*", strings},
    {"strnormalizer_*", strings},
    {"tfidfvectorizer_*", strings},
    {"identity_opt", sequences},
    {"if_@(opt|seq)", sequences},
    {"loop1[36]_seq*", sequences},
    {"identity_sequence", sequences},
    {"optional_*", sequences},
    {"sequence_*", sequences},
    {"bernoulli*", random},
    {"resize_downsample_scales_@(cubic|linear)_align_corners", rounding},
};

constexpr Failing simpleTable[] = {
    {"gradient_of_*", training},
    {"sequence_model*", sequences},
    {"strnorm_model_*", strings},
};

const Reason* reasonFor(std::span<const Failing> table, const std::string& name) {
  for (const Failing& row : table)
    if (fnmatch(row.pattern, name.c_str(), FNM_EXTMATCH) == 0) return &row.reason;
  return nullptr;
}

struct Count {
  std::size_t all = 0, passed = 0, outside = 0;
  std::size_t inScope() const { return all - outside; }
  double share() const { return static_cast<double>(passed) / static_cast<double>(inScope()); }
};

/// Every case passes or stands in the table, never both.
Count countGroup(const std::filesystem::path& folder, std::span<const Failing> table, std::string& list) {
  Count count;
  for (const std::string& name : onnxCaseNames(folder)) {
    const CaseResult result = runOnnxCase(folder, name);
    const Reason* reason = reasonFor(table, name);
    ++count.all;
    count.passed += result.passed;
    if (result.passed) {
      EXPECT_EQ(reason, nullptr) << name << " passes although it is listed as failing";
      continue;
    }
    const bool outside = reason != nullptr && reason->scope == Scope::Outside;
    count.outside += outside;
    EXPECT_NE(reason, nullptr) << name << ": " << result.reason;
    const std::string why = reason ? reason->text : "FAILED";
    list += "  " + name + ": " + (outside ? "out of scope, " : "") + why + " (" + result.reason + ")\n";
  }
  return count;
}

void runGroup(const std::string& group, std::span<const Failing> table) {
  const auto folder = onnxCaseFolder(group);
  if (folder.empty()) GTEST_SKIP() << "skipped: libonnx-testdata is not installed";
  std::string list;
  const Count count = countGroup(folder, table, list);
  std::printf("%s cases: passed %zu of %zu, which is %.1f %% of the %zu in scope\n%s", group.c_str(),
              count.passed, count.all, 100 * count.share(), count.inScope(), list.c_str());
  EXPECT_GE(count.share(), leastShareInScope);
}

/// What passes as it is must pass after the rewrite for a newer opset, unless that is refused.
void upgradeGroup(const std::string& group, std::int64_t to, std::size_t atLeast) {
  const auto folder = onnxCaseFolder(group);
  if (folder.empty()) GTEST_SKIP() << "skipped: libonnx-testdata is not installed";
  std::size_t passed = 0;
  for (const std::string& name : onnxCaseNames(folder)) {
    if (!runOnnxCase(folder, name).passed) continue;
    const CaseResult result = runOnnxCase(folder, name, to);
    passed += result.passed;
    EXPECT_TRUE(result.passed || result.reason.starts_with("refused")) << name << ": " << result.reason;
  }
  std::printf("%s cases at opset %lld: passed %zu\n", group.c_str(), static_cast<long long>(to), passed);
  EXPECT_GE(passed, atLeast);
}

/// Cases of newer releases of ONNX, where somebody has them: LAPIDARY_ONNX_CASES names their folder.
TEST(OnnxCases, OfAnotherRelease) {
  const char* folder = std::getenv("LAPIDARY_ONNX_CASES");
  if (folder == nullptr) GTEST_SKIP() << "skipped: LAPIDARY_ONNX_CASES names no folder of cases";
  std::size_t all = 0, passed = 0;
  for (const std::string& name : onnxCaseNames(folder)) {
    const CaseResult result = runOnnxCase(folder, name);
    ++all;
    passed += result.passed;
    EXPECT_TRUE(result.passed) << name << ": " << result.reason;
  }
  std::printf("cases of %s: passed %zu of %zu\n", folder, passed, all);
}

TEST(OnnxCases, Node) { runGroup("node", nodeTable); }
TEST(OnnxCases, PytorchConverted) { runGroup("pytorch-converted", {}); }
TEST(OnnxCases, PytorchOperator) { runGroup("pytorch-operator", {}); }
TEST(OnnxCases, Simple) { runGroup("simple", simpleTable); }

TEST(OnnxUpgradeOfCases, MeansTheSame) {
  for (const std::int64_t to : {13, 21}) {
    upgradeGroup("node", to, 800);
    upgradeGroup("pytorch-converted", to, 80);
    upgradeGroup("pytorch-operator", to, 30);
  }
}

}  // namespace
}  // namespace lapidary::core::testing
