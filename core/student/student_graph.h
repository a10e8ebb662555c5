// SPDX-License-Identifier: GPL-3.0-or-later
// The graph of a student of the gallery while it is put together, layer by layer.
#pragma once

#include <map>
#include <string>

#include "core/model/fresh_names.h"
#include "core/student/initial_weights.h"
#include "core/student/student_task.h"

namespace lapidary::core {

/// The layer behind a layer decides how its weights start.
enum class Follows { Relu, Nothing };

/// A value laid out as samples x channels x positions, one or two axes of positions.
struct Plane {
  ValueId value;
  std::int64_t channels = 0;
  Shape space;
};

/// Opset 17. Every layer is named, and so are its weights ("conv1.weight"). Throws Error(InvalidInput) where
/// the weights would be more than 100 million.
class StudentGraph {
 public:
  StudentGraph(const StudentTask& task, std::uint64_t seed);

  const StudentTask& task() const { return m_task; }
  ValueId input() const { return m_input; }

  ValueId node(const std::string& op, const std::string& name, std::vector<ValueId> inputs,
               std::map<std::string, Attribute> attributes = {});
  ValueId constant(const std::string& name, const Tensor& tensor);
  ValueId reshaped(const std::string& name, ValueId x, const Shape& shape);

  /// samples x inputs to samples x outputs, with a bias.
  ValueId dense(const std::string& name, ValueId x, std::int64_t inputs, std::int64_t outputs,
                Follows follows);
  /// The same on the last axis of any shape.
  ValueId product(const std::string& name, ValueId x, std::int64_t inputs, std::int64_t outputs,
                  Follows follows);
  /// `pads` at the beginning and the end of every axis alike, or more at the end.
  ValueId conv(const std::string& name, const Plane& x, std::int64_t outputs, const Shape& kernel,
               const Shape& strides, const Shape& pads, Follows follows);
  ValueId layerNorm(const std::string& name, ValueId x, std::int64_t width);
  /// samples x tokens x width.
  ValueId embedded(std::int64_t width);
  ValueId weight(const std::string& name, const Shape& shape, double deviation);

  /// The input as floats, channels first: pictures in either layout, tables and signals of one channel.
  Plane plane();
  ValueId floats();

  /// Of the scores of the classes. To be called once.
  Model finish(ValueId scores);

 private:
  ValueId addValue(const std::string& wanted);
  /// Before its memory is taken.
  void count(const Shape& shape);
  /// As suits what follows the product; counted first.
  Tensor drawn(const Shape& shape, std::int64_t inputs, std::int64_t outputs, Follows follows);

  const StudentTask& m_task;
  InitialWeights m_weights;
  FreshNames m_names;
  Graph m_graph;
  ValueId m_input;
  std::int64_t m_parameters = 0;
};

}  // namespace lapidary::core
