// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trained_numbers.h"

#include <algorithm>

#include "core/support/parallel.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void add(float* __restrict to, const float* __restrict from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] += from[i];
}

LAPIDARY_VECTORIZED void scaleAll(float* values, std::size_t count, float factor) {
  for (std::size_t i = 0; i < count; ++i) values[i] *= factor;
}

Tensor mixed(const Tensor& old, const Tensor& latest, float momentum) {
  TensorBuilder builder(DType::Float32, old.shape());
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = momentum * old.as<float>()[i] + (1 - momentum) * latest.as<float>()[i];
  return std::move(builder).build();
}

[[noreturn]] void foreign() {
  throw Error(ErrorKind::InvalidInput, "the state is of other weights than those that are to be trained");
}

}  // namespace

TrainedNumbers::TrainedNumbers(const TrainSubject& subject, unsigned workers)
    : m_subject(subject), m_workers(workers), m_held(subject.held) {
  for (std::size_t k = 0; k < subject.trained.size(); ++k) {
    if (const TrainedForm* form = formOf(k)) {
      m_numbers.push_back(form->start());
    } else {
      const auto values = subject.start.weights.at(subject.trained[k]).as<float>();
      m_numbers.emplace_back(values.begin(), values.end());
    }
    m_gradients.emplace_back(m_numbers.back().size());
  }
  hold();
}

const TrainedForm* TrainedNumbers::formOf(std::size_t k) const {
  return k < m_subject.forms.size() ? m_subject.forms[k].get() : nullptr;
}

std::vector<std::size_t> TrainedNumbers::sizes() const {
  std::vector<std::size_t> sizes;
  for (const auto& numbers : m_numbers) sizes.push_back(numbers.size());
  return sizes;
}

std::vector<Tensor> TrainedNumbers::statistics() const {
  std::vector<Tensor> tensors;
  for (const auto& [id, tensor] : m_statistics) tensors.push_back(tensor);
  return tensors;
}

void TrainedNumbers::restore(const std::vector<std::vector<float>>& numbers, const Masks& held,
                             const std::vector<Tensor>& statistics) {
  if (numbers.size() != m_numbers.size() || (!held.empty() && held.size() != numbers.size())) foreign();
  for (std::size_t k = 0; k < numbers.size(); ++k)
    if (numbers[k].size() != m_numbers[k].size() ||
        (!held.empty() && !held[k].empty() && held[k].size() > numbers[k].size()))
      foreign();
  m_numbers = numbers;
  m_held = held;
  m_statistics.clear();
  std::vector<ValueId> ids;
  for (const Node& node : m_subject.start.graph->nodes)
    if (node.opType == "BatchNormalization" && node.inputs.size() == 5)
      ids.insert(ids.end(), {node.inputs[3], node.inputs[4]});
  std::ranges::sort(ids);
  if (statistics.empty()) return;
  if (statistics.size() != ids.size()) foreign();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto weight = m_subject.start.weights.find(ids[i]);
    if (weight != m_subject.start.weights.end() && weight->second.shape() != statistics[i].shape()) foreign();
    m_statistics[ids[i]] = statistics[i];
  }
}

Model TrainedNumbers::model() const {
  Model model = m_subject.start;
  for (std::size_t k = 0; k < m_numbers.size(); ++k) {
    const ValueId id = m_subject.trained[k];
    const TrainedForm* form = formOf(k);
    model.weights[id] = form ? form->seen(m_numbers[k])
                             : Tensor::from<float>(m_subject.start.weights.at(id).shape(),
                                                   std::span<const float>(m_numbers[k]));
  }
  for (const auto& [id, tensor] : m_statistics) model.weights[id] = tensor;
  return model;
}

void TrainedNumbers::takeGradients(const BatchGradient& gradient, float scale) {
  parallelFor(m_gradients.size(), m_workers,
              [&](std::size_t k, unsigned) { takeGradient(k, gradient, scale); });
  for (const BatchMoments& moments : gradient.moments) follow(moments);
}

void TrainedNumbers::takeGradient(std::size_t k, const BatchGradient& gradient, float scale) {
  const TrainedForm* form = formOf(k);
  std::vector<float> atSeen;
  std::vector<float>& total = form ? atSeen : m_gradients[k];
  total.assign(gradient.gradients.front()[k].as<float>().size(), 0.0f);
  for (const auto& share : gradient.gradients) add(total.data(), share[k].as<float>().data(), total.size());
  scaleAll(total.data(), total.size(), scale);
  if (form) m_gradients[k] = form->gradient(m_numbers[k], atSeen);
  if (isHeld(k))
    for (std::size_t i = 0; i < m_held[k].size(); ++i)
      if (m_held[k][i]) m_gradients[k][i] = 0;
}

void TrainedNumbers::follow(const BatchMoments& moments) {
  const auto old = [&](ValueId id) {
    const auto known = m_statistics.find(id);
    return known != m_statistics.end() ? known->second : m_subject.start.weights.at(id);
  };
  m_statistics[moments.mean] = mixed(old(moments.mean), moments.batchMean, moments.momentum);
  m_statistics[moments.variance] = mixed(old(moments.variance), moments.batchVariance, moments.momentum);
}

void TrainedNumbers::hold(Masks masks) {
  m_held = std::move(masks);
  hold();
}

void TrainedNumbers::hold() {
  for (std::size_t k = 0; k < m_numbers.size(); ++k)
    if (isHeld(k))
      for (std::size_t i = 0; i < m_held[k].size(); ++i)
        if (m_held[k][i]) m_numbers[k][i] = 0;
}

}  // namespace lapidary::core
