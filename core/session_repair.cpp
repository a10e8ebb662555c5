#include "core/session_repair.h"

#include <algorithm>

#include "core/analyze/data_split.h"
#include "core/run/executor.h"
#include "core/train/trainable.h"

namespace lapidary::core {
namespace {

/// The edits that put zeros into weights, and those that are left to be done to the trained ones.
struct Halves {
  Recipe pruning, rounding;
};

Halves halvesOf(const Recipe& recipe) {
  Halves halves;
  halves.pruning.globalSparsity = recipe.globalSparsity;
  for (const auto& [layer, edit] : recipe.edits) {
    LayerEdit prune, round;
    prune.prune = edit.prune;
    round.quantize = edit.quantize;
    round.activations = edit.activations;
    // Learnt rounding would be learnt anew in every step; training takes its place.
    round.quantize.rounding = Rounding::Nearest;
    round.quantize.correctBias = round.quantize.scaleInputs = false;
    halves.pruning.set(layer, prune);
    halves.rounding.set(layer, round);
  }
  return halves;
}

class Repair {
 public:
  Repair(const Session& session, const RepairRequest& request, const Progress& progress,
         const OnTrainedEpoch& onEpoch)
      : m_session(session), m_request(request), m_progress(progress), m_best(request.patience, onEpoch) {
    if (session.data() == nullptr) throw Error(ErrorKind::Usage, "a repair learns from samples: open data");
    if (session.qualityKind() == QualityKind::Noise)
      throw Error(ErrorKind::Unsupported,
                  "the model's outputs are not scores of classes: there is no loss to train with");
    start();
  }

  Repaired run() {
    const unsigned workers = m_request.train.workers;
    const DataSplit split = splitData(*m_session.data(), m_session.model(), m_request.heldOut, 0);
    const Dataset& training = *split.choosing;
    const ClassLoss loss(m_request.loss, classAnswers(m_session.model(), training, workers, m_progress.stop),
                         training.labelled() ? labelsOf(training) : std::vector<std::int64_t>{});
    const Exam exam(split.reporting, m_session.model(), workers, m_progress.stop);
    m_subject.samples = training.size();
    m_subject.inputs = [&](std::span<const std::size_t> samples) { return training.inputs(samples); };
    m_subject.loss = [&](std::span<const Tensor> outputs, std::span<const std::size_t> samples) {
      return loss.of(outputs, samples);
    };
    m_best.tell({0, 0, exam.qualityOf(seen(m_subject.start), m_progress.stop), 0}, m_subject.start);
    try {
      train(m_subject, m_request.train, m_progress, [&](const EpochNews& news) {
        const double quality = exam.qualityOf(seen(*news.model), m_progress.stop);
        return m_best.tell({news.epoch, news.loss, quality, news.rate}, *news.model);
      });
    } catch (const Cancelled&) {
      // The best so far counts.
    }
    return {m_best.model(), m_rounding, m_best.epochs(), m_best.best()};
  }

 private:
  void start() {
    const ReducedCut reduced = m_session.cutter().reduce(m_request.recipe, m_progress);
    const Cutter& cutter = reduced.cutter ? *reduced.cutter : m_session.cutter();
    m_reduced = reduced.cutter;
    const Halves halves = halvesOf(reduced.rest);
    m_rounding = halves.rounding;
    m_subject.start = cutter.apply(halves.pruning, m_progress);
    m_subject.trained = trainableValues(m_subject.start);
    for (const Layer& layer : m_subject.start.layers)
      if (!m_request.recipe.editOf(layer.name).empty()) requireTrained(layer);
    for (const ValueId id : m_subject.trained) m_subject.held.push_back(maskOf(halves.pruning, id));
    m_subject.seen = [this](const Model& current) { return seen(current); };
  }

  void requireTrained(const Layer& layer) const {
    if (std::ranges::find(m_subject.trained, layer.weight) != m_subject.trained.end()) return;
    throw Error(ErrorKind::Unsupported, "the weights of layer '" + layer.name +
                                            "' are not 32-bit floats of the file: they cannot be trained");
  }

  /// Zeros that pruning made, now or before an earlier repair; a layer that is not pruned may use its own.
  std::vector<bool> maskOf(const Recipe& pruning, ValueId id) const {
    const auto layer = std::ranges::find(m_subject.start.layers, id, &Layer::weight);
    if (layer == m_subject.start.layers.end()) return {};
    if (pruning.editOf(layer->name).empty() && !m_request.recipe.repaired) return {};
    const auto values = m_subject.start.weights.at(id).as<float>();
    std::vector<bool> mask(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) mask[i] = values[i] == 0;
    return mask;
  }

  /// Weights as the rounding makes them; activations stay floats while training.
  Model seen(const Model& current) const {
    Recipe weights = m_rounding;
    for (auto& [layer, edit] : weights.edits) edit.activations = {};
    return Cutter(current, 0).apply(weights);
  }

  const Session& m_session;
  const RepairRequest& m_request;
  const Progress& m_progress;
  std::shared_ptr<const Cutter> m_reduced;  ///< keeps the changed model alive
  Recipe m_rounding;
  TrainSubject m_subject;
  BestEpoch m_best;
};

}  // namespace

Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const OnTrainedEpoch& onEpoch) {
  if (fixedBatch(session.model()) > 0)
    throw Error(ErrorKind::Unsupported, "the model insists on " +
                                            std::to_string(fixedBatch(session.model())) +
                                            " samples at once: it cannot be trained");
  return Repair(session, request, progress, onEpoch).run();
}

}  // namespace lapidary::core
