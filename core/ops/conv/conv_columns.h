// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that lay blocks of an image out in columns, or back.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

std::vector<Activation> columnsToImageForward(const OpCall& call);  // conv_columns.cpp: Col2Im
std::vector<Activation> deformConvForward(const OpCall& call);      // conv_deform.cpp

}  // namespace lapidary::core
