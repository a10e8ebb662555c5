// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/model_samples.h"

#include "core/support/error.h"

namespace lapidary::core {

void ModelSamples::set(std::shared_ptr<CalibrationSource> source) {
  const std::lock_guard lock(m_mutex);
  m_source = std::move(source);
}

CalibrationSource* ModelSamples::known() const {
  const std::lock_guard lock(m_mutex);
  return m_source.get();
}

CalibrationSource* ModelSamples::find() const {
  if (m_parent != nullptr)
    std::call_once(m_parentOnce, [&] {
      CalibrationSource* of = m_parent->find();
      if (of == nullptr) return;
      auto own = of->over(m_model);
      const std::lock_guard lock(m_mutex);
      m_source = std::move(own);
    });
  return known();
}

CalibrationSource& ModelSamples::require() const {
  if (CalibrationSource* found = find()) return *found;
  throw Error(ErrorKind::Usage, "this method learns from calibration samples: open data");
}

}  // namespace lapidary::core
