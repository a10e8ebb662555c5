// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the bits of weights are spread as training leaves them.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"

namespace lapidary::core {
namespace {

constexpr std::size_t window = 4096, oddRun = 64;

using Words = std::span<const std::uint32_t>;

/// The probability of a chi-square at least this large, by Wilson and Hilferty's cube root (1931).
double upperTail(double chiSquare, double degrees) {
  const double spread = 2 / (9 * degrees);
  const double z = (std::cbrt(chiSquare / degrees) - (1 - spread)) / std::sqrt(spread);
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

double unevenness(Words words, unsigned shift) {
  std::array<double, 256> counts{};
  for (const std::uint32_t word : words) counts[word >> shift & 0xFF] += 1;
  const double expected = static_cast<double>(words.size()) / 256;
  double sum = 0;
  for (const double count : counts) sum += (count - expected) * (count - expected) / expected;
  return upperTail(sum, 255);
}

/// Each value once: zeros and channels that repeat another say nothing of how bits are spread.
std::vector<std::uint32_t> distinctOf(Words words) {
  std::vector<std::uint32_t> values(words.begin(), words.end());
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
  return values;
}

/// Weights that differ from each other in their low bits: not those of a grid, of 16-bit floats, or pruned.
bool differInAllBits(Words words, Words values) {
  const auto coarse = static_cast<std::size_t>(
      std::ranges::count_if(words, [](std::uint32_t word) { return (word & 0xFF) == 0; }));
  return 50 * values.size() >= 49 * words.size() && 20 * coarse < words.size();
}

/// Whether the lowest exponent bit and the two highest of the mantissa are a coin's: neighbouring exponents
/// as frequent as each other. Of trained weights they never are: their density falls from one binade to the
/// next.
bool highBitsAreRandom(Words words) {
  std::array<double, 256> exponents{};
  std::array<double, 4> tops{};
  for (const std::uint32_t word : words) {
    exponents[word >> 23 & 0xFF] += 1;
    tops[word >> 21 & 3] += 1;
  }
  double sum = 0, pairs = 0;
  for (std::size_t e = 0; e < 256; e += 2) {
    const double a = exponents[e], b = exponents[e + 1];
    if (a + b < 16) continue;
    sum += (a - b) * (a - b) / (a + b);
    pairs += 1;
  }
  const double expected = static_cast<double>(words.size()) / 4;
  double topSum = 0;
  for (const double count : tops) topSum += (count - expected) * (count - expected) / expected;
  return pairs >= 2 && upperTail(sum, pairs) > 1e-3 && upperTail(topSum, 3) > 1e-3;
}

/// The longest stretch of weights with low bits, in a tensor most of whose weights have none.
struct OddRun {
  std::size_t first = 0, length = 0;
};
OddRun oddRunOf(Words words) {
  std::size_t without = 0, zeros = 0;
  for (const std::uint32_t word : words) {
    zeros += (word & 0x7FFFFFFF) == 0;
    without += (word & 0xFF) == 0 && (word & 0x7FFFFFFF) != 0;
  }
  OddRun longest, current;
  if (2 * without < words.size() - zeros || without < oddRun) return {};
  std::size_t misses = 0;  // a byte of what hides is zero now and then
  for (std::size_t i = 0; i < words.size(); ++i) {
    misses = (words[i] & 0xFF) == 0 ? misses + 1 : 0;
    if (misses >= 3)
      current = {i + 1, 0};
    else
      ++current.length;
    if (current.length > longest.length) longest = current;
  }
  return longest.length >= oddRun ? longest : OddRun{};
}

std::string windowsText(std::size_t count, std::size_t all, const char* what) {
  return std::to_string(count) + " of " + std::to_string(all) + " stretches of weights: " + what;
}

}  // namespace

void findUnevenBits(const AuditedTensor& tensor, std::vector<Finding>& findings) {
  if (tensor.tensor.dtype() != DType::Float32) return;
  const auto values = tensor.tensor.as<float>();
  const Words words(reinterpret_cast<const std::uint32_t*>(values.data()), values.size());
  std::size_t uneven = 0, random = 0, windows = 0;
  for (std::size_t from = 0; from + window <= words.size(); from += window) {
    const Words part = words.subspan(from, window);
    ++windows;
    const std::vector<std::uint32_t> once = distinctOf(part);
    if (!differInAllBits(part, once)) continue;
    uneven += std::min(unevenness(once, 2), unevenness(once, 8)) < 1e-9;
    random += highBitsAreRandom(part);
  }
  const std::string place = "weight '" + tensor.name + "'";
  if (uneven > 0)
    findings.push_back(findingOf("weight-uneven-bits", place,
                                 windowsText(uneven, windows, "bits 2 to 15 are not spread evenly")));
  if (random > 0)
    findings.push_back(
        findingOf("weight-random-bits", place,
                  windowsText(random, windows, "even the highest bits of the mantissa are a coin's")));
  if (const OddRun run = oddRunOf(words); run.length > 0)
    findings.push_back(findingOf("weight-random-bits", place + ", element " + std::to_string(run.first),
                                 std::to_string(run.length) +
                                     " weights in a row have low bits, where most others "
                                     "of the tensor end in zeros"));
}

}  // namespace lapidary::core
