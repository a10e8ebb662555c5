// SPDX-License-Identifier: GPL-3.0-or-later
// What is written about the command line names everything that the command line has, and nothing else.
#include "tests/app/reference.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace lapidary {
namespace {

using test::commandNames;
using test::contentOf;
using test::optionsOf;

const std::string root = std::string(LAPIDARY_SOURCE_DIR) + "/";

/// A heading as links name it: "Options of a cut" -> "options-of-a-cut".
std::string anchorOf(const std::string& heading) {
  std::string anchor;
  for (const char c : heading)
    if (c == ' ')
      anchor += '-';
    else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-')
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return anchor;
}

/// The text below each heading of the second level, by its anchor.
std::map<std::string, std::string> sectionsOf(const std::string& page) {
  std::map<std::string, std::string> sections;
  static const std::regex heading(R"(\n## ([^\n]+)\n)");
  for (auto it = std::sregex_iterator(page.begin(), page.end(), heading); it != std::sregex_iterator();
       ++it) {
    const auto start = static_cast<std::size_t>(it->position() + it->length());
    sections[anchorOf((*it)[1])] = page.substr(start, page.find("\n## ", start) - start);
  }
  return sections;
}

/// The options that a text's table rows describe: "| `-o`, `--output FILE` | ...".
std::set<std::string> describedIn(const std::string& text) {
  std::set<std::string> names;
  static const std::regex row(R"(\n\| (`-[^|]*)\|)"), name(R"(`(--?[A-Za-z][a-z-]*))");
  const std::string all = "\n" + text;
  for (auto it = std::sregex_iterator(all.begin(), all.end(), row); it != std::sregex_iterator(); ++it) {
    const std::string cell = (*it)[1];
    for (auto at = std::sregex_iterator(cell.begin(), cell.end(), name); at != std::sregex_iterator(); ++at)
      names.insert((*at)[1]);
  }
  return names;
}

class Reference : public testing::Test {
 protected:
  const std::string page = contentOf(root + "app/cli/README.md");
  const std::map<std::string, std::string> sections = sectionsOf(page);

