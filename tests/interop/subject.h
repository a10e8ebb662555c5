// SPDX-License-Identifier: GPL-3.0-or-later
// A model and data that exports are judged on.
#pragma once

#include <ostream>
#include <string>

#include "core/data/dataset.h"
#include "core/data/preprocess.h"

namespace lapidary::tests {

struct Subject {
  std::string name, model, data;
  std::size_t samples = 0;  ///< that are compared
};

inline void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }

/// As its data set asks for; the ResNets were trained on normalised pictures.
inline core::Preprocess preprocessFor(const Subject& subject, const core::Model& model,
                                      const core::DataSource& data) {
  core::Preprocess preprocess = core::choosePreprocess(model, data).preprocess;
  if (subject.name.starts_with("resnet")) {
    preprocess.scale = 1.0 / 255;
    preprocess.mean = {0.485, 0.456, 0.406};
    preprocess.std = {0.229, 0.224, 0.225};
  }
  return preprocess;
}

}  // namespace lapidary::tests
