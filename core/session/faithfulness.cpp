// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/faithfulness.h"

#include <algorithm>

#include "core/explain/judge/faithfulness_judge.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

/// Progress over several jobs of the same length.
Progress partOf(const Progress& whole, std::size_t part, std::size_t parts) {
  if (!whole.onStep) return whole;
  return {whole.stop, [whole, part, parts](std::size_t done, std::size_t total) {
            whole.onStep(part * total + done, parts * total);
          }};
}

}  // namespace

std::vector<MethodFaithfulness> judgeMethods(const Session& session, std::span<const SaliencyMethod> methods,
                                             FaithfulnessRequest request, const Progress& progress,
                                             const std::function<void(const MethodFaithfulness&)>& onMethod) {
  if (session.data() == nullptr || session.data()->size() == 0)
    throw Error(ErrorKind::Usage, "methods are judged on samples: open data");
  request.workers = std::max(1u, request.workers > 0 ? request.workers : session.workers());
  const Executor executor(session.model(), {});
  const FaithfulnessJudge judge({session.model(), executor}, *session.data(), request);
  std::vector<MethodFaithfulness> found;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    MethodFaithfulness each{methods[i], {}, {}};
    try {
      each.figures = judge.judge(methods[i], partOf(progress, i, methods.size()));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unsupported) throw;
      each.obstacle = error.what();
    }
    found.push_back(std::move(each));
    if (onMethod) onMethod(found.back());
  }
  return found;
}

}  // namespace lapidary::core
