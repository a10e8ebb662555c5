// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of the tree: what may stand at the top, and that the program prints and exits in one place only.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace {

namespace fs = std::filesystem;
const fs::path root = LAPIDARY_SOURCE_DIR;

std::string contentOf(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

template <class Check>
void forEachSource(const std::string& folder, Check&& check) {
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
      check(fs::relative(entry.path(), root).generic_string(), contentOf(entry.path()));
}

TEST(Tree, TopLevelIsAsPrescribed) {
  const std::set<std::string> permitted = {
      "CMakeLists.txt", "README.md",    "LICENSE", "CMakePresets.json", "app",  "core", "ui",
      "resources",      "translations", "tests",   "packaging",         "build"};
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name.starts_with(".") || permitted.contains(name)) << name << " does not belong at the top";
  }
}

TEST(Tree, CoreNeverPrintsAndNeverExits) {
  const std::regex forbidden(
      R"(std::cout|std::cerr|\bprintf\s*\(|\bputs\s*\(|std::exit|\babort\s*\(|\bexit\s*\(|qDebug|qWarning)");
  forEachSource("core", [&](const std::string& file, const std::string& text) {
    EXPECT_FALSE(std::regex_search(text, forbidden)) << file;
  });
}

TEST(Tree, CoreHoldsNoTranslatedWords) {
  forEachSource("core", [](const std::string& file, const std::string& text) {
    EXPECT_FALSE(std::regex_search(text, std::regex(R"(\btr\s*\()"))) << file;
  });
}

constexpr std::string_view licence = "SPDX-License-Identifier: GPL-3.0-or-later\n";

TEST(Tree, EveryHeaderSaysWhatItIsAndIsIncludedOnce) {
  for (const std::string folder : {"core", "ui", "app"})
    forEachSource(folder, [](const std::string& file, const std::string& text) {
      if (!file.ends_with(".h")) return;
      EXPECT_TRUE(text.starts_with("// " + std::string(licence) + "// ")) << file << " has no sentence atop";
      EXPECT_NE(text.find("#pragma once"), std::string::npos) << file;
    });
}

bool isOurSource(const fs::path& path) {
  static const std::set<std::string> endings = {".cpp", ".h", ".py", ".js", ".sh", ".cmake"};
  for (const fs::path& part : path)
    if (part == "node_modules" || part == "__pycache__") return false;
  return endings.contains(path.extension().string()) || path.filename() == "CMakeLists.txt";
}

/// A script's first line is for the system, the licence stands below it.
bool namesLicence(std::string text) {
  if (text.starts_with("#!")) text.erase(0, text.find('\n') + 1);
  return text.starts_with("// " + std::string(licence)) || text.starts_with("# " + std::string(licence));
}

TEST(Tree, EverySourceNamesItsLicenceFirst) {
  std::size_t checked = 0;
  for (const std::string folder : {"app", "core", "packaging", "resources", "tests", "translations", "ui"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path path = fs::relative(entry.path(), root);
      if (!entry.is_regular_file() || !isOurSource(path) || path.string().starts_with("tests/data/"))
        continue;
      EXPECT_TRUE(namesLicence(contentOf(entry.path()))) << path;
      ++checked;
    }
  EXPECT_GT(checked, 1000u) << "the test looks in the wrong place";
}

/// Beyond that a folder tells nobody where to look: it has concepts to be split by.
TEST(Tree, NoRoomHoldsMoreThanSixtyFiles) {
  std::map<std::string, int> files;
  for (const std::string folder : {"core", "ui", "app"})
    forEachSource(folder, [&](const std::string& file, const std::string&) {
      ++files[fs::path(file).parent_path().generic_string()];
    });
  for (const auto& [room, count] : files) EXPECT_LE(count, 60) << room;
}

TEST(Tree, NothingIsBuiltForOneProcessorAlone) {
  // Spelled in two parts so that this file does not find itself.
  const std::string flag = std::string("-march=") + "native";
  for (const fs::path& path :
       {root / "CMakeLists.txt", root / "CMakePresets.json", root / "core/CMakeLists.txt"})
    EXPECT_EQ(contentOf(path).find(flag), std::string::npos) << path;
}

}  // namespace
