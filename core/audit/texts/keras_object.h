// SPDX-License-Identifier: GPL-3.0-or-later
// One object of a Keras configuration: loading it imports the module that it names and calls what it finds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lapidary::core {

/// The texts that an object gives; empty: it does not give that key as text.
struct KerasObject {
  std::string className, module, registeredName;
  std::string function;    ///< of a layer that wraps an operator of TensorFlow
  std::string vocabulary;  ///< of a text layer: a path, where it is text
  bool isWhole = false;    ///< has what objects of Keras have: others give a class and a module, too
};

struct KerasFault {
  std::string_view rule;
  std::string what;
};

std::optional<KerasFault> kerasFault(const KerasObject& object);

}  // namespace lapidary::core
