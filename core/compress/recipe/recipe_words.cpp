// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/recipe/recipe_words.h"

namespace lapidary::core {
namespace {

template <class Table>
std::optional<typename Table::value_type::first_type> valueOf(const Table& table, std::string_view text) {
  for (const auto& [value, known] : table)
    if (known == text) return value;
  return std::nullopt;
}

template <class Table, class E>
std::string_view wordOf(const Table& table, E value) {
  for (const auto& [entry, word] : table)
    if (entry == value) return word;
  return "none";
}

}  // namespace

std::string_view name(Scheme scheme) { return wordOf(schemeWords, scheme); }
std::string_view name(PruneMode mode) { return wordOf(pruneModeWords, mode); }
std::string_view name(Criterion criterion) { return wordOf(criterionWords, criterion); }
std::string_view name(Granularity granularity) { return wordOf(granularityWords, granularity); }
std::string_view name(RangeMethod method) { return wordOf(rangeMethodWords, method); }
std::string_view name(Rounding rounding) { return wordOf(roundingWords, rounding); }
std::string_view name(ActivationMode mode) { return wordOf(activationModeWords, mode); }
std::string_view name(LowRankMode mode) { return wordOf(lowRankModeWords, mode); }

std::optional<Scheme> schemeNamed(std::string_view text) { return valueOf(schemeWords, text); }
std::optional<PruneMode> pruneModeNamed(std::string_view text) { return valueOf(pruneModeWords, text); }
std::optional<Criterion> criterionNamed(std::string_view text) { return valueOf(criterionWords, text); }
std::optional<Granularity> granularityNamed(std::string_view text) { return valueOf(granularityWords, text); }
std::optional<RangeMethod> rangeMethodNamed(std::string_view text) { return valueOf(rangeMethodWords, text); }
std::optional<Rounding> roundingNamed(std::string_view text) { return valueOf(roundingWords, text); }
std::optional<ActivationMode> activationModeNamed(std::string_view text) {
  return valueOf(activationModeWords, text);
}

}  // namespace lapidary::core
