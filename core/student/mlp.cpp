// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/gallery.h"
#include "core/student/student_graph.h"

namespace lapidary::core {
namespace {

struct Row {
  ValueId value;
  std::int64_t width = 0;
};

/// Tokens as the mean of their embeddings, anything else as one row of numbers.
Row rowOf(StudentGraph& graph, const StudentSpec& spec) {
  const StudentTask& task = graph.task();
  if (!task.tokens())
    return {graph.node("Flatten", "flat", {graph.floats()}, {{"axis", std::int64_t{1}}}),
            elementCount(task.sample)};
  const std::int64_t width = spec.widths.empty() ? 16 : spec.widths.front();
  const ValueId mean = graph.node("ReduceMean", "mean", {graph.embedded(width)},
                                  {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t{0}}});
  return {mean, width};
}

}  // namespace

Model makeMlp(const StudentSpec& spec, const StudentTask& task, std::uint64_t seed) {
  StudentGraph graph(task, seed);
  Row row = rowOf(graph, spec);
  std::size_t number = 1;
  for (const std::int64_t width : spec.widths) {
    const std::string name = "dense" + std::to_string(number++);
    row = {
        graph.node("Relu", name + ".relu", {graph.dense(name, row.value, row.width, width, Follows::Relu)}),
        width};
  }
  return graph.finish(graph.dense("classes", row.value, row.width, task.classes, Follows::Nothing));
}

}  // namespace lapidary::core
