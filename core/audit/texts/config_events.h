// SPDX-License-Identifier: GPL-3.0-or-later
// JSON and YAML as what stands in them, one thing after another: no tree is built, so that a text of any size
// and depth takes no memory, and keys that stand twice are both seen.
#pragma once

#include <string_view>

#include "core/support/progress.h"

namespace lapidary::core {

class ConfigEvents {
 public:
  virtual ~ConfigEvents() = default;
  /// Tags are YAML's, resolved: "tag:yaml.org,2002:python/tuple"; empty: none is given.
  virtual void startMap(std::string_view tag) = 0;
  virtual void startList(std::string_view tag) = 0;
  virtual void end() = 0;
  /// A key, where a map waits for one, or a value.
  virtual void scalar(std::string_view text, std::string_view tag) = 0;
};

/// False where the text is no JSON; what stood before the fault has been told.
bool readJsonEvents(std::string_view text, ConfigEvents& events, const Progress& progress);

/// The same of YAML 1.1, by libyaml; names that stand for an earlier scalar give that scalar. False too, and
/// nothing is told, for what would take libyaml very long: 16 MiB, brackets 2,000 deep, 1,000 directives.
bool readYamlEvents(std::string_view text, ConfigEvents& events, const Progress& progress);

}  // namespace lapidary::core
