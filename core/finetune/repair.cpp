// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/repair.h"

#include <algorithm>
#include <cmath>

#include "core/compress/prune/schedule.h"
#include "core/data/data_split.h"
#include "core/finetune/checkpoint.h"
#include "core/finetune/learned_grids.h"
#include "core/finetune/repair_plan.h"
#include "core/run/executor.h"
#include "core/train/trainable.h"

namespace lapidary::core {
namespace {

/// To the rate of weights: an entry moves many of them at once.
constexpr double rateOfCodebooks = 0.1;

class Repair {
 public:
  Repair(const Session& session, const RepairRequest& request, const Progress& progress,
         const OnTrainedEpoch& onEpoch)
      : m_session(session),
        m_request(request),
        m_progress(progress),
        m_best(request.patience, onEpoch),
        m_checkpoint(request.checkpoint,
                     request.checkpoint.empty() ? std::string() : repairSubject(session, request)) {
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
    ClassLossSettings settings = m_request.loss;
    settings.output = m_session.model().scoresOutput;
    const ClassLoss loss(settings, classAnswers(m_session.model(), training, workers, m_progress.stop),
                         training.labelled() ? labelsOf(training) : std::vector<std::int64_t>{});
    const Validation validation(split.reporting, m_session.model(), workers, m_progress.stop);
    m_subject.samples = training.size();
    m_subject.inputs = [&](std::span<const std::size_t> samples) { return training.inputs(samples); };
    m_subject.loss = [&](std::span<const Tensor> outputs, std::span<const std::size_t> samples) {
      return loss.of(outputs, samples);
    };
    m_rounding = m_halves.rounding;
    const std::optional<SavedTraining> saved = m_checkpoint.load();
    if (saved)
      restore(*saved);
    else
      tell(validation.measured({}, rounded(m_pruned), m_progress.stop), m_pruned, false);
    try {
      runStages(validation, saved ? &*saved : nullptr);
    } catch (const Cancelled&) {
      // The best so far counts.
    }
    return {m_best.model(), recipeOfBest(), m_best.epochs(), m_best.best()};
  }

 private:
  void start() {
    const ReducedCut reduced = m_session.cutter().reduce(m_request.recipe, m_progress);
    const Cutter& cutter = reduced.cutter ? *reduced.cutter : m_session.cutter();
    m_reduced = reduced.cutter;
    m_halves = halvesOf(reduced.rest);
    m_pruned = cutter.apply(m_halves.pruning, m_progress);
    m_unpruned = cutter.original();
    m_subject.trained = trainableValues(m_pruned);
    for (const Layer& layer : m_pruned.layers)
      if (!m_request.recipe.editOf(layer.name).empty()) requireTrained(layer);
  }

  void runStages(const Validation& validation, const SavedTraining* saved) {
    const std::vector<RepairStage> all = stagesOf(m_request, m_halves);
    for (m_stage = saved ? saved->stage : 0; m_stage < all.size(); ++m_stage) {
      const bool goesOn = saved != nullptr && m_stage == saved->stage;
      // Pruning that grows starts from all weights; what comes next, from the best so far.
      prepare(all[m_stage], all[m_stage].ramps ? m_unpruned
                            : goesOn           ? withWeights(m_pruned, saved->startWeights)
                                               : m_best.model());
      if (!runStage(all[m_stage], validation, goesOn ? &saved->state : nullptr)) return;
    }
    m_checkpoint.remove();
  }

  void restore(const SavedTraining& saved) {
    m_best.restore(saved.epochs, saved.best, withWeights(m_pruned, saved.bestWeights));
    m_bestLearned = saved.bestLearned;
  }

  void save(const EpochNews& news) const {
    if (!m_checkpoint.wanted()) return;
    m_checkpoint.save({m_stage, news.state(), m_best.epochs(), m_best.best(),
                       changedWeights(m_best.model(), m_pruned), changedWeights(m_subject.start, m_pruned),
                       m_bestLearned});
  }

  void prepare(const RepairStage& stage, const Model& start) {
    m_subject.start = start;
    m_subject.forms.assign(m_subject.trained.size(), nullptr);
    m_subject.held.clear();
    m_subject.holdAnew = nullptr;
    m_rounding = m_halves.rounding;
    m_straight = m_rounding;
    for (auto& [layer, edit] : m_straight.edits) edit.activations = {};  // stay floats while training
    if (stage.learnsGrids) learnGrids();
    if (m_request.learnGrids)
      std::erase_if(m_straight.edits, [](const auto& entry) { return gridIsLearned(entry.second.quantize); });
    m_subject.seen = [this](const Model& current) { return Cutter(current, 0).apply(m_straight); };
    if (stage.ramps)
      growMasks(stage);
    else
      m_subject.held = masksOf(m_subject.start);
  }

  void learnGrids() {
    const Model cut = rounded(m_subject.start);
    for (const Layer& layer : m_subject.start.layers) {
      const auto edit = m_rounding.edits.find(layer.name);
      const auto at = std::ranges::find(m_subject.trained, layer.weight) - m_subject.trained.begin();
      if (edit == m_rounding.edits.end() || static_cast<std::size_t>(at) == m_subject.trained.size())
        continue;
      Quantize& quantize = edit->second.quantize;
      m_subject.forms[static_cast<std::size_t>(at)] =
          learnedForm(quantize, cut, layer.weight, m_subject.start.weights.at(layer.weight));
      quantize = afterLearning(quantize);
    }
  }

