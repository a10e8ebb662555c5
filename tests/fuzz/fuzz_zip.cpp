// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives: the directory, and every member.
#include "core/files/archive.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] {
    const core::ArchiveReader reader(fuzz::bytesOf(data, size));
    for (const core::ArchiveMember& member : reader.members())
      fuzz::attempt([&] { reader.read(member.name, fuzz::largestArray); });
  });
  return 0;
}
