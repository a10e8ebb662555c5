// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/student/make_student.h"

#include <algorithm>
#include <cmath>

#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/student/gallery.h"
#include "core/student/initial_weights.h"
#include "core/student/residual_blocks.h"

namespace lapidary::core {
namespace {

/// Every layer loses the same share of its channels, or heads, the least first.
Model narrower(const Model& teacher, double keep, const Progress& progress) {
  const Cutter cutter(teacher, 0);
  Recipe recipe;
  for (std::uint32_t i = 0; i < teacher.layers.size(); ++i) {
    const ChannelGroup group = cutter.channelGroup(LayerId{i});
    if (group.removable == 0) continue;
    LayerEdit edit;
    edit.prune = {group.heads ? PruneMode::Heads : PruneMode::Channels, 1 - keep};
    recipe.set(teacher.layers[i].name, edit);
  }
  if (recipe.empty())
    throw Error(ErrorKind::Unsupported,
                "student: no channels of the teacher can go: choose one of the gallery instead");
  const ReducedCut reduced = cutter.reduce(recipe, progress);
  return reduced.cutter ? reduced.cutter->original() : teacher;
}

/// Those that stay are spread evenly.
Model shallower(const Model& teacher, double keep, const StudentTask& task) {
  const std::vector<ResidualBlock> blocks = residualBlocks(teacher, task.example);
  if (blocks.empty())
    throw Error(
        ErrorKind::Unsupported,
        "student: the teacher has no residual blocks whose input and output have one shape: choose narrow "
        "or one of the gallery instead");
  const auto all = blocks.size();
  const auto kept = static_cast<std::size_t>(std::lround(keep * static_cast<double>(all)));
  std::vector<ResidualBlock> gone;
  for (std::size_t i = 0; i < all; ++i)
    if ((i + 1) * kept / all == i * kept / all) gone.push_back(blocks[i]);
  return withoutBlocks(teacher, gone);
}

Model made(const StudentSpec& spec, const Model& teacher, const StudentTask& task, std::uint64_t seed,
           const Progress& progress) {
  switch (spec.kind) {
    case StudentKind::Mlp:
      return makeMlp(spec, task, seed);
    case StudentKind::Cnn:
      return makeCnn(spec, task, seed);
    case StudentKind::Transformer:
      return makeTransformer(spec, task, seed);
    case StudentKind::Narrow:
      return narrower(teacher, spec.keep, progress);
    case StudentKind::Shallow:
      return shallower(teacher, spec.keep, task);
    case StudentKind::File:
      return readModel(spec.path, progress);
  }
  throw Error(ErrorKind::Usage, "student: no kind");
}

}  // namespace

Model makeStudent(const StudentSpec& spec, const Model& teacher, const StudentTask& task, std::uint64_t seed,
                  const Progress& progress) {
  validate(spec);
  Model student = made(spec, teacher, task, seed, progress);
  const bool owned = spec.kind == StudentKind::Narrow || spec.kind == StudentKind::Shallow;
  if ((owned || spec.kind == StudentKind::File) && spec.fresh) student = reinitialised(student, seed);
  if (spec.kind == StudentKind::File) return student;
  student.source.path.clear();
  student.source.format = "ONNX";
  student.source.fileBytes = formatForPath("student.onnx")->sizeOf(student);
  return student;
}

}  // namespace lapidary::core
