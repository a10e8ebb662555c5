// The operator cases of Debian's libonnx-testdata: which pass, and why the others are out of scope.
#include "tests/core/ops/onnx_cases.h"

#include <fnmatch.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <span>
#include <string>

namespace lapidary::core::testing {
namespace {

struct OutOfScope {
  const char* pattern;  ///< as in a shell; every case that it matches must fail
  const char* reason;
};

constexpr const char* training = "training";
constexpr const char* sequences = "sequences and optionals are no tensors";
constexpr const char* strings = "strings";
constexpr const char* random = "random numbers: no runtime's are another's";
constexpr const char* rounding =
    "the reference divides by a length that is not whole; PyTorch and ONNX Runtime by the length of the "
    "result";

constexpr OutOfScope nodeTable[] = {
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

constexpr OutOfScope simpleTable[] = {
    {"gradient_of_*", training},
    {"sequence_model*", sequences},
    {"strnorm_model_*", strings},
};

const char* reasonFor(std::span<const OutOfScope> table, const std::string& name) {
  for (const OutOfScope& row : table)
    if (fnmatch(row.pattern, name.c_str(), FNM_EXTMATCH) == 0) return row.reason;
  return nullptr;
}

/// Every case passes or stands in the table, never both.
void runGroup(const std::string& group, std::span<const OutOfScope> table) {
  const auto folder = onnxCaseFolder(group);
  if (folder.empty()) GTEST_SKIP() << "skipped: libonnx-testdata is not installed";
  std::size_t passed = 0, outside = 0;
  std::string list;
  const auto names = onnxCaseNames(folder);
  for (const std::string& name : names) {
    const CaseResult result = runOnnxCase(folder, name);
    const char* reason = reasonFor(table, name);
    passed += result.passed;
    if (result.passed) {
      EXPECT_EQ(reason, nullptr) << name << " passes although it is listed as out of scope";
      continue;
    }
    outside += reason != nullptr;
    list += "  " + name + ": " + (reason ? reason : "FAILED") + " (" + result.reason + ")\n";
    EXPECT_NE(reason, nullptr) << name << ": " << result.reason;
  }
  std::printf("%s cases: passed %zu of %zu; out of scope %zu\n%s", group.c_str(), passed, names.size(),
              outside, list.c_str());
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
