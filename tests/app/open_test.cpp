// SPDX-License-Identifier: GPL-3.0-or-later
// The command line tells what opening a file gives, as core/session/open.h has it.
#include "core/session/open.h"

#include <gmock/gmock.h>

#include "command.h"
#include "core/io/common/format.h"

namespace lapidary {
namespace {

using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;

std::size_t warningsIn(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find("warning: ", at)) != std::string::npos; ++at) ++count;
  return count;
}

core::Opened opened(const std::string& path) {
  core::OpenRequest request;
  request.model = core::AtPath{path};
  return core::open(request);
}

TEST(Open, TheCommandLineTellsTheWarningsOfWhatItOpens) {
  const Folder folder;
  const std::string weights = folder / "w.safetensors";
  core::writeModel(core::readModel(lenet), weights);
  for (const std::string& model : {lenet, weights}) {
    const Finished sizes = lapidary("sizes " + model);
    ASSERT_EQ(sizes.status, 0) << sizes.err;
    EXPECT_EQ(warningsIn(sizes.err), opened(model).warnings.size()) << sizes.err;
  }
  EXPECT_THAT(lapidary("sizes " + weights).err, HasSubstr("weights without a graph"));
}

TEST(Open, WarningsComeBeforeDataAreRefused) {
  const Folder folder;
  const std::string weights = folder / "w.safetensors";
  core::writeModel(core::readModel(lenet), weights);
  const Finished refused = lapidary("evaluate " + weights + " --data " + (folder / "none.npz"));
  EXPECT_EQ(refused.status, 3);
  EXPECT_LT(refused.err.find("weights without a graph"), refused.err.find("there is no such file or folder"));
}

TEST(Open, HelpNamesEveryEndingThatOpens) {
  const std::string help = lapidary("evaluate --help").out;
  for (const std::string_view ending : core::modelEndings())
    EXPECT_THAT(help, HasSubstr(std::string(ending)));
}

}  // namespace
}  // namespace lapidary
