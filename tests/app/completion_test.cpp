// SPDX-License-Identifier: GPL-3.0-or-later
// The completion scripts, as the shells that they are for run them.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/app/reference.h"

namespace lapidary {
namespace {

using test::contentOf;
using test::Folder;
using test::lapidary;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

bool has(const std::string& shell) {
  return std::system(("command -v " + shell + " >/dev/null 2>&1").c_str()) == 0;
}

/// Gives what bash offers where these words stand and the cursor is behind the last; in the folder `at`.
std::vector<std::string> offered(const std::vector<std::string>& words, const std::string& at = ".") {
  const Folder folder;
  EXPECT_EQ(std::system((std::string(LAPIDARY_CLI) + " completion bash >" + (folder / "script")).c_str()), 0);
  std::ofstream test(folder / "test");
  test << "set -u\ncd " << at << "\nsource " << (folder / "script") << "\nCOMP_WORDS=(";
  for (const std::string& word : words) test << "'" << word << "' ";
  test << ")\nCOMP_CWORD=" << words.size() - 1 << "\n_lapidary_cli\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  test.close();
  EXPECT_EQ(
      std::system(("bash " + (folder / "test") + " >" + (folder / "out") + " 2>" + (folder / "err")).c_str()),
      0)
      << contentOf(folder / "err");
  EXPECT_EQ(contentOf(folder / "err"), "");
  std::istringstream lines(contentOf(folder / "out"));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) found.push_back(line);
  return found;
}

class Bash : public testing::Test {
 protected:
  void SetUp() override {
    if (!has("bash")) GTEST_SKIP() << "skipped: no bash";
  }
};

TEST_F(Bash, CompletesCommands) {
  EXPECT_THAT(offered({"lapidary-cli", "ev"}), ElementsAre("evaluate"));
  EXPECT_THAT(offered({"lapidary-cli", "--v"}), ElementsAre("--version"));
  EXPECT_THAT(offered({"lapidary-cli", ""}), IsSupersetOf(test::commandNames()));
  EXPECT_THAT(offered({"lapidary-cli", "completion", ""}), ElementsAre("bash", "zsh"));
}

TEST_F(Bash, CompletesEveryOptionOfEveryCommand) {
  EXPECT_THAT(offered({"lapidary-cli", "evaluate", "model.onnx", "--rec"}), ElementsAre("--recipe"));
  for (const std::string& command : test::commandNames()) {
    const auto found = offered({"lapidary-cli", command, "-"});
    const auto options = test::optionsOf(command);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), options) << command;
  }
}

TEST_F(Bash, CompletesChoicesFilesAndFolders) {
  EXPECT_THAT(offered({"lapidary-cli", "search", "m.onnx", "--confidence", "u"}), ElementsAre("upper"));
  EXPECT_THAT(offered({"lapidary-cli", "search", "m.onnx", "--confidence", "=", "u"}), ElementsAre("upper"));
  EXPECT_THAT(offered({"lapidary-cli", "compress", "m.onnx", "--bits", ""}), ElementsAre());
  const Folder folder;
  std::filesystem::create_directory(folder / "a folder");
  std::ofstream(folder / "a model.onnx") << "";
  const std::string at = folder / "";
  EXPECT_THAT(offered({"lapidary-cli", "inspect", "a"}, at),
              UnorderedElementsAre("a folder", "a model.onnx"));
  EXPECT_THAT(offered({"lapidary-cli", "evaluate", "x", "--data", "a m"}, at), ElementsAre("a model.onnx"));
  EXPECT_THAT(offered({"lapidary-cli", "evaluate", "x", "--data", "pixels", ":", "a m"}, at),
              ElementsAre("a model.onnx"));
  EXPECT_THAT(offered({"lapidary-cli", "demo", "-o", "a"}, at), ElementsAre("a folder"));
}

TEST_F(Bash, CompletesTheLastWordOfAListWithCommas) {
  const auto found = offered({"lapidary-cli", "explain", "m.onnx", "--method", "gradient,r"});
  EXPECT_THAT(found, ElementsAre("gradient,rise"));
}

TEST(Zsh, ReadsItsScriptAndKnowsEveryCommand) {
  const std::string script = lapidary("completion zsh").out;
  EXPECT_TRUE(script.starts_with("#compdef lapidary-cli\n"));
  for (const std::string& command : test::commandNames()) EXPECT_THAT(script, HasSubstr("'" + command + ":"));
  if (!has("zsh")) GTEST_SKIP() << "skipped: no zsh to run the script with";
  const Folder folder;
  std::ofstream(folder / "_lapidary-cli") << script;
  EXPECT_EQ(std::system(("zsh -f -n " + (folder / "_lapidary-cli")).c_str()), 0);
  EXPECT_EQ(std::system(("zsh -f -c 'autoload -Uz compinit && compinit -D && source " +
                         (folder / "_lapidary-cli") + " && [[ ${_comps[lapidary-cli]} == _lapidary-cli ]]'")
                            .c_str()),
            0);
}

TEST(Completion, NamesTheShellsThatItKnows) {
  const test::Finished found = lapidary("completion fish");
  EXPECT_EQ(found.status, 2);
  EXPECT_THAT(found.err, HasSubstr("bash"));
  EXPECT_EQ(lapidary("completion").status, 2);
}

}  // namespace
}  // namespace lapidary
