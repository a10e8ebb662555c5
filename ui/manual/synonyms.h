// SPDX-License-Identifier: GPL-3.0-or-later
// Words that people type for what the manual calls otherwise.
#pragma once

#include <vector>

#include "ui/manual/search_terms.h"

namespace lapidary::ui {

/// Other terms that mean what this one does; the term itself is not among them.
std::vector<SearchTerm> synonymsOf(const SearchTerm& term);

/// What was typed, with numbers of bits as the names of their types too: "4 bit" becomes "4 bit int4".
QString withTypeNames(const QString& typed);

}  // namespace lapidary::ui
