// SPDX-License-Identifier: GPL-3.0-or-later
// A few samples of a source as a source of their own, with their pictures decoded once.
#pragma once

#include <mutex>

#include "core/data/dataset.h"

namespace lapidary::core {

/// Thread-safe. Decoded pictures are kept up to `budgetBytes`.
class SampleSubset : public DataSource {
 public:
  SampleSubset(std::shared_ptr<const DataSource> source, std::vector<std::size_t> samples,
               std::size_t budgetBytes);

  std::size_t size() const override { return m_samples.size(); }
  bool labelled() const override { return m_source->labelled(); }
  std::int64_t label(std::size_t i) const override { return m_source->label(m_samples.at(i)); }
  const std::vector<std::string>& classNames() const override { return m_source->classNames(); }
  std::string sampleName(std::size_t i) const override { return m_source->sampleName(m_samples.at(i)); }
  bool pictorial() const override { return m_source->pictorial(); }
  Picture picture(std::size_t i) const override;
  bool audible() const override { return m_source->audible(); }
  Sound sound(std::size_t i) const override { return m_source->sound(m_samples.at(i)); }
  std::vector<std::pair<std::string, Tensor>> arrays(std::size_t i) const override {
    return m_source->arrays(m_samples.at(i));
  }
  std::string kind() const override { return m_source->kind(); }
  std::string path() const override { return m_source->path(); }

 private:
  std::shared_ptr<const DataSource> m_source;
  std::vector<std::size_t> m_samples;
  mutable std::mutex m_mutex;
  mutable std::vector<std::shared_ptr<const Picture>> m_pictures;
  mutable std::size_t m_budget;
};

}  // namespace lapidary::core
