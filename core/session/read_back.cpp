// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/read_back.h"

#include <algorithm>
#include <cmath>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/accuracy.h"
#include "core/analyze/quality/output_difference.h"
#include "core/analyze/quality/output_meter.h"
#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

[[noreturn]] void differs(const std::string& what) {
  throw Error(ErrorKind::CannotWrite, "what was written does not read back as shown: " + what);
}

/// How far one answer may be from what was shown.
struct AnswerTolerance {
  double probability = 1e-3;
  double tie = 1e-5;  ///< classes so near each other may change places: constants are folded in another order

  /// With activations in codes a sum that lies between two of them falls to either, as rounding has it, and a
  /// whole step is passed on. On average answers have to be as near as they are without.
  static AnswerTolerance of(const Recipe& recipe) {
    return recipe.quantizesActivations() ? AnswerTolerance{1e-2, 1e-2} : AnswerTolerance{};
  }
};

void requireSame(const Predictions& shown, const Predictions& found, const Dataset& data,
                 const AnswerTolerance& tolerance) {
  const AnswerTolerance onAverage;
  double sum = 0;
  for (std::size_t i = 0; i < shown.samples.size(); ++i) {
    const SamplePrediction &a = shown.samples[i], &b = found.samples[i];
    const double apart = std::abs(a.probability - b.probability);
    const bool tie = apart < tolerance.tie && a.probability < 0.5001 + tolerance.tie;
    if (a.top1 != b.top1 && !tie)
      differs("sample " + data.source().sampleName(data.order()[i]) + " was class " + std::to_string(a.top1) +
              " and is class " + std::to_string(b.top1));
    if (a.top1 == b.top1 && apart > tolerance.probability)
      differs("the probability of sample " + data.source().sampleName(data.order()[i]) + " was " +
              std::to_string(a.probability) + " and is " + std::to_string(b.probability));
    sum += apart;
  }
  if (sum > onAverage.probability * static_cast<double>(shown.samples.size()))
    differs("the probabilities of the samples differ by " +
            std::to_string(sum / static_cast<double>(shown.samples.size())) + " on average");
}

/// Outputs that are no scores of classes: the noise of what was written, against what was shown.
void requireSame(const OutputDifference& difference) {
  constexpr double tolerated = 1e-5;  // of the signal's power: 50 dB
  if (difference.power.noise > tolerated * difference.power.signal || std::isnan(difference.power.noise))
    differs("the outputs on the data differ by " + std::to_string(difference.power.noise) + " of " +
            std::to_string(difference.power.signal) + " (squares summed)");
}

/// Every weight of a file without a graph against the cut's, bit for bit.
void requireSameWeights(const Model& cut, const Model& reopened) {
  for (const Layer& layer : cut.layers) {
    const std::string& name = cut.graph->value(layer.weight).name;
    if (!cut.weights.contains(layer.weight)) continue;
    const ValueId id = reopened.graph->findValue(name);
    if (!id.valid() || !reopened.weights.contains(id)) differs("the weight '" + name + "' is missing");
    const Tensor wanted = toFloat32(cut.weights.at(layer.weight)), found = toFloat32(reopened.weights.at(id));
    if (wanted.shape() != found.shape() || !std::ranges::equal(wanted.bytes(), found.bytes()))
      differs("the weight '" + name + "' differs");
  }
}

OutputDifference differenceOf(const ComparedModels& models, const ShownCut& shown, const Progress& progress) {
  const Dataset& data = *shown.session.data();
  OutputDifference difference;
  extendDifference(models, data, data.size(), shown.state.memory.workers, difference, progress);
  return difference;
}

