// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/training_subject.h"

#include <algorithm>
#include <span>
#include <sstream>

#include "core/files/sha256.h"

namespace lapidary::core {
namespace {

/// Samples whose inputs are looked at.
constexpr std::size_t sampledInputs = 16;

void add(Sha256& hash, const std::string& text) {
  const std::string line = text + '\n';
  hash.add(std::as_bytes(std::span(line)));
}

std::string wordsOf(const TrainSettings& train, const ClassLossSettings& loss) {
  std::ostringstream text;
  text.precision(17);
  text << loss.teacher << ' ' << loss.temperature << ' ' << loss.smoothing << ' '
       << static_cast<int>(train.optimizer.kind) << ' ' << train.optimizer.momentum << ' '
       << train.optimizer.weightDecay << ' ' << train.optimizer.beta1 << ' ' << train.optimizer.beta2 << ' '
       << train.optimizer.epsilon << ' ' << train.rate.base << ' ' << static_cast<int>(train.rate.schedule)
       << ' ' << train.rate.warmUp << ' ' << train.rate.least << ' ' << train.rate.every << ' '
       << train.rate.factor << ' ' << train.epochs << ' ' << train.batch << ' ' << train.mostNorm << ' '
       << train.seed << ' ' << static_cast<int>(train.normStatistics) << ' ' << train.augmentation.flip << ' '
       << train.augmentation.shift << ' ' << train.augmentation.crop;
  return text.str();
}

}  // namespace

std::string digestOf(const Model& model) {
  Sha256 hash;
  if (model.graph)
    for (const Node& node : model.graph->nodes) add(hash, node.opType);
  for (const auto& [id, tensor] : model.weights) {
    add(hash, std::to_string(id.index) + ' ' + describe(tensor));
    hash.add(tensor.bytes());
  }
  return hash.hex();
}

std::string digestOf(const Dataset& data) {
  Sha256 hash;
  for (std::size_t i = 0; i < data.size(); ++i) add(hash, data.source().sampleName(i));
  for (std::size_t k = 0; k < std::min(sampledInputs, data.size()); ++k) {
    const std::size_t one[] = {k * data.size() / std::min(sampledInputs, data.size())};
    for (const Tensor& input : data.inputs(one)) {
      add(hash, describe(input));
      hash.add(input.bytes());
    }
  }
  return hash.hex();
}

std::string trainingSubject(const Session& session, const TrainSettings& train, const ClassLossSettings& loss,
                            const std::string& more) {
  std::string words = session.searchSubject() + ' ' + digestOf(session.model()) + ' ';
  if (session.data() != nullptr) words += digestOf(*session.data()) + ' ';
  if (const auto output = session.model().scoresOutput) words += std::to_string(*output) + ' ';
  words += wordsOf(train, loss) + ' ' + more;
  return sha256(std::as_bytes(std::span(words)));
}

}  // namespace lapidary::core
