// SPDX-License-Identifier: GPL-3.0-or-later
// A training and the same one in PyTorch.
#pragma once

#include "core/data/dataset.h"
#include "core/train/trainer.h"
#include "tests/bench/raw_file.h"
#include "tests/bench/script_process.h"

namespace lapidary::interop {

/// The first samples of labelled data, stacked; a step takes rows of them. Of a model with one input.
class LabelledRows {
 public:
  LabelledRows(const core::Dataset& data, std::size_t samples);

  std::size_t count() const { return m_labels.as<std::int64_t>().size(); }
  core::Tensor take(std::span<const std::size_t> rows) const;
  const core::Tensor& samples() const { return m_samples; }
  const core::Tensor& labels() const { return m_labels; }

 private:
  core::Tensor m_samples, m_labels;
};

/// Cross-entropy of the first output; `rows` must outlive it.
core::TrainSubject subjectOf(const core::Model& model, const LabelledRows& rows);

/// The same weights, trained by PyTorch in a process of its own.
class TorchPeer {
 public:
  struct Answer {
    double seconds = 0;
    std::vector<double> losses;  ///< by step
  };

  /// `model` is an ONNX file; `settings` counts in its optimizer's kind, rate and statistics.
  TorchPeer(const std::string& model, const LabelledRows& rows, unsigned threads,
            const core::TrainSettings& settings);

  /// The samples of some steps. Throws std::runtime_error where there is no PyTorch.
  Answer train(const std::vector<std::vector<std::size_t>>& steps);

 private:
  bench::RawFile m_samples, m_labels;
  bench::ScriptProcess m_process;
};

}  // namespace lapidary::interop
