// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/feature_match_loss.h"

#include "core/run/executor.h"
#include "core/train/loss.h"

namespace lapidary::core {
namespace {

ValueId valueNamed(const Model& model, const std::string& name, const std::string& whose) {
  const ValueId id = model.graph->findValue(name);
  if (!id.valid() || !model.graph->value(id).producer.valid())
    throw Error(ErrorKind::InvalidInput, "the " + whose + " computes no value named '" + name + "'");
  return id;
}

Model withOutput(const Model& model, ValueId value) {
  Graph graph = *model.graph;
  graph.outputs.push_back(value);
  Model made = model;
  made.graph = std::make_shared<const Graph>(std::move(graph));
  return made;
}

Tensor valueOf(const Model& model, const Executor& executor, const Dataset& data, ValueId value,
               std::span<const std::size_t> samples) {
  RunOptions options;
  options.wanted = {value};
  return toFloat32(executor.run(model, data.inputs(samples), options).wanted.front());
}

Scores rowsOf(const Tensor& tensor) {
  const auto samples = tensor.shape().empty() ? std::int64_t{1} : tensor.shape().front();
  return {tensor.as<float>(), static_cast<std::size_t>(tensor.size() / std::max<std::int64_t>(1, samples))};
}

}  // namespace

FeatureMatchLoss::FeatureMatchLoss(const FeatureMatch& match, const Model& teacher,
                                   const Dataset& teacherData, const Model& student,
                                   const Dataset& studentData)
    : m_teacher(teacher),
      m_data(teacherData),
      m_weight(match.weight),
      m_value(valueNamed(teacher, match.teacher, "teacher")),
      m_executor(teacher, {}) {
  const ValueId learnt = valueNamed(student, match.student, "student");
  const std::size_t one[]{0};
  const Tensor theirs = valueOf(teacher, m_executor, teacherData, m_value, one),
               mine = valueOf(student, Executor(student, {}), studentData, learnt, one);
  if (theirs.shape() != mine.shape())
    throw Error(ErrorKind::InvalidInput,
                "the teacher's '" + match.teacher + "' is " + toText(theirs.shape()) + ", the student's '" +
                    match.student + "' is " + toText(mine.shape()) + ": name two values of one shape");
  m_student = withOutput(student, learnt);
}

Tensor FeatureMatchLoss::wanted(std::span<const std::size_t> samples) const {
  return valueOf(m_teacher, m_executor, m_data, m_value, samples);
}

void FeatureMatchLoss::addTo(TrainSubject::Gradients& gradients, std::span<const Tensor> outputs,
                             std::span<const std::size_t> samples) const {
  const Tensor theirs = wanted(samples);
  const Loss loss = meanSquares(rowsOf(outputs.back()), rowsOf(theirs));
  gradients.sum += m_weight * loss.sum;
  TensorBuilder builder(DType::Float32, outputs.back().shape());
  const auto values = builder.as<float>();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(m_weight * static_cast<double>(loss.gradient[i]));
  gradients.outputs.back() = std::move(builder).build();
}

}  // namespace lapidary::core
