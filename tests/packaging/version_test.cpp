// SPDX-License-Identifier: GPL-3.0-or-later
// The version stands in CMakeLists.txt; what people read of releases keeps up with it.
#include <gmock/gmock.h>

#include "tests/packaging/text_files.h"

namespace lapidary::test {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::Not;

const std::string metainfo = "packaging/metainfo/org.lapidary.lapidary.metainfo.xml";
const std::string changelog = "packaging/debian/changelog";

std::vector<std::string> changelogVersions() {
  return allOf(textOf(changelog), R"((?:^|\n)lapidary \(([^)]*)\))");
}

/// "2026-11-30" of "Mon, 30 Nov 2026".
std::string asInMetainfo(const std::string& date) {
  const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::smatch part;
  if (!std::regex_search(date, part, std::regex(R"((\d\d) (\w\w\w) (\d\d\d\d))"))) return date;
  const std::size_t month = months.find(part.str(2)) / 3 + 1;
  return part.str(3) + (month < 10 ? "-0" : "-") + std::to_string(month) + "-" + part.str(1);
}

TEST(Version, NewestReleaseIsTheOneThatIsBuilt) {
  ASSERT_THAT(changelogVersions(), Not(IsEmpty())) << changelog;
  EXPECT_EQ(changelogVersions().front(), LAPIDARY_VERSION) << "write an entry on top of " << changelog;
}

TEST(Version, MetainfoAndChangelogTellTheSameReleases) {
  EXPECT_THAT(allOf(textOf(metainfo), R"#(<release version="([^"]*)")#"),
              ElementsAreArray(changelogVersions()));
  std::vector<std::string> dates;
  for (const auto& date : allOf(textOf(changelog), R"(\n -- .*>  (.*) \d\d:\d\d:\d\d)"))
    dates.push_back(asInMetainfo(date));
  EXPECT_THAT(allOf(textOf(metainfo), R"#(<release [^>]*date="([^"]*)")#"), ElementsAreArray(dates));
}

TEST(Version, NoSourceSpellsIt) {
  const std::string spelled = std::string("\"") + LAPIDARY_VERSION + "\"";
  for (const std::string folder : {"app", "core", "ui"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(LAPIDARY_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
      const std::string file = std::filesystem::relative(entry.path(), LAPIDARY_SOURCE_DIR).string();
      EXPECT_EQ(textOf(file).find(spelled), std::string::npos) << file << ": say LAPIDARY_VERSION";
    }
}

}  // namespace
}  // namespace lapidary::test
