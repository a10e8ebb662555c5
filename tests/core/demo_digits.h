// The embedded demo's digits, prepared for a model.
#pragma once

#include "core/data/dataset.h"

namespace lapidary::core {

inline const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";

/// `file`: digits_test.npz, or digits_train.npz.
inline std::shared_ptr<const Dataset> digits(const Model& model,
                                             const std::string& file = "digits_test.npz") {
  const auto source = openData(demo + file);
  return std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
}

}  // namespace lapidary::core
