// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the cut panel on every method: its name, a line on what it is and when to take it, its paper.
#pragma once

#include "core/compress/recipe/recipe.h"
#include "ui/widgets/method_picker.h"

namespace lapidary::ui {

MethodText textOf(core::PruneMode mode);
MethodText textOf(core::Criterion criterion);
MethodText textOf(core::Scheme scheme);
MethodText textOf(core::RangeMethod method);
MethodText textOf(core::Rounding rounding);
MethodText textOf(core::LowRankMode mode);

}  // namespace lapidary::ui
