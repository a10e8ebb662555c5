// SPDX-License-Identifier: GPL-3.0-or-later
// The names of functions and classes that a configuration may hand to whoever calls what it names: those
// known to run or load code, and all others. A configuration is read by programs that build models from it,
// so that most names are the maker's own; an allow-list as for pickles would name them all.
#pragma once

#include <string_view>

namespace lapidary::core {

/// Whether "os.system", "os:system" or "torch.nn.modules.module.os.system" runs or loads code, opens a
/// connection or deletes files. Names that build models do not.
bool runsCode(std::string_view dottedName);

/// Whether it is one of the functions that are named in attacks, whatever key it stands under: "os.system".
bool isKnownGadget(std::string_view dottedName);

/// Whether "package" is one that builds models and whose classes do no harm: torch.nn, transformers, nemo.
bool buildsModels(std::string_view dottedName);

}  // namespace lapidary::core
