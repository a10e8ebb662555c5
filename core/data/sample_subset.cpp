// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sample_subset.h"

namespace lapidary::core {

SampleSubset::SampleSubset(std::shared_ptr<const DataSource> source, std::vector<std::size_t> samples,
                           std::size_t budgetBytes)
    : m_source(std::move(source)),
      m_samples(std::move(samples)),
      m_pictures(m_samples.size()),
      m_budget(budgetBytes) {}

Picture SampleSubset::picture(std::size_t i) const {
  {
    const std::lock_guard lock(m_mutex);
    if (m_pictures.at(i)) return *m_pictures[i];
  }
  auto decoded = std::make_shared<const Picture>(m_source->picture(m_samples.at(i)));
  const std::lock_guard lock(m_mutex);
  if (!m_pictures[i] && decoded->pixels.size() <= m_budget) {
    m_budget -= decoded->pixels.size();
    m_pictures[i] = decoded;
  }
  return *decoded;
}

}  // namespace lapidary::core
