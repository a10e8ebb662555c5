// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of TensorFlow that reach beyond numbers. What runs a graph of it runs them, TFLite by way of its
// Flex delegate.
#pragma once

#include <string_view>

namespace lapidary::core {

/// Reads or writes files, or calls Python.
bool reachesOut(std::string_view op);
/// Of those: saves and restores variables, to and from where whoever runs the graph says.
bool savesVariables(std::string_view op);
/// Fills a table from a file that ships with the model.
bool readsTable(std::string_view op);

}  // namespace lapidary::core
