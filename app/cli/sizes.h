// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of every form that a cut can be written in, as JSON and as a table.
#pragma once

#include "core/session/session.h"
#include "terminal/output.h"

namespace lapidary::cli {

Json sizesJson(const core::FormBytes& bytes);
/// One row a layer, then the rest and the whole file; and a warning where zeros save nothing in the file.
void printSizes(const core::Session& session, const core::Footprint& footprint, const core::FileSizes& sizes);

}  // namespace lapidary::cli
