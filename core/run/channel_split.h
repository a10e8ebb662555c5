// SPDX-License-Identifier: GPL-3.0-or-later
// Tensor parallel: one large Conv, Gemm or MatMul computed in parts of its output channels by several
// workers.
#pragma once

#include <memory>
#include <optional>

#include "core/run/split_options.h"
#include "core/run/step_run.h"

namespace lapidary::core {

/// A step whose weights are cut into parts. Immutable; shared between threads.
class ChannelSplit {
 public:
  /// Null where the step cannot be split: another operator, weights that are fed, groups, channels too few.
  /// Parts begin at multiples of a kernel's block of channels, so that every channel is computed by the
  /// same kernel as in the whole.
  static std::shared_ptr<const ChannelSplit> of(const Graph& graph, const Step& step, const Fusion& fusion,
                                                const std::vector<Tensor>& constants, unsigned parts);

  std::size_t parts() const { return m_parts.size(); }
  std::int64_t channels() const { return m_channels; }
  /// Of the largest part.
  double largestShare() const;

  /// Whether the inputs of this run allow it.
  bool fits(const Graph& graph, const ValueOf& valueOf) const;
  /// The step's output, plain. The calling thread is one of the workers.
  std::vector<Activation> run(const Graph& graph, const ValueOf& valueOf) const;

 private:
  struct Part {
    std::int64_t first = 0, end = 0;
    Activation weight, bias;  ///< bias: undefined where there is none, or where all parts share it
    Fusion fusion;
    Step step;  ///< with a store of its own
  };
  Part partOf(const Node& head, const Fusion& fusion, const std::vector<Tensor>& constants,
              std::int64_t first, std::int64_t end) const;
  Shape outputShape(const Graph& graph, const ValueOf& valueOf) const;
  Tensor runPart(const Graph& graph, const Part& part, const ValueOf& valueOf,
                 const Activation& residual) const;

  Step m_step;
  std::int64_t m_channels = 0;
  std::size_t m_weightAxis = 0;  ///< of the output channels in the weight
  bool m_biasSplits = false;
  std::vector<Part> m_parts;
};

/// Runs the step in parts where that is worth it and possible, remembering the parts in the step's store.
/// Nothing where it is not.
std::optional<std::vector<Activation>> runInParts(const Graph& graph, const Step& step, const Fusion& fusion,
                                                  const std::vector<Tensor>& constants,
                                                  const ValueOf& valueOf, const SplitOptions& options);

}  // namespace lapidary::core
