// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/save_target.h"

#include <gtest/gtest.h>

#include "tests/support/messages.h"

namespace lapidary::core {
namespace {

using testing::messageOf;

TEST(SaveTarget, ABundleIsTheSameInAnyCase) {
  for (const char* path : {"a.zip", "a.ZIP", "a.Zip", "folder.x/a.b.ziP"}) {
    EXPECT_TRUE(isBundlePath(path)) << path;
    EXPECT_EQ(messageOf([&] { requireSavable(path); }), "no error") << path;
  }
  for (const char* path : {"zip", "a.zip.onnx", "a.gzip", ".zip", "a.zip/b", ""})
    EXPECT_FALSE(isBundlePath(path)) << path;
}

TEST(SaveTarget, EveryWrittenFormatIsTakenInAnyCase) {
  for (const char* path : {"a.onnx", "a.ONNX", "a.Lapidary", "a.SAFETENSORS", "a.NPZ"})
    EXPECT_EQ(messageOf([&] { requireSavable(path); }), "no error") << path;
}

TEST(SaveTarget, WhatCannotBeWrittenIsToldWhatCan) {
  for (const std::string path : {"a.pt", "a.npy", "a.docx", "a", ".zip"})
    EXPECT_EQ(messageOf([&] { requireSavable(path); }),
              path + ": the ending must be .onnx, .lapidary, .safetensors, .npz or .zip");
}

TEST(SaveTarget, WeightsWithoutAGraphFitIntoFewerFiles) {
  for (const char* path : {"a.lapidary", "a.safetensors", "a.NPZ"})
    EXPECT_EQ(messageOf([&] { requireSavableWithoutGraph(path); }), "no error") << path;
  EXPECT_EQ(messageOf([] { requireSavableWithoutGraph("a.ZIP"); }),
            "a.ZIP: the model holds weights without a graph, which a bundle needs; the ending must be "
            ".lapidary, .safetensors or .npz");
  EXPECT_EQ(messageOf([] { requireSavableWithoutGraph("a.Onnx"); }),
            "a.Onnx: the model holds weights without a graph, which ONNX needs; the ending must be "
            ".lapidary, .safetensors or .npz");
}

}  // namespace
}  // namespace lapidary::core
