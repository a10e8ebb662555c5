// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions written and read back, and what is said of files that are none.
#include "ui/files/session_file.h"

#include <gmock/gmock.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace lapidary::ui {

namespace {

SavedSession sample() {
  SavedSession saved;
  saved.request.model = "demo:lenet5";
  saved.request.preprocess = core::Preprocess{};
  saved.request.preprocess->scale = 0.5;
  saved.recipe.set(
      "ip1", {{core::PruneMode::Sparsity, 0.9}, {core::Scheme::Affine, 4, core::Granularity::Channel, 0}});
  saved.visits.push_back({saved.recipe, 1234, QualityValue{0.98, {0.97, 0.99}, false}, 2000});
  saved.visits.back().figures[TradeOffAxis::Ssim] = {0.75, {0.7, 0.8}, false};
  saved.selection = {"conv1", "ip1"};
  saved.tab = 2;
  saved.liveChart = 1;
  return saved;
}

QString messageOf(const QString& path) {
  try {
    readSession(path);
  } catch (const core::Error& error) {
    return QString::fromStdString(error.what());
  }
  return {};
}

}  // namespace

TEST(SessionFile, ComesBackAsItWas) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("a.lapidary-session");
  const auto saved = sample();
  writeSession(saved, path);
  const auto read = readSession(path);
  EXPECT_EQ(read.request.model, saved.request.model);
  EXPECT_EQ(read.request.preprocess, saved.request.preprocess);
  EXPECT_EQ(read.recipe, saved.recipe);
  EXPECT_EQ(read.selection, saved.selection);
  EXPECT_EQ(read.tab, saved.tab);
  EXPECT_EQ(read.liveChart, saved.liveChart);
  ASSERT_EQ(read.visits.size(), 1u);
  EXPECT_EQ(read.visits[0].recipe, saved.recipe);
  EXPECT_EQ(read.visits[0].bytes, 1234u);
  EXPECT_EQ(read.visits[0].samples, 2000u);
  EXPECT_DOUBLE_EQ(read.visits[0].quality->interval.high, 0.99);
  ASSERT_TRUE(read.visits[0].on(TradeOffAxis::Ssim));
  EXPECT_DOUBLE_EQ(read.visits[0].on(TradeOffAxis::Ssim)->value, 0.75);
  EXPECT_FALSE(read.visits[0].on(TradeOffAxis::CalibrationError));
}

TEST(SessionFile, AModelThatMovedAlongIsFoundBesideTheSession) {
  const QTemporaryDir folder;
  auto saved = sample();
  saved.request.model = "/no/longer/here/net.onnx";
  saved.request.data = "/no/longer/here/x.gz:/no/longer/here/y.gz";
  for (const auto* name : {"net.onnx", "x.gz", "y.gz"}) {
    QFile file(folder.filePath(name));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  }
  const QString path = folder.filePath("a.lapidary-session");
  writeSession(saved, path);
  const auto read = readSession(path);
  EXPECT_EQ(read.request.model, folder.filePath("net.onnx"));
  EXPECT_EQ(read.request.data, folder.filePath("x.gz") + ":" + folder.filePath("y.gz"));
}

/// A folder that is called as a part of the data is none of its files.
TEST(SessionFile, APartOfADataFileIsNoFile) {
  const QTemporaryDir folder;
  auto saved = sample();
  saved.request.data = "/no/longer/here/d.npz:train";
  QFile file(folder.filePath("d.npz"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  ASSERT_TRUE(QDir(folder.path()).mkdir("train"));
  const QString path = folder.filePath("a.lapidary-session");
  writeSession(saved, path);
  EXPECT_EQ(readSession(path).request.data, folder.filePath("d.npz") + ":train");
}

TEST(SessionFile, SaysWhatIsWrong) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("bad.lapidary-session");
  const auto put = [&](const char* text) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
  };
  EXPECT_TRUE(messageOf(folder.filePath("none")).contains("none"));
  put("{");
  EXPECT_TRUE(messageOf(path).contains("not JSON at byte"));
  put("{}");
  EXPECT_TRUE(messageOf(path).contains("'lapidarySession'"));
  put(R"({"lapidarySession": 3})");
  EXPECT_TRUE(messageOf(path).contains("newer than this program"));
  put(R"({"lapidarySession": 1, "recipe": {}})");
  EXPECT_TRUE(messageOf(path).contains("'model' is missing"));
}

TEST(SessionFile, WhatIsMissingIsNamedOfPairsAndPartsToo) {
  const QTemporaryDir folder;
  const QString here = folder.filePath("here.npz"), gone = folder.filePath("gone.npz");
  QFile file(here);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.close();
  EXPECT_EQ(missingFile({}), "");
  EXPECT_EQ(missingFile("demo:lenet5"), "");
  EXPECT_EQ(missingFile(here), "");
  EXPECT_EQ(missingFile(gone), gone);
  EXPECT_EQ(missingFile(here + ":train"), "");
  EXPECT_EQ(missingFile(gone + ":train"), gone);
  EXPECT_EQ(missingFile(here + ":" + here), "");
  EXPECT_EQ(missingFile(here + ":" + gone), gone);
}

}  // namespace lapidary::ui
