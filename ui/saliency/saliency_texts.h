// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the window on every method of explaining.
#pragma once

#include "core/explain/judge/faithfulness.h"
#include "core/explain/saliency_methods.h"
#include "ui/widgets/method_picker.h"

namespace lapidary::ui {

/// Name, formula and paper.
MethodText textOf(core::SaliencyMethod method);
/// The unit of the numbers of a map.
QString unitOf(core::SaliencyMethod method);
QString titleOf(core::SaliencyFamily family);
/// Why a model without this is not explained by methods that need it.
QString lackOf(core::SaliencyNeed need);

/// One line: which checks the method fails on this model.
QString verdictOf(const core::Faithfulness& found);
/// The figures behind it, for a tooltip.
QString figuresOf(const core::Faithfulness& found);

}  // namespace lapidary::ui
