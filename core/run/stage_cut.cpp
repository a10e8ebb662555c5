// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stage_cut.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr double impossible = std::numeric_limits<double>::infinity();

class StageCutter {
 public:
  StageCutter(std::span<const double> seconds, std::span<const double> handover, std::size_t stages)
      : m_handover(handover), m_steps(seconds.size()), m_stages(stages), m_before(m_steps + 1) {
    for (std::size_t i = 0; i < m_steps; ++i) m_before[i + 1] = m_before[i] + seconds[i];
  }

  std::vector<std::size_t> cut() {
    const double largest = best([&](std::size_t first, std::size_t end, double earlier) {
      return std::max(earlier, stage(first, end));
    });
    // A second pass, because the cheapest handovers among the cuts that reach the least largest stage may
    // hold a part that is not itself the best cut of its steps.
    best([&](std::size_t first, std::size_t end, double earlier) {
      return stage(first, end) <= largest ? earlier + handover(first) : impossible;
    });
    std::vector<std::size_t> firsts(m_stages);
    std::size_t end = m_steps;
    for (std::size_t k = m_stages; k-- > 0;) firsts[k] = end = m_first[k * (m_steps + 1) + end];
    return firsts;
  }

 private:
  using Extend = std::function<double(std::size_t first, std::size_t end, double earlier)>;

  double handover(std::size_t first) const { return first == 0 ? 0 : m_handover[first]; }
  double stage(std::size_t first, std::size_t end) const {
    return m_before[end] - m_before[first] + handover(first);
  }

  /// The least figure over all cuts; `m_first` then holds where the last stage of each best part begins.
  double best(const Extend& extend) {
    m_first.assign(m_stages * (m_steps + 1), 0);
    std::vector<double> earlier(m_steps + 1, impossible), now;
    earlier[0] = 0;
    for (std::size_t k = 0; k < m_stages; ++k) {
      now.assign(m_steps + 1, impossible);
      for (std::size_t end = k + 1; end <= m_steps; ++end)
        for (std::size_t first = k; first < end; ++first) {
          if (earlier[first] == impossible) continue;
          const double figure = extend(first, end, earlier[first]);
          if (figure >= now[end]) continue;
          now[end] = figure;
          m_first[k * (m_steps + 1) + end] = first;
        }
      std::swap(earlier, now);
    }
    return earlier[m_steps];
  }

  std::span<const double> m_handover;
  std::size_t m_steps, m_stages;
  std::vector<double> m_before;  ///< sums of the seconds
  std::vector<std::size_t> m_first;
};

}  // namespace

std::vector<std::size_t> cutStages(std::span<const double> seconds, std::span<const double> handover,
                                   std::size_t stages) {
  if (seconds.empty() || stages == 0 || handover.size() != seconds.size())
    throw Error(ErrorKind::Usage, "there is nothing to cut into stages");
  return StageCutter(seconds, handover, std::min(stages, seconds.size())).cut();
}

}  // namespace lapidary::core
