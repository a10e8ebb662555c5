// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/path_ending.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(PathEnding, IsInLowerCaseAndOfTheFileAlone) {
  EXPECT_EQ(endingOf("a.ZIP"), ".zip");
  EXPECT_EQ(endingOf("folder.d/a.b.OnNx"), ".onnx");
  EXPECT_EQ(endingOf("folder.zip/a"), "");
  EXPECT_EQ(endingOf(".zip"), "") << "a hidden file without an ending";
  EXPECT_EQ(endingOf("a.\xc3\x84"), ".\xc3\x84") << "only ASCII has another case";
}

TEST(PathEnding, IsComparedWhateverItsCase) {
  EXPECT_TRUE(hasEnding("a.zip", ".zip"));
  EXPECT_TRUE(hasEnding("a.ZiP", ".zip"));
  EXPECT_FALSE(hasEnding("a.zipx", ".zip"));
  EXPECT_FALSE(hasEnding("zip", ".zip"));
  EXPECT_FALSE(hasEnding("", ".zip"));
}

}  // namespace
}  // namespace lapidary::core
