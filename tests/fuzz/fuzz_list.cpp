// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of files and labels. None of the files is there but the table itself, which is no picture.
#include "core/data/file_list.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  const std::string path = fuzz::fileOf(fuzz::textOf(data, size));
  fuzz::attempt([&] { core::readFileList(path, std::nullopt); });
  fuzz::attempt([&] { core::readFileList(path, core::DataPart::Test); });
  return 0;
}
