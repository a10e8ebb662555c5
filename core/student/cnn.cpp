// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/gallery.h"
#include "core/student/student_graph.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t embeddingWidth = 16;  ///< of tokens

Plane inputPlane(StudentGraph& graph) {
  if (!graph.task().tokens()) return graph.plane();
  const ValueId turned = graph.node("Transpose", "channels_first", {graph.embedded(embeddingWidth)},
                                    {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  return {turned, embeddingWidth, graph.task().sample};
}

/// Axes shorter than the pool stay as they are.
Plane pooled(StudentGraph& graph, const std::string& name, Plane plane, std::int64_t pool) {
  Shape window, space;
  for (const std::int64_t size : plane.space) {
    window.push_back(size < pool ? 1 : pool);
    space.push_back(size / window.back());
  }
  if (space == plane.space) return plane;
  return {graph.node("MaxPool", name, {plane.value}, {{"kernel_shape", window}, {"strides", window}}),
          plane.channels, space};
}

Plane block(StudentGraph& graph, const std::string& name, const Plane& plane, std::int64_t channels,
            const StudentSpec& spec) {
  const std::size_t axes = plane.space.size();
  const ValueId sum = graph.conv(name, plane, channels, Shape(axes, spec.kernel), Shape(axes, 1),
                                 Shape(2 * axes, spec.kernel / 2), Follows::Relu);
  return pooled(graph, name + ".pool", {graph.node("Relu", name + ".relu", {sum}), channels, plane.space},
                spec.pool);
}

}  // namespace

Model makeCnn(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed) {
  StudentGraph graph(task, seed);
  Plane plane = inputPlane(graph);
  std::size_t number = 1;
  for (const std::int64_t channels : spec.widths)
    plane = block(graph, "conv" + std::to_string(number++), plane, channels, spec);
  std::int64_t features = plane.channels;
  if (spec.head == CnnHead::Flat)
    for (const std::int64_t size : plane.space) features *= size;
  else
    plane.value = graph.node("GlobalAveragePool", "mean", {plane.value});
  const ValueId flat = graph.node("Flatten", "flat", {plane.value}, {{"axis", std::int64_t{1}}});
  return graph.finish(graph.dense("classes", flat, features, task.classes, Follows::Nothing));
}

}  // namespace lapidary::core
