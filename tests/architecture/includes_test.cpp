// Reads every #include of the tree and enforces which folder may know which.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;    // relative to the root
  std::string target;  // as written
  bool quoted;
};

const fs::path root = LAPIDARY_SOURCE_DIR;

bool isSource(const fs::path& path) { return path.extension() == ".cpp" || path.extension() == ".h"; }

std::vector<Include> includesIn(const std::string& folder) {
  static const std::regex line(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    if (!entry.is_regular_file() || !isSource(entry.path())) continue;
    std::ifstream in(entry.path());
    std::smatch match;
    for (std::string text; std::getline(in, text);)
      if (std::regex_search(text, match, line))
        found.push_back({fs::relative(entry.path(), root).generic_string(), match[2], match[1] == "\""});
  }
  return found;
}

/// "core/io/numpy/npz.h" -> "io"; "core/session/session.h" -> "session"; "ui/x.h" -> "ui"; "app/cli/x" ->
/// "app".
std::string partOf(const std::string& path) {
  std::vector<std::string> pieces;
  for (const auto& piece : fs::path(path)) pieces.push_back(piece.string());
  if (pieces.front() != "core") return pieces.front();
  return pieces.size() > 2 ? pieces[1] : "session";
}

/// What each part may include, itself aside. support <- model <- {io, compress, ops <- run <- train};
/// {io, compress, run} <- {analyze, student}; analyze <- explain <- robust <- report;
/// {analyze, robust} <- audit; {audit, report} <- session <- {ui, app}.
const std::map<std::string, std::set<std::string>> allowed = [] {
  std::map<std::string, std::set<std::string>> table;
  table["support"] = {};
  table["model"] = {"support"};
  table["io"] = table["compress"] = table["ops"] = {"support", "model"};
  table["run"] = {"support", "model", "ops"};
  table["train"] = {"support", "model", "ops", "run"};
  table["student"] = {"support", "model", "io", "compress", "run"};
  table["analyze"] = {"support", "model", "io", "compress", "ops", "run"};
  table["explain"] = {"support", "model", "io", "compress", "ops", "run", "analyze"};
  table["robust"] =
      table["report"] = {"support", "model", "io", "compress", "ops", "run", "analyze", "explain"};
  table["report"].insert("robust");
  table["audit"] = {"support", "model", "io", "compress", "ops", "run", "analyze", "robust"};
  table["session"] = {"support", "model",   "io",      "compress", "ops",   "run",   "train",
                      "student", "analyze", "explain", "robust",   "audit", "report"};
  table["resources"] = {};
  table["ui"] = {"session", "support", "model",   "compress", "analyze", "io",
                 "report",  "student", "explain", "robust",   "audit"};
  table["app"] = table["ui"];
  table["app"].insert({"ui", "resources"});
  return table;
}();

TEST(Includes, FollowTheDependencyRules) {
  std::size_t checked = 0;
  for (const std::string folder : {"core", "ui", "app", "resources"}) {
    for (const Include& include : includesIn(folder)) {
      if (!include.quoted || fs::exists((root / include.file).parent_path() / include.target)) continue;
      const std::string from = partOf(include.file);
      ASSERT_NE(include.target.find('/'), std::string::npos)
          << include.file << " includes " << include.target;
      const std::string to = partOf(include.target);
      if (to == from) continue;
      ++checked;
      ASSERT_TRUE(allowed.contains(from)) << include.file << " is in a folder without a rule";
      EXPECT_TRUE(allowed.at(from).contains(to)) << include.file << " must not include " << include.target;
    }
  }
  EXPECT_GT(checked, 50u) << "the test looks in the wrong place";
}

TEST(Includes, NoQtTypeInACoreHeader) {
  for (const Include& include : includesIn("core"))
    if (include.file.ends_with(".h")) {
      EXPECT_FALSE(std::regex_search(include.target, std::regex("^(Q[A-Z]|Qt|quazip)")))
          << include.file << " includes " << include.target;
    }
}

TEST(Includes, QtOnlyInArchiveImageAndReport) {
  for (const Include& include : includesIn("core")) {
    if (!std::regex_search(include.target, std::regex("^(Q[A-Z]|Qt|quazip)"))) continue;
    const bool permitted = include.file.starts_with("core/io/archive") ||
                           include.file.starts_with("core/io/image") ||
                           include.file.starts_with("core/report/");
    EXPECT_TRUE(permitted) << include.file << " includes " << include.target;
  }
}

TEST(Includes, OneDnnOnlyInOpsAndOnnxOnlyInItsReader) {
  for (const std::string folder : {"core", "ui", "app"})
    for (const Include& include : includesIn(folder)) {
      if (include.target.find("dnnl") != std::string::npos) {
        EXPECT_TRUE(include.file.starts_with("core/ops/")) << include.file << " includes " << include.target;
      }
      if (include.target.starts_with("onnx/") || include.target.starts_with("google/protobuf")) {
        EXPECT_TRUE(include.file.starts_with("core/io/onnx"))
            << include.file << " includes " << include.target;
      }
    }
}

TEST(Includes, TheWindowNeverSeesOpsOrRun) {
  for (const Include& include : includesIn("ui"))
    EXPECT_FALSE(include.target.starts_with("core/ops/") || include.target.starts_with("core/run/"))
        << include.file << " includes " << include.target;
}

TEST(Includes, TheCommandLineKnowsNoWidgets) {
  for (const Include& include : includesIn("app/cli"))
    EXPECT_FALSE(include.target.starts_with("ui/") || include.target.find("QWidget") != std::string::npos)
        << include.file << " includes " << include.target;
}

TEST(Includes, ThereIsNoNetworkCode) {
  for (const std::string folder : {"core", "ui", "app"})
    for (const Include& include : includesIn(folder))
      EXPECT_FALSE(std::regex_search(
          include.target, std::regex("QtNetwork|QNetwork|QTcp|QUdp|sys/socket|netinet|arpa/|curl")))
          << include.file << " includes " << include.target;
}

}  // namespace
