// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lapidary::fuzz {
namespace {

/// Uniform distributions of the standard library differ between its makers.
std::size_t below(std::mt19937_64& random, std::size_t bound) { return bound == 0 ? 0 : random() % bound; }

void putNumber(std::string& text, std::size_t at, std::mt19937_64& random) {
  static constexpr std::array<std::uint64_t, 10> extremes{
      0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 63, ~0ULL};
  const std::uint64_t value = extremes[below(random, extremes.size())];
  const std::size_t width = std::size_t{1} << below(random, 4);
  for (std::size_t i = 0; i < width && at + i < text.size(); ++i)
    text[at + i] = static_cast<char>(value >> (8 * i) & 255);
}

void change(std::string& text, const std::string& other, std::mt19937_64& random) {
  if (text.empty()) text = other.substr(0, 1);
  const std::size_t at = below(random, text.size()),
                    length = 1 + below(random, std::min<std::size_t>(64, text.size()));
  switch (below(random, 7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
      return;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(below(random, 256));
      return;
    case 2:
      return putNumber(text, at, random);
    case 3:
      text.erase(at, length);
      return;
    case 4:
      text.insert(at, text.substr(below(random, text.size()), length));
      return;
    case 5:
      text.insert(at, other.substr(below(random, other.size()), length));
      return;
    default:
      text.resize(at);
      return;
  }
}

}  // namespace

std::string mutated(const std::vector<std::string>& corpus, std::size_t which, std::mt19937_64& random) {
  std::string text = corpus[which];
  for (std::size_t changes = 1 + below(random, 4); changes > 0; --changes)
    change(text, corpus[below(random, corpus.size())], random);
  return text;
}

}  // namespace lapidary::fuzz