  /// About a hundred times on the way.
  void growMasks(const RepairStage& stage) {
    const std::size_t batch = m_request.train.batch;
    const std::size_t steps = (m_subject.samples + batch - 1) / batch * stage.epochs;
    PruneSchedule schedule;
    schedule.kind = ScheduleKind::Cubic;
    schedule.end = static_cast<std::size_t>(m_request.ramp * static_cast<double>(steps));
    const std::size_t every = std::max<std::size_t>(1, schedule.end / 100);
    m_subject.holdAnew = [this, schedule, every](const Model& current, std::size_t step,
                                                 std::size_t) -> std::optional<Masks> {
      if (step > schedule.end || (step % every != 0 && step != schedule.end)) return std::nullopt;
      const Recipe pruning = recipeAt(schedule, byMagnitude(m_halves.pruning), step);
      return masksOf(Cutter(current, 0).apply(pruning));
    };
  }

  /// Returns whether to go on.
  bool runStage(const RepairStage& stage, const Validation& validation, const TrainState* resumed) {
    TrainSettings settings = m_request.train;
    settings.epochs = stage.epochs;
    if (stage.learnsGrids && m_halves.fixesCodes()) settings.rate.base *= rateOfCodebooks;
    const std::size_t before = m_best.epochs().size() - 1 - (resumed != nullptr ? resumed->epoch : 0);
    const auto grown = static_cast<std::size_t>(
        std::ceil(stage.ramps ? m_request.ramp * static_cast<double>(stage.epochs) : 0.0));
    bool wanted = true;
    const auto onEpoch = [&](const EpochNews& news) {
      const Model model =
          stage.ramps ? Cutter(*news.model, 0).apply(byMagnitude(m_halves.pruning)) : *news.model;
      const TrainedEpoch epoch{before + news.epoch, news.loss, 0, news.rate, 0};
      const Verdict verdict =
          tell(validation.measured(epoch, rounded(model), m_progress.stop), model, stage.learnsGrids);
      save(news);
      wanted = verdict != Verdict::Unwanted;
      return wanted && (verdict == Verdict::GoOn || news.epoch <= grown + m_request.patience);
    };
    train(m_subject, settings, m_progress, TrainHooks{onEpoch, nullptr}, resumed);
    return wanted;
  }

  Verdict tell(const TrainedEpoch& epoch, const Model& model, bool learned) {
    const Verdict verdict = m_best.tell(epoch, model);
    if (m_best.best() == epoch.epoch) m_bestLearned = learned;
    return verdict;
  }

  /// Gives what is left to do for the best epoch.
  Recipe recipeOfBest() const {
    Recipe recipe = m_halves.rounding;
    if (m_bestLearned)
      for (auto& [layer, edit] : recipe.edits) edit.quantize = afterLearning(edit.quantize);
    return recipe;
  }

  void requireTrained(const Layer& layer) const {
    if (std::ranges::find(m_subject.trained, layer.weight) != m_subject.trained.end()) return;
    throw Error(ErrorKind::Unsupported, "the weights of layer '" + layer.name +
                                            "' are not 32-bit floats of the file: they cannot be trained");
  }

  /// Whether an earlier repair held the zeros of a layer. A grid that it learned has a zero too, but not for
  /// most weights.
  bool prunedBefore(const Tensor& weight) const {
    if (!m_request.recipe.repaired) return false;
    return 2 * std::ranges::count(weight.as<float>(), 0.0f) > weight.size();
  }

  /// Zeros that pruning made; a layer that is not pruned may use its own, and a codebook's codes hold their
  /// own.
  Masks masksOf(const Model& pruned) const {
    Masks masks;
    for (std::size_t k = 0; k < m_subject.trained.size(); ++k) {
      masks.emplace_back();
      const ValueId id = m_subject.trained[k];
      const auto layer = std::ranges::find(pruned.layers, id, &Layer::weight);
      if (layer == pruned.layers.end()) continue;
      if (m_halves.pruning.editOf(layer->name).empty() && !prunedBefore(pruned.weights.at(id))) continue;
      const LayerEdit rest = m_halves.rounding.editOf(layer->name);
      if (m_subject.forms[k] != nullptr && codesAreFixed(rest.quantize)) continue;
      const auto values = pruned.weights.at(id).as<float>();
      masks.back().resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) masks.back()[i] = values[i] == 0;
    }
    return masks;
  }

  /// As the recipe that is left makes them, for activations that stay floats.
  Model rounded(const Model& model) const {
    Recipe weights = m_rounding;
    for (auto& [layer, edit] : weights.edits) edit.activations = {};
    return Cutter(model, 0).apply(weights);
  }

  const Session& m_session;
  const RepairRequest& m_request;
  const Progress& m_progress;
  std::shared_ptr<const Cutter> m_reduced;  ///< keeps the changed model alive
  RecipeHalves m_halves;
  Model m_pruned, m_unpruned;
  Recipe m_rounding;  ///< what is left to do in the present stage,
  Recipe m_straight;  ///< and what of it is done anew in every step
  std::size_t m_stage = 0;
  bool m_bestLearned = false;  ///< whether the best epoch's grids were learned
  TrainSubject m_subject;
  BestEpoch m_best;
  Checkpoint m_checkpoint;
};

}  // namespace

Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const OnTrainedEpoch& onEpoch) {
  if (fixedBatch(session.model()) > 0)
    throw Error(ErrorKind::Unsupported,
                "the model takes exactly " + std::to_string(fixedBatch(session.model())) +
                    " samples at once, which cannot be trained: save it with a batch axis that is free");
  return Repair(session, request, progress, onEpoch).run();
}

}  // namespace lapidary::core
