// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/torch_peer.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "core/train/loss.h"
#include "core/train/trainable.h"

namespace lapidary::interop {
namespace {

core::Tensor labelsOf(const core::Dataset& data, std::size_t samples) {
  core::TensorBuilder builder(core::DType::Int64, {static_cast<std::int64_t>(samples)});
  for (std::size_t i = 0; i < samples; ++i) builder.as<std::int64_t>()[i] = data.source().label(i);
  return std::move(builder).build();
}

core::Tensor stacked(const core::Dataset& data, std::size_t samples) {
  std::vector<std::size_t> first(samples);
  std::iota(first.begin(), first.end(), std::size_t{0});
  return data.inputs(first).front();
}

std::string textOf(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

LabelledRows::LabelledRows(const core::Dataset& data, std::size_t samples)
    : m_samples(stacked(data, samples)), m_labels(labelsOf(data, samples)) {}

core::Tensor LabelledRows::take(std::span<const std::size_t> rows) const {
  core::Shape shape = m_samples.shape();
  const std::size_t width = m_samples.as<float>().size() / count();
  shape[0] = static_cast<std::int64_t>(rows.size());
  core::TensorBuilder builder(core::DType::Float32, shape);
  auto* out = builder.as<float>().data();
  for (const std::size_t row : rows)
    out = std::copy_n(m_samples.as<float>().data() + row * width, width, out);
  return std::move(builder).build();
}

core::TrainSubject subjectOf(const core::Model& model, const LabelledRows& rows) {
  core::TrainSubject subject;
  subject.start = model;
  subject.trained = core::trainableValues(model);
  subject.samples = rows.count();
  subject.inputs = [&rows](std::span<const std::size_t> samples) {
    return std::vector<core::Tensor>{rows.take(samples)};
  };
  subject.loss = [&rows](std::span<const core::Tensor> outputs, std::span<const std::size_t> samples) {
    std::vector<std::int64_t> wanted;
    for (const std::size_t i : samples) wanted.push_back(rows.labels().as<std::int64_t>()[i]);
    const auto classes = static_cast<std::size_t>(outputs[0].shape().back());
    const core::Loss loss = core::crossEntropy({outputs[0].as<float>(), classes}, wanted);
    return core::TrainSubject::Gradients{
        loss.sum, {core::Tensor::from<float>(outputs[0].shape(), std::span<const float>(loss.gradient))}};
  };
  return subject;
}

TorchPeer::TorchPeer(const std::string& model, const LabelledRows& rows, unsigned threads,
                     const core::TrainSettings& settings)
    : m_samples(rows.samples()),
      m_labels(rows.labels()),
      m_process(
          "/usr/bin/python3", "interop/torch_training.py",
          {model, m_samples.path(), m_labels.path(), bench::dimsOf(rows.samples()), std::to_string(threads),
           settings.optimizer.kind == core::OptimizerKind::Adam ? "adam" : "sgd", textOf(settings.rate.base),
           settings.normStatistics == core::NormStatistics::Batch ? "batch" : "frozen"},
          "PyTorch is not there (apt-get install python3-torch python3-onnx libopenblas0-pthread)") {}

TorchPeer::Answer TorchPeer::train(const std::vector<std::vector<std::size_t>>& steps) {
  std::string line;
  for (const auto& step : steps) {
    if (!line.empty()) line += ' ';
    for (std::size_t i = 0; i < step.size(); ++i) line += (i > 0 ? "," : "") + std::to_string(step[i]);
  }
  std::istringstream words(m_process.ask(line));
  Answer answer;
  words >> answer.seconds;
  for (double loss = 0; words >> loss;) answer.losses.push_back(loss);
  return answer;
}

}  // namespace lapidary::interop
