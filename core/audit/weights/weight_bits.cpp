// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the bits of weights are spread as training leaves them.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <unordered_set>
#include <vector>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"

namespace lapidary::core {
namespace {

constexpr std::size_t window = 4096, oddRun = 64, fewestSpread = 256;

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

/// One of each that begin with the same bits: zeros, channels that repeat another, and crowds of nearly equal
/// weights say nothing of how the bits below are spread.
std::vector<std::uint32_t> oneOfEach(Words words, unsigned shift) {
  std::unordered_set<std::uint32_t> beginnings;
  std::vector<std::uint32_t> values;
  for (const std::uint32_t word : words)
    if (beginnings.insert(word >> shift).second) values.push_back(word);
  return values;
}

/// Weights that differ from each other in their low bits: not those of a grid, of 16-bit floats, or pruned.
bool differInAllBits(Words words, Words values) {
  const auto coarse = static_cast<std::size_t>(
      std::ranges::count_if(words, [](std::uint32_t word) { return (word & 0xFF) == 0; }));
  // The product of a float of 16 bits and a code of 8 has the lowest five bits free.
  const auto product = static_cast<std::size_t>(
      std::ranges::count_if(words, [](std::uint32_t word) { return (word & 0x0F) == 0; }));
  return 50 * values.size() >= 49 * words.size() && 20 * coarse < words.size() && 2 * product < words.size();
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

/// Whether every value is a whole number of steps, at most `most`, give or take what float32 rounds off.
bool areSteps(std::span<const float> values, double step, double rounding, double most) {
  return step > 0 && std::ranges::all_of(values, [&](float value) {
           const double steps = std::abs(static_cast<double>(value)) / step;
           return steps <= most && std::abs(steps - std::nearbyint(steps)) * step <= rounding;
         });
}

/// Values of codes of at most 8 bits, times a scale and perhaps plus an offset, as dequantized weights are.
/// Bits that were put into them afterwards lie beside the steps.
bool lieOnGrid(std::span<const float> values) {
  constexpr int codes = 128;
  constexpr double mostSteps = 255, unit = 1.0 / (1 << 22);  // four times what float32 rounds off
  const auto [low, high] = std::ranges::minmax(values);
  const double largest = std::max(std::abs(static_cast<double>(low)), std::abs(static_cast<double>(high)));
  if (!std::isfinite(largest)) return false;
  double smallest = largest;
  for (const float value : values)
    if (value != 0) smallest = std::min(smallest, std::abs(static_cast<double>(value)));
  if (largest == 0) return true;
  for (int code = 1; code <= codes; ++code)
    if (areSteps(values, smallest / code, largest * unit, mostSteps)) return true;
  std::vector<float> above;
  for (const float value : values) above.push_back(value - low);
  const double range = static_cast<double>(high) - static_cast<double>(low);
  for (double steps = 1; steps <= mostSteps; ++steps)
    if (areSteps(above, range / steps, largest * unit, mostSteps)) return true;
  return range == 0;
}

/// Tells of each weight whether it and its neighbours lie on one grid: blocks of quantization begin at
/// multiples of this.
class Grids {
 public:
  explicit Grids(Words words)
      : m_values(reinterpret_cast<const float*>(words.data()), words.size()),
        m_known((words.size() + block - 1) / block, Unknown) {}

  bool holds(std::size_t weight) {
    char& known = m_known[weight / block];
    if (known == Unknown) {
      const std::size_t from = weight / block * block;
      known = lieOnGrid(m_values.subspan(from, std::min(block, m_values.size() - from))) ? Yes : No;
    }
    return known == Yes;
  }

  /// Whether most of the blocks from here on do.
  bool holdMost(std::size_t from, std::size_t count) {
    std::size_t held = 0;
    for (std::size_t i = 0; i < count; i += block) held += holds(from + i);
    return 2 * held * block >= count;
  }

 private:
  static constexpr std::size_t block = 16;
  enum : char { Unknown, Yes, No };
  std::span<const float> m_values;
  std::vector<char> m_known;
};

/// The median of what the lowest bits of weights that are not zero are worth, as powers of two.
int finestPower(Words words) {
  std::array<std::size_t, 512> counts{};
  std::size_t all = 0;
  for (const std::uint32_t word : words) {
    if ((word & 0x7FFFFFFF) == 0) continue;
    const unsigned exponent = std::max(1u, word >> 23 & 0xFF);
    ++counts[exponent + static_cast<unsigned>(std::countr_zero((word & 0x7FFFFF) | 0x800000))];
    ++all;
  }
  std::size_t below = 0, power = 0;
  while (power + 1 < counts.size() && 2 * (below += counts[power]) < all) ++power;
  return static_cast<int>(power);
}

/// Whether the weights of a stretch are only larger than the others: numbers with a fixed point end in more
/// zeros the smaller they are.
bool hasFixedPoint(Words words, std::size_t first, std::size_t length) {
  constexpr int apart = 2;
  std::vector<std::uint32_t> others(words.begin(), words.end());
  const auto from = others.begin() + static_cast<std::ptrdiff_t>(first);
  others.erase(from, from + static_cast<std::ptrdiff_t>(length));
  return std::abs(finestPower(words.subspan(first, length)) - finestPower(others)) <= apart;
}

/// The longest stretch of weights with low bits, in a tensor most of whose weights have none. Where codes of
/// few bits make the low bits, there is none.
struct OddRun {
  std::size_t first = 0, length = 0;
};
OddRun oddRunOf(Words words, Grids& grids) {
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
    if (misses >= 3 || (misses == 0 && grids.holds(i)))
      current = {i + 1, 0};
    else
      ++current.length;
    if (current.length > longest.length) longest = current;
  }
  if (longest.length < oddRun || hasFixedPoint(words, longest.first, longest.length)) return {};
  return longest;
}

std::string windowsText(std::size_t count, std::size_t all, const char* what) {
  return std::to_string(count) + " of " + std::to_string(all) + " stretches of weights: " + what;
}

}  // namespace

void findUnevenBits(const AuditedTensor& tensor, std::vector<Finding>& findings) {
  if (tensor.tensor.dtype() != DType::Float32) return;
  const auto values = tensor.tensor.as<float>();
  const Words words(reinterpret_cast<const std::uint32_t*>(values.data()), values.size());
  Grids grids(words);
  std::size_t uneven = 0, random = 0, windows = 0;
  for (std::size_t from = 0; from + window <= words.size(); from += window) {
    const Words part = words.subspan(from, window);
    ++windows;
    if (!differInAllBits(part, oneOfEach(part, 0)) || grids.holdMost(from, window)) continue;
    const std::vector<std::uint32_t> spread = oneOfEach(part, 16);
    uneven += spread.size() >= fewestSpread && std::min(unevenness(spread, 2), unevenness(spread, 8)) < 1e-9;
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
  if (const OddRun run = oddRunOf(words, grids); run.length > 0)
    findings.push_back(findingOf("weight-random-bits", place + ", element " + std::to_string(run.first),
                                 std::to_string(run.length) +
                                     " weights in a row have low bits, where most others "
                                     "of the tensor end in zeros"));
}

}  // namespace lapidary::core
