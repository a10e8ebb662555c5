// SPDX-License-Identifier: GPL-3.0-or-later
// The same mutations for the same seed on every machine: a short stand-in for a fuzzer.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace lapidary::fuzz {

/// One to four changes: bits, bytes, small and extreme numbers, pieces left out, repeated, or taken from
/// another input of the corpus.
std::string mutated(const std::vector<std::string>& corpus, std::size_t which, std::mt19937_64& random);

}  // namespace lapidary::fuzz
