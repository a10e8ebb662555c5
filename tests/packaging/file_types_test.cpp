// SPDX-License-Identifier: GPL-3.0-or-later
// Desktops are told of every file that the window opens.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "core/io/common/format.h"
#include "tests/packaging/text_files.h"

namespace lapidary::test {
namespace {

using testing::ContainerEq;
using testing::Contains;

std::set<std::string> asSet(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

std::set<std::string> definedTypes() {
  return asSet(allOf(textOf("packaging/mime/lapidary.xml"), R"#(<mime-type type="([^"]*)")#"));
}

TEST(FileTypes, DesktopEntryOpensEachThatIsDefined) {
  const auto line =
      allOf(textOf("packaging/desktop/org.lapidary.lapidary.desktop"), R"((?:^|\n)MimeType=([^\n]*))");
  ASSERT_EQ(line.size(), 1U);
  EXPECT_THAT(asSet(allOf(line.front(), "([^;]+)")), ContainerEq(definedTypes()));
}

TEST(FileTypes, MetainfoNamesEachThatIsDefined) {
  const std::string metainfo = textOf("packaging/metainfo/org.lapidary.lapidary.metainfo.xml");
  EXPECT_THAT(asSet(allOf(metainfo, "<mediatype>([^<]*)</mediatype>")), ContainerEq(definedTypes()));
}

TEST(FileTypes, EveryEndingThatOpensHasOne) {
  const auto patterns = allOf(textOf("packaging/mime/lapidary.xml"), R"#(<glob pattern="\*([^"]*)")#");
  EXPECT_THAT(patterns, Contains(".lapidary-session"));
  for (const core::Format& format : core::modelFormats())
    for (const std::string_view ending : format.extensions)
      EXPECT_EQ(std::ranges::find(patterns, ending) != patterns.end(),
                std::ranges::find(format.shared, ending) == format.shared.end())
          << format.name << " files may end in " << ending;
}

}  // namespace
}  // namespace lapidary::test
