// SPDX-License-Identifier: GPL-3.0-or-later
// The words by which people call what a column or an array holds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lapidary::core {

/// ASCII letters alone.
std::string lowerCase(std::string_view text);

/// Of a column of names of files: the lower the rank, the surer. "File_Name" and "file name" are "filename".
std::optional<std::size_t> fileWordRank(std::string_view word);
/// Of labels, likewise.
std::optional<std::size_t> labelWordRank(std::string_view word);
/// Of an array of samples, likewise.
std::optional<std::size_t> samplesWordRank(std::string_view word);

inline bool isFileWord(std::string_view word) { return fileWordRank(word).has_value(); }
inline bool isLabelWord(std::string_view word) { return labelWordRank(word).has_value(); }
inline bool isSamplesWord(std::string_view word) { return samplesWordRank(word).has_value(); }
/// Of a column that says to which part of the data a row belongs.
bool isPartColumnWord(std::string_view word);

}  // namespace lapidary::core
