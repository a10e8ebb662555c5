// SPDX-License-Identifier: GPL-3.0-or-later
// The calibration samples as the layers of one model see them.
#pragma once

#include <memory>
#include <mutex>

#include "core/compress/inputs/layer_inputs.h"

namespace lapidary::core {

/// The source that the methods which learn from samples ask. Thread-safe.
class ModelSamples {
 public:
  /// With a `parent`, the samples are those of the parent, run through `model`. Both must outlive it.
  explicit ModelSamples(const Model& model, const ModelSamples* parent = nullptr)
      : m_model(model), m_parent(parent) {}

  /// Null: there are none.
  void set(std::shared_ptr<CalibrationSource> source);

  /// Null where there are none, or where nobody has yet asked the parent for them.
  CalibrationSource* known() const;
  /// Asks the parent on first use. Null where there are none.
  CalibrationSource* find() const;
  /// Throws Error(Usage) where there are none.
  CalibrationSource& require() const;

 private:
  const Model& m_model;
  const ModelSamples* m_parent;
  mutable std::once_flag m_parentOnce;
  mutable std::mutex m_mutex;
  mutable std::shared_ptr<CalibrationSource> m_source;
};

}  // namespace lapidary::core
