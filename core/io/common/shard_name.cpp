// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/shard_name.h"

#include <charconv>
#include <filesystem>
#include <string_view>

namespace lapidary::core {
namespace {

/// Takes a number of at least two digits off the end of the text.
std::optional<int> takeNumber(std::string_view& text) {
  const std::size_t last = text.find_last_not_of("0123456789");
  const std::string_view digits = text.substr(last == std::string_view::npos ? 0 : last + 1);
  int value = 0;
  if (digits.size() < 2 ||
      std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{})
    return std::nullopt;
  text.remove_suffix(digits.size());
  return value;
}

}  // namespace

std::optional<ShardName> shardNameOf(const std::string& path) {
  const std::filesystem::path file = std::filesystem::path(path).filename();
  const std::string stem = file.stem().string();
  std::string_view rest = stem;
  const auto total = takeNumber(rest);
  constexpr std::string_view of = "-of-";
  if (!total || *total < 2 || !rest.ends_with(of)) return std::nullopt;
  rest.remove_suffix(of.size());
  const auto number = takeNumber(rest);
  if (!number || rest.empty() || (rest.back() != '-' && rest.back() != '_' && rest.back() != '.'))
    return std::nullopt;
  rest.remove_suffix(1);
  return ShardName{*number, *total, std::string(rest) + file.extension().string() + ".index.json"};
}

}  // namespace lapidary::core
