// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions as the tests of sessions open them.
#pragma once

#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {

inline const Session::EvaluateOptions qualityOnly{.measure = {}};

/// A model and data, each by its path; without data where the path is empty.
inline Session sessionOf(const std::string& model, const std::string& data, Session::Options options = {},
                         std::optional<Preprocess> preprocess = {}) {
  Model read = readModel(model);
  std::shared_ptr<const Dataset> samples;
  if (!data.empty()) {
    const auto source = openData(data);
    samples = std::make_shared<const Dataset>(
        source, preprocess ? *preprocess : choosePreprocess(read, *source).preprocess, read);
  }
  return Session(std::move(read), std::move(samples), std::move(options));
}

/// One of the demo's models, on the demo's digits.
inline Session demoSession(const std::string& model = "lenet5", Session::Options options = {}) {
  return sessionOf(demo + model + ".onnx", demo + "digits_test.npz", std::move(options));
}

/// LeNet-5 of the demo, which learns its ranges and inputs from few samples.
inline Session calibratedDemo(unsigned workers = 0, std::size_t calibrationSamples = 64) {
  Session::Options options;
  options.workers = workers;
  options.calibrationSamples = calibrationSamples;
  return demoSession("lenet5", std::move(options));
}

}  // namespace lapidary::core
