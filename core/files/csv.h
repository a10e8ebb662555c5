// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values as RFC 4180 describes them: quoted fields may hold commas, quotes and line ends. In
// place of the comma a semicolon or a tab may stand, as programs for tables write them in many countries. By
// hand: libcsv does not tell on which line a field stands, and whoever mends a table wants to know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

struct CsvRow {
  std::size_t line = 0;  ///< of its first field, from 1
  std::vector<std::string> fields;
};

/// What the fields of a text are separated by: ',', ';' or a tab, whichever makes as many fields of all of
/// the first lines.
char csvSeparator(std::string_view text);

/// Lines without any content are left out, a byte order mark is skipped, and blanks around fields do not
/// count. Throws Error(InvalidInput) naming the line.
std::vector<CsvRow> parseCsv(std::string_view text);

}  // namespace lapidary::core