void compareOutputs(const ShownCut& shown, ReopenedModel& reopened, const Progress& progress) {
  const Session::State& state = shown.state;
  const RunnableCut& cut = shown.cut;
  const Model& model = shown.session.model();
  const Dataset& data = *shown.session.data();
  const Remembering remembering{true, 0, state.memory.chunk}, forgetting{false, 0, state.memory.chunk};
  const BatchRunner original(model, *state.executor, data, remembering);
  const BatchRunner asShown(cut.model, *cut.executor, data, remembering);
  const BatchRunner found(reopened.model, *reopened.executor, data, forgetting);
  requireSame(differenceOf({cut.model, asShown, reopened.model, found}, shown, progress));
  reopened.difference =
      qualityOf(data, differenceOf({model, original, reopened.model, found}, shown, progress));
}

void compareAnswers(const ShownCut& shown, ReopenedModel& reopened, const Progress& progress) {
  const Dataset& data = *shown.session.data();
  const MemoryShares& memory = shown.state.memory;
  reopened.predictions.emplace();
  Predictor(reopened.model, *reopened.executor, data, memory.workers, Remembering{false, 0, memory.chunk})
      .extend(reopened.model, data.size(), *reopened.predictions, progress);
  requireSame(*shown.answers, *reopened.predictions, data, AnswerTolerance::of(shown.recipe));
}

/// What the disk gave back is no input of anybody's: damage in it counts as not written.
template <class Read>
auto readingBack(const std::string& name, const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(error.kind() == ErrorKind::InvalidInput ? ErrorKind::CannotWrite : error.kind(),
                error.within("reading back " + name).what());
  }
}

void requireSame(const ArchiveReader& bundle, const PackedMember& packed) {
  const Bytes member =
      readingBack(packed.name + " of the bundle", [&] { return bundle.read(packed.name, packed.bytes); });
  if (member.view.size() != packed.bytes || sha256(member.view) != packed.sha256)
    differs(packed.name + " in the bundle");
}

}  // namespace

ShownCut shownCut(const Session& session, Session::State& state, const Recipe& recipe,
                  const Progress& progress) {
  ShownCut shown{session, state, recipe, state.prepare(recipe, progress), nullptr};
  if (session.data() && state.canRun() && state.classAnswers)
    shown.answers = state.predictionsOf(recipe, progress);
  return shown;
}

ReopenedModel readBack(const Bytes& file, const Format& format, const std::string& name,
                       const ShownCut& shown, const Progress& progress) {
  ReopenedModel reopened;
  reopened.model = readingBack(name, [&] { return format.read({file, name, ""}, {}); });
  reopened.model.scoresOutput = shown.cut.model.scoresOutput;
  if (!reopened.model.runnable()) {
    requireSameWeights(shown.cut.model, reopened.model);
    return reopened;
  }
  if (!shown.session.obstacles().empty()) return reopened;
  reopened.executor = std::make_unique<const Executor>(reopened.model, Executor::Options{true, nullptr});
  if (shown.session.data() && !shown.state.classAnswers) compareOutputs(shown, reopened, progress);
  if (shown.answers) compareAnswers(shown, reopened, progress);
  return reopened;
}

std::optional<Quality> qualityOf(const ReopenedModel& reopened, const ShownCut& shown,
                                 const Progress& progress) {
  if (reopened.difference) return reopened.difference;
  const Predictions* answers = reopened.predictions ? &*reopened.predictions : shown.answers.get();
  if (answers == nullptr) return std::nullopt;
  const auto before = shown.state.originalPredictions(answers->samples.size(), progress);
  return qualityOf(*shown.session.data(), *before, *answers);
}

Bytes readBack(const UnverifiedFile& file, const PackedBundle& packed, const Progress& progress) {
  const std::size_t members = packed.members.size();
  progress.step(0, members);
  const Bytes found = readingBack("the bundle", [&] { return file.read(); });
  const ArchiveReader bundle = readingBack("the bundle", [&] { return ArchiveReader(found); });
  if (bundle.members().size() != members) differs("the list of the bundle's files");
  for (std::size_t i = 0; i < members; ++i) {
    requireSame(bundle, packed.members[i]);
    progress.step(i + 1, members);
  }
  return found;
}

}  // namespace lapidary::core
