// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/attack_batches.h"

#include <algorithm>

#include "core/analyze/answers/class_scores.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/robust/attacked.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

constexpr std::size_t usualFeed = 20;

/// How many samples at once, and whether it has to be that many.
std::pair<std::size_t, bool> feedSize(std::span<const Model* const> models) {
  for (const Model* model : models)
    if (const auto fixed = fixedBatch(*model); fixed > 0) return {static_cast<std::size_t>(fixed), true};
  for (const Model* model : models)
    if (rangesSpanBatch(*model->graph)) return {1, false};
  return {usualFeed, false};
}

}  // namespace

std::vector<AttackFeed> attackFeeds(std::span<const std::size_t> samples,
                                    std::span<const Model* const> models) {
  const auto [size, fixed] = feedSize(models);
  std::vector<AttackFeed> feeds;
  for (std::size_t from = 0; from < samples.size(); from += size) {
    const auto part = samples.subspan(from, std::min(size, samples.size() - from));
    AttackFeed feed{{part.begin(), part.end()}, {part.begin(), part.end()}};
    if (fixed) feed.fed.resize(size, feed.fed.back());
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

std::span<const std::size_t> firstSamples(const Dataset& data, std::size_t count) {
  return std::span(data.order()).subspan(0, std::min(count, data.order().size()));
}

std::vector<Tensor> withInput(std::span<const Tensor> inputs, const InputBox& box, const Tensor& values) {
  std::vector<Tensor> changed(inputs.begin(), inputs.end());
  changed[box.input] = convert(values, inputs[box.input].dtype());
  return changed;
}

std::vector<std::int64_t> answersTo(const Runnable& model, std::span<const Tensor> inputs,
                                    const AttackFeed& feed, const std::stop_token& stop) {
  RunOptions options;
  options.stop = stop;
  const ClassScores scores = classScores(model.run(inputs, options).outputs, model.model.scoresOutput);
  std::vector<std::int64_t> answers;
  for (std::size_t i = 0; i < feed.samples.size(); ++i) answers.push_back(scores.top1(i));
  return answers;
}

}  // namespace lapidary::core
