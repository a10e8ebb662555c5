// SPDX-License-Identifier: GPL-3.0-or-later
// The journal of a search; its subject is that of the corpus.
#include "core/search/search_journal.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  fuzz::attempt([&] { core::SearchJournal(fuzz::fileOf(fuzz::textOf(data, size)), "subject"); });
  fuzz::attempt([&] {
    const auto [recipe, measured] = core::fromLine(std::string(fuzz::textOf(data, size)));
    core::fromLine(core::toLine(recipe, measured));
  });
  return 0;
}
