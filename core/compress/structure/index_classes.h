// SPDX-License-Identifier: GPL-3.0-or-later
// The indices of axes that belong together: classes that are joined, never parted (union-find).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lapidary::core {

/// One position of one axis of one value.
using AxisIndex = std::uint32_t;

/// Positions of a class stay or go together. A pinned class has to stay; the first reason given is kept.
class IndexClasses {
 public:
  /// `count` new positions, each a class of its own.
  std::vector<AxisIndex> make(std::size_t count);

  void join(AxisIndex a, AxisIndex b);
  void pin(AxisIndex index, const std::string& reason);
  /// The class is one of attention heads: whole blocks of columns between two transposes.
  void markHead(AxisIndex index) { m_flags[find(index)].head = true; }

  /// The position that stands for the whole class.
  AxisIndex find(AxisIndex index) const;
  std::size_t size() const { return m_parent.size(); }
  bool isHead(AxisIndex index) const { return m_flags[find(index)].head; }
  bool pinned(AxisIndex index) const { return m_flags[find(index)].reason >= 0; }
  /// Why the class has to stay; empty where it may go.
  const std::string& reason(AxisIndex index) const;

 private:
  struct Flags {
    std::int32_t reason = -1;  ///< in m_reasons
    bool head = false;
  };

  std::vector<AxisIndex> m_parent;
  std::vector<Flags> m_flags;  ///< those of a class stand at its representative
  std::vector<std::string> m_reasons;
};

}  // namespace lapidary::core