  /// With the sections of common options that the command's own refers to.
  std::set<std::string> described(const std::string& command) const {
    const std::string& own = sections.at(command);
    std::set<std::string> names = describedIn(own);
    static const std::regex link(R"(\(#([a-z-]+)\))");
    for (auto it = std::sregex_iterator(own.begin(), own.end(), link); it != std::sregex_iterator(); ++it) {
      if (!std::string((*it)[1]).ends_with("options")) continue;
      EXPECT_TRUE(sections.contains((*it)[1])) << command << " refers to " << (*it)[1];
      names.merge(describedIn(sections.at((*it)[1])));
    }
    return names;
  }
};

TEST_F(Reference, DescribesEveryCommandAndItsOptionsAndNoOthers) {
  const std::vector<std::string> commands = commandNames();
  ASSERT_GE(commands.size(), 20u);
  for (const std::string& command : commands) {
    ASSERT_TRUE(sections.contains(command)) << "no section ## " << command;
    std::set<std::string> options = optionsOf(command);
    EXPECT_TRUE(options.contains("--help")) << command;
    EXPECT_EQ(described(command), options) << command;
  }
}

TEST_F(Reference, LinksTheSchemaOfEveryCommandWithJson) {
  for (const std::string& command : commandNames()) {
    const std::string link = "(schemas/" + command + ".schema.json)";
    EXPECT_EQ(sections.at(command).find(link) != std::string::npos, optionsOf(command).contains("--json"))
        << command;
  }
}

TEST_F(Reference, LinksNothingThatIsNotThere) {
  static const std::regex link(R"(\]\(([^)#]+)(?:#[a-z-]+)?\))");
  std::size_t links = 0;
  for (auto it = std::sregex_iterator(page.begin(), page.end(), link); it != std::sregex_iterator();
       ++it, ++links)
    EXPECT_TRUE(std::filesystem::exists(root + "app/cli/" + std::string((*it)[1]))) << (*it)[1];
  EXPECT_GT(links, 19u);
}

TEST_F(Reference, NamesEveryExitStatus) {
  for (const char* status : {"| 0 |", "| 2 |", "| 3 |", "| 4 |", "| 5 |", "| 6 |", "| 7 |"})
    EXPECT_NE(sections.at("exit-statuses").find(status), std::string::npos) << status;
}

/// roff writes a dash that is none of typography as \-.
std::string plain(std::string roff) {
  for (std::size_t at = 0; (at = roff.find("\\-", at)) != std::string::npos;) roff.erase(at, 1);
  return roff;
}

TEST(ManualPages, NameEveryCommandAndOption) {
  const std::string page = plain(contentOf(root + "packaging/man/lapidary-cli.1"));
  for (const std::string& command : commandNames()) {
    const std::size_t at = page.find("\n.SS " + command + "\n");
    ASSERT_NE(at, std::string::npos) << command;
    const std::string section = page.substr(at, page.find("\n.S", at + 5) - at);
    for (const std::string& option : optionsOf(command))
      EXPECT_TRUE(std::regex_search(section, std::regex(option + "[^a-z-]"))) << command << " " << option;
  }
  for (const std::string option : {"--help", "--version"}) EXPECT_NE(page.find(option), std::string::npos);
}

TEST(ManualPages, OfTheCommandLineIsWhatItsScriptMakes) {
  if (std::system("command -v python3 >/dev/null 2>&1") != 0) GTEST_SKIP() << "skipped: no python3";
  const std::string command = "python3 " + root + "packaging/man/make_page.py " + LAPIDARY_CLI +
                              " | diff - " + root + "packaging/man/lapidary-cli.1";
  EXPECT_EQ(std::system(command.c_str()), 0) << "packaging/man/make_page.py PROGRAM makes the page anew";
}

TEST(ManualPages, NameEveryOptionOfTheWindow) {
  const std::string page = plain(contentOf(root + "packaging/man/lapidary.1"));
  const test::Folder folder;
  const std::string command =
      "QT_QPA_PLATFORM=offscreen " + std::string(LAPIDARY_WINDOW) + " --help >" + (folder / "out");
  ASSERT_EQ(std::system(command.c_str()), 0);
  static const std::regex line(R"(\n  (?:-[a-z], )?(--[a-z-]+))");
  const std::string help = contentOf(folder / "out");
  std::size_t options = 0;
  for (auto it = std::sregex_iterator(help.begin(), help.end(), line); it != std::sregex_iterator();
       ++it, ++options)
    EXPECT_NE(page.find((*it)[1]), std::string::npos) << (*it)[1];
  EXPECT_GE(options, 6u) << help;
}

TEST(Version, SaysVersionCommitAndLibraries) {
  const test::Folder folder;
  const std::string window =
      "QT_QPA_PLATFORM=offscreen " + std::string(LAPIDARY_WINDOW) + " --version >" + (folder / "out");
  ASSERT_EQ(std::system(window.c_str()), 0);
  for (const auto& [program, says] : {std::pair{std::string("lapidary-cli"), test::lapidary("--version").out},
                                      std::pair{std::string("lapidary"), contentOf(folder / "out")}}) {
    EXPECT_TRUE(says.starts_with(program + " " LAPIDARY_VERSION "\ncommit ")) << says;
    EXPECT_TRUE(std::regex_search(says, std::regex("\ncommit ([0-9a-f]{7,40}|unknown)\n"))) << says;
    for (const char* library :
         {"Qt", "oneDNN", "ONNX", "protobuf", "zstd", "OpenSSL", "libsndfile", "libsoxr", "zlib", "QuaZip",
          "libpng", "Eigen", "nlohmann-json", "bzip2", "liblzma", "LZ4", "libyaml"})
      EXPECT_TRUE(std::regex_search(says, std::regex("\n" + std::string(library) + " [0-9]+\\.[0-9.]+\n")))
          << library << says;
  }
  EXPECT_NE(test::lapidary("--version").out.find("\nCLI11 "), std::string::npos);
}

TEST(WindowOptions, AWordThatIsNoChoiceIsRefusedWithTheChoices) {
  const test::Folder folder;
  for (const auto& [option, choices] : {std::pair{std::string("theme"), "dark, light, system"},
                                        std::pair{std::string("lang"), "en, zh_CN"}}) {
    const std::string command = "QT_QPA_PLATFORM=offscreen timeout 60 " + std::string(LAPIDARY_WINDOW) +
                                " --" + option + " pink 2>" + (folder / "err");
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
    EXPECT_NE(contentOf(folder / "err").find("--" + option + " is one of " + choices), std::string::npos)
        << contentOf(folder / "err");
  }
}

}  // namespace
}  // namespace lapidary
