// SPDX-License-Identifier: GPL-3.0-or-later
#include "idle_settings.h"

#include <algorithm>

#include "terminal/warnings.h"

namespace lapidary::cli {

void warnOfIdle(const CLI::App& command, const std::vector<IdleSetting>& settings) {
  for (const auto& [option, idle, why] : settings)
    if (idle && command.count(option) > 0)
      warn("setting-without-effect", std::string(option) + " has no effect: " + why);
}

bool readsImages(const core::Model& model) {
  const core::Graph& graph = *model.graph;
  if (graph.inputs.empty()) return false;
  const auto& shape = graph.value(graph.inputs.front()).shape;
  return shape && shape->size() == 4;
}

void warnOfIdleTraining(const CLI::App& command, const TrainOptions& options, bool onImages) {
  const char* const steps = "the rate falls in steps with --schedule step alone";
  const char* const images = "the samples are no images, so leave it away";
  warnOfIdle(command, {{"--every", options.schedule != "step", steps},
                       {"--factor", options.schedule != "step", steps},
                       {"--temperature", options.loss.teacher == 0,
                        "nothing is learned from the teacher's answers; give --teacher a share above 0"},
                       {"--smoothing", options.loss.teacher == 1,
                        "nothing is learned from labels; give --teacher a share below 1"},
                       {"--holdout", !options.test.empty(), "the figures come from --test, so leave it away"},
                       {"--flip", !onImages, images},
                       {"--shift", !onImages, images},
                       {"--crop", !onImages, images}});
}

void warnOfIdleRepair(const CLI::App& command, const core::Recipe& recipe) {
  const auto any = [&](const auto& is) {
    return std::ranges::any_of(recipe.edits, [&](const auto& edit) { return is(edit.second); });
  };
  const bool prunes = any([](const core::LayerEdit& e) { return e.prune.mode != core::PruneMode::None; });
  const bool rounds = any([](const core::LayerEdit& e) { return e.quantize.scheme != core::Scheme::None; });
  warnOfIdle(command,
             {{"--ramp", !prunes, "nothing is pruned; prune with --sparsity, or leave it away"},
              {"--round-anew", !rounds, "nothing is quantized; quantize with --bits, or leave it away"}});
}

}  // namespace lapidary::cli
