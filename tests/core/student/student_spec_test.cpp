// SPDX-License-Identifier: GPL-3.0-or-later
// Specifications of students: JSON and words there and back, and what is wrong with damaged ones.
#include "core/student/student_spec.h"

#include <gtest/gtest.h>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

std::vector<StudentSpec> specs() {
  StudentSpec mlp, cnn, transformer, narrow, shallow, file;
  mlp.kind = StudentKind::Mlp;
  mlp.widths = {};
  cnn.widths = {4, 8, 12};
  cnn.kernel = 5;
  cnn.pool = 3;
  cnn.head = CnnHead::Global;
  transformer.kind = StudentKind::Transformer;
  transformer.width = 24;
  transformer.heads = 3;
  transformer.depth = 5;
  transformer.patch = 4;
  transformer.feedForward = 17;
  narrow.kind = StudentKind::Narrow;
  narrow.keep = 0.3;
  narrow.fresh = true;
  shallow.kind = StudentKind::Shallow;
  shallow.keep = 0.75;
  file.kind = StudentKind::File;
  file.path = "a/b,c.onnx";
  return {mlp, cnn, transformer, narrow, shallow, file};
}

/// Keys of other kinds are not written: only what is written has to come back.
TEST(StudentSpec, JsonAndWordsGoThereAndBack) {
  for (const StudentSpec& spec : specs()) {
    const StudentSpec read = studentFromJson(toJson(spec));
    EXPECT_EQ(toJson(read), toJson(spec));
    EXPECT_EQ(read.kind, spec.kind);
    if (spec.kind == StudentKind::File) continue;  // a path may hold what divides words
    EXPECT_EQ(toJson(studentFromWords(toWords(spec))), toJson(spec));
  }
  EXPECT_EQ(toWords(studentFromWords("mlp:64-32")), "mlp:64-32");
  EXPECT_EQ(studentFromWords("mlp:none").widths, std::vector<std::int64_t>{});
  EXPECT_EQ(studentFromWords("cnn:8-16,kernel=5,head=global").widths, (std::vector<std::int64_t>{8, 16}));
  EXPECT_EQ(studentFromWords("transformer:32,depth=3").depth, 3);
  EXPECT_TRUE(studentFromWords("narrow:0.3,weights=fresh").fresh);
}

void expectRefused(const std::string& words, const std::string& why) {
  try {
    studentFromWords(words);
    FAIL() << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::InvalidInput) << words;
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << words << ": " << error.what();
  }
}

TEST(StudentSpec, SaysWhatIsWrong) {
  expectRefused("fish:3", "there is no kind 'fish'");
  expectRefused("cnn:8,kernel=4", "it has to be odd");
  expectRefused("cnn:8,heads=4", "'heads' is no key of cnn");
  expectRefused("cnn:8,channels=4", "given twice");
  expectRefused("cnn:none", "at least one block");
  expectRefused("mlp:0", "hidden is 0");
  expectRefused("mlp:8-x", "a number is expected");
  expectRefused("mlp:1.5", "a whole number is expected");
  expectRefused("transformer:30,heads=4", "no multiple of 4 heads");
  expectRefused("narrow:0", "above 0 and at most 1");
  expectRefused("narrow:0.5,weights=old", "inherited or fresh");
  expectRefused("file", "names no file");
}

TEST(StudentSpec, EndlessNestingCostsNoStack) {
  const std::string deep(200'000, '[');
  EXPECT_THROW(studentFromJson("{\"kind\": " + deep + std::string(deep.size(), ']') + "}"), Error);
}

TEST(StudentSpec, DamagedJsonIsRefused) {
  for (const char* text :
       {"", "[]", "{}", R"({"format": "lapidary-student", "version": 2, "kind": "mlp"})",
        R"({"format": "lapidary-student", "version": 1})",
        R"({"format": "lapidary-student", "version": 1, "kind": 3})",
        R"({"format": "lapidary-student", "version": 1, "kind": "mlp", "hidden": 5})",
        R"({"format": "lapidary-student", "version": 1, "kind": "mlp", "hidden": [18446744073709551615]})",
        R"({"format": "lapidary-student", "version": 1, "kind": "narrow", "keep": "half"})",
        R"({"format": "lapidary-student", "version": 1, "kind": "cnn", "fish": 1})"})
    EXPECT_THROW(studentFromJson(text), Error) << text;
}

}  // namespace
}  // namespace lapidary::core
