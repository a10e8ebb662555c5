// SPDX-License-Identifier: GPL-3.0-or-later
// Every #include of the tree follows what the rooms' CMake targets say that they use.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/architecture/rooms.h"

namespace lapidary::architecture {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path root = LAPIDARY_SOURCE_DIR;

const SourceTree& tree() {
  static const SourceTree read(root, {"core", "ui", "app", "resources"});
  return read;
}

const Rules& rules() {
  static const Rules read = readRules(LAPIDARY_ROOMS);
  return read;
}

bool isQt(const Include& include) {
  static const std::regex qt("^(Q[A-Z]|Qt|quazip)");
  return !include.quoted && std::regex_search(include.target, qt);
}

/// A tree of some files of one line each, for a rule that ought to be broken.
class PlantedTree {
 public:
  PlantedTree() { fs::create_directories(m_root); }
  ~PlantedTree() { fs::remove_all(m_root); }
  PlantedTree(const PlantedTree&) = delete;
  PlantedTree& operator=(const PlantedTree&) = delete;

  void add(const std::string& file, const std::string& included) {
    fs::create_directories((m_root / file).parent_path());
    std::ofstream(m_root / file) << "#include \"" << included << "\"\n";
  }
  SourceTree read() const { return SourceTree(m_root, {"core", "ui"}); }

 private:
  fs::path m_root = fs::temp_directory_path() / ("lapidary-rooms-" + std::to_string(getpid()));
};

TEST(Includes, FollowWhatTheRoomsSayTheyUse) {
  ASSERT_GT(tree().files().size(), 500u) << "the test looks in the wrong place";
  ASSERT_GT(rules().size(), 60u) << "CMake wrote too few rooms";
  EXPECT_THAT(violations(tree(), rules()), IsEmpty());
}

TEST(Includes, RoomsUseEachOtherInNoCircle) { EXPECT_THAT(circles(rules()), IsEmpty()); }

TEST(Includes, NothingIsUsedThatIsNoRoom) {
  for (const auto& [room, uses] : rules())
    for (const std::string& used : uses) {
      EXPECT_TRUE(rules().contains(used)) << room << " uses " << used;
      EXPECT_NE(used, room);
    }
}

TEST(Includes, WindowAndCommandLineReachNoOperatorAndNoExecutor) {
  for (const std::string from : {"ui", "app"})
    for (const std::string hidden : {"core/ops", "core/run"})
      EXPECT_THAT(leaks(tree(), from, hidden), IsEmpty());
}

TEST(Includes, WhatReadsFilesReachesNothingThatRuns) {
  for (const std::string from : {"core/files", "core/io", "core/data"})
    for (const std::string hidden : {"core/ops", "core/run", "core/compress", "core/analyze"})
      EXPECT_THAT(leaks(tree(), from, hidden), IsEmpty());
  EXPECT_THAT(leaks(tree(), "core/files", "core/model"), IsEmpty());
}

TEST(Includes, ThePlantedViolationIsFound) {
  PlantedTree planted;
  planted.add("core/run/executor.h", "core/run/executor.h");
  planted.add("core/session/session.h", "core/run/executor.h");
  planted.add("ui/window/view.cpp", "core/session/session.h");
  planted.add("ui/window/stray.cpp", "core/run/executor.h");
  planted.add("ui/window/lost.cpp", "core/run/gone.h");
  planted.add("ui/attic/view.cpp", "core/session/session.h");
  const Rules few = {{"core/run", {}}, {"core/session", {"core/run"}}, {"ui/window", {"core/session"}}};
  EXPECT_THAT(violations(planted.read(), few),
              ElementsAre("ui/attic/view.cpp is in a folder without a rule",
                          "ui/window/lost.cpp includes core/run/gone.h, which is not there",
                          "ui/window/stray.cpp must not include core/run/executor.h"));
  EXPECT_THAT(leaks(planted.read(), "ui", "core/run"),
              Contains("ui/window/view.cpp -> core/session/session.h -> core/run/executor.h"));
  EXPECT_THAT(circles({{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}}), ElementsAre("c uses a, which uses it"));
}

TEST(Includes, NoQtTypeInACoreHeader) {
  for (const auto& [file, includes] : tree().files())
    for (const Include& include : includes)
      if (file.starts_with("core/") && file.ends_with(".h")) {
        EXPECT_FALSE(isQt(include)) << file << " includes " << include.target;
      }
}

TEST(Includes, QtOnlyInArchiveImageAndReport) {
  for (const auto& [file, includes] : tree().files())
    for (const Include& include : includes) {
      if (!file.starts_with("core/") || !isQt(include)) continue;
      const bool permitted = file.starts_with("core/files/archive") || file.starts_with("core/files/image") ||
                             file.starts_with("core/report/");
      EXPECT_TRUE(permitted) << file << " includes " << include.target;
    }
}

TEST(Includes, OneDnnOnlyInOpsAndOnnxOnlyInItsRoom) {
  for (const auto& [file, includes] : tree().files())
    for (const Include& include : includes) {
      if (include.target.find("dnnl") != std::string::npos) {
        EXPECT_TRUE(file.starts_with("core/ops/")) << file << " includes " << include.target;
      }
      if (include.target.starts_with("onnx/") || include.target.starts_with("google/protobuf")) {
        EXPECT_TRUE(file.starts_with("core/io/onnx/")) << file << " includes " << include.target;
      }
    }
}

TEST(Includes, TheCommandLineKnowsNoWidgets) {
  EXPECT_THAT(leaks(tree(), "app/cli", "ui"), IsEmpty());
  for (const auto& [file, includes] : tree().files())
    for (const Include& include : includes)
      if (file.starts_with("app/cli/")) {
        EXPECT_EQ(include.target.find("QWidget"), std::string::npos) << file;
      }
}

TEST(Includes, ThereIsNoNetworkCode) {
  static const std::regex network("QtNetwork|QNetwork|QTcp|QUdp|sys/socket|netinet|arpa/|curl");
  for (const auto& [file, includes] : tree().files())
    for (const Include& include : includes)
      EXPECT_FALSE(std::regex_search(include.target, network)) << file << " includes " << include.target;
}

}  // namespace
}  // namespace lapidary::architecture
