// SPDX-License-Identifier: GPL-3.0-or-later
// Files run in ONNX Runtime at levels of its optimiser, held against our answers.
#pragma once

#include "tests/interop/product_models.h"

namespace lapidary::tests {

/// A file, what it is fed with, and our outputs. `apart` is how far, as a share of the largest value of an
/// output, another's may be from ours.
struct Exported {
  std::string name;
  core::Model model;
  std::vector<NamedInputs> inputs;
  double apart = 1e-4;
  Activations activations = {};
  std::vector<bool> coded = {};  ///< which outputs come out of codes
};

struct Level {
  std::string name;
  int threads;
};

/// All four, each on one thread and on two.
std::vector<Level> levels();
/// Each level, and both numbers of threads where all is rewritten: threads only share out the work of a
/// kernel.
std::vector<Level> eachLevel();
/// Those that rewrite anything, without the one whose rules the last one has too.
std::vector<Level> rewritingLevels();

/// Expects of every file, at every level, our outputs, and that the rules of what was tried cover it. What
/// comes out of codes may be one code apart, seldom.
void expectOurs(const std::vector<Exported>& exports, const std::vector<Level>& asked = levels());

}  // namespace lapidary::tests
