// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of a .lapidary file: the first line is the description, then its bytes.
#include "core/io/lapidary/lapidary_block.h"
#include "tests/fuzz/fuzz.h"

using namespace lapidary;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > fuzz::largestInput) return 0;
  const std::string_view input = fuzz::textOf(data, size);
  const std::size_t line = input.find(10), at = line == std::string_view::npos ? size : line + 1;
  const core::Bytes bytes = fuzz::bytesOf(data + at, size - at);
  for (const unsigned bits : {4u, 8u, 16u, 32u, 64u})
    fuzz::attempt([&] {
      std::span<const std::byte> rest = bytes.view;
      core::unpackBlock(std::string(input.substr(0, line)), bits, 48, core::SymbolLayout::of({4, 3, 2, 2}),
                        rest, {});
    });
  return 0;
}
