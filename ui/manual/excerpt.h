// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a section that show why it was found.
#pragma once

#include <vector>

#include "ui/manual/manual_search.h"

namespace lapidary::ui {

/// Fills excerpt and marks: the stretch of `text` that has the most of the terms, from a word to a word.
void putExcerpt(ManualHit& hit, const QString& text, const FoldedText& folded,
                const std::vector<SearchTerm>& terms);

}  // namespace lapidary::ui
