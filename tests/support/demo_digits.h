// SPDX-License-Identifier: GPL-3.0-or-later
// The embedded demo's digits, prepared for a model.
#pragma once

#include "core/data/dataset.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {

/// `file`: digits_test.npz, or digits_train.npz.
inline std::shared_ptr<const Dataset> digits(const Model& model,
                                             const std::string& file = "digits_test.npz") {
  const auto source = openData(demo + file);
  return std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
}

}  // namespace lapidary::core
