// SPDX-License-Identifier: GPL-3.0-or-later
// Two sources as one: the samples of the first, then those of the second.
#pragma once

#include "core/data/dataset.h"

namespace lapidary::core {

/// Has no labels, whatever the two have. Throws Error(InvalidInput) where one holds pictures or sounds and
/// the other does not.
class JoinedSource : public DataSource {
 public:
  JoinedSource(std::shared_ptr<const DataSource> first, std::shared_ptr<const DataSource> second);

  std::size_t size() const override { return m_first->size() + m_second->size(); }
  bool labelled() const override { return false; }
  std::int64_t label(std::size_t) const override { return -1; }
  const std::vector<std::string>& classNames() const override { return m_first->classNames(); }
  std::string sampleName(std::size_t i) const override { return at(i).sampleName(indexOf(i)); }
  bool pictorial() const override { return m_first->pictorial(); }
  Picture picture(std::size_t i) const override { return at(i).picture(indexOf(i)); }
  bool audible() const override { return m_first->audible(); }
  Sound sound(std::size_t i) const override { return at(i).sound(indexOf(i)); }
  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t i) const override {
    return at(i).arrays(indexOf(i));
  }
  std::string kind() const override { return m_first->kind(); }
  std::string path() const override { return m_first->path(); }

 private:
  const DataSource& at(std::size_t i) const { return i < m_first->size() ? *m_first : *m_second; }
  std::size_t indexOf(std::size_t i) const { return i < m_first->size() ? i : i - m_first->size(); }

  std::shared_ptr<const DataSource> m_first, m_second;
};

}  // namespace lapidary::core
