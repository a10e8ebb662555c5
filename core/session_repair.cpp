#include "core/session_repair.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/analyze/class_scores.h"
#include "core/analyze/data_split.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"
#include "core/train/loss.h"

namespace lapidary::core {
namespace {

constexpr std::size_t chunk = 50;  ///< samples run at once where nothing is learnt

/// Inputs of a node that a training may change; the statistics of a batch normalisation are not among them.
std::vector<ValueId> trainableInputs(const Node& node) {
  static const std::set<std::string> all{"Conv", "ConvTranspose", "Gemm", "MatMul", "PRelu"};
  static const std::set<std::string> norms{"BatchNormalization", "InstanceNormalization", "LayerNormalization",
                                           "GroupNormalization"};
  static const std::set<std::string> sums{"Add", "Sub", "Mul", "Div"};
  if (all.contains(node.opType) || sums.contains(node.opType)) return node.inputs;
  if (norms.contains(node.opType) && node.inputs.size() >= 2)
    return {node.inputs.begin() + 1,
            node.inputs.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, node.inputs.size()))};
  if (node.opType == "Gather" && !node.inputs.empty()) return {node.inputs.front()};
  return {};
}

/// Weights and biases: Float32 initialisers of more than one element, in the order of the graph.
std::vector<ValueId> trainableValues(const Model& model) {
  std::vector<ValueId> values;
  std::set<ValueId> seen;
  for (const Node& node : model.graph->nodes)
    for (const ValueId id : trainableInputs(node)) {
      const auto weight = id.valid() ? model.weights.find(id) : model.weights.end();
      if (weight == model.weights.end() || weight->second.dtype() != DType::Float32) continue;
      if (weight->second.size() > 1 && seen.insert(id).second) values.push_back(id);
    }
  return values;
}

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
  Repair(const Session& session, const RepairRequest& request, const Progress& progress)
      : m_session(session), m_request(request), m_progress(progress) {
    if (session.data() == nullptr) throw Error(ErrorKind::Usage, "a repair learns from samples: open data");
    if (session.qualityKind() == QualityKind::Noise)
      throw Error(ErrorKind::Unsupported,
                  "the model's outputs are not scores of classes: there is no loss to train with");
    const DataSplit split = splitData(*session.data(), session.model(), request.heldOut, 0);
    m_training = split.choosing;
    m_heldOut = split.reporting;
    start();
  }

  Repaired run(const std::function<bool(const RepairEpoch&)>& onEpoch) {
    m_teacher = answersOf(m_session.model(), *m_training);
    m_wanted = wantedOf(*m_heldOut);
    m_result.model = m_subject.start;
    m_result.recipe = m_rounding;
    tell({0, 0, qualityOf(seen(m_subject.start)), 0}, m_subject.start, onEpoch);
    try {
      train(m_subject, m_request.train, m_progress, [&](const EpochNews& news) {
        const double quality = qualityOf(seen(*news.model));
        return tell({news.epoch, news.loss, quality, news.rate}, *news.model, onEpoch);
      });
    } catch (const Cancelled&) {
      // The best so far counts.
    }
    return std::move(m_result);
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
    m_subject.samples = m_training->size();
    for (const Layer& layer : m_subject.start.layers)
      if (!m_request.recipe.editOf(layer.name).empty()) requireTrained(layer);
    for (const ValueId id : m_subject.trained) m_subject.held.push_back(maskOf(halves.pruning, id));
    m_subject.seen = [this](const Model& current) { return seen(current); };
    m_subject.inputs = [this](std::span<const std::size_t> samples) { return m_training->inputs(samples); };
    m_subject.loss = [this](std::span<const Tensor> outputs, std::span<const std::size_t> samples) {
      return lossOf(outputs, samples);
    };
  }

  void requireTrained(const Layer& layer) const {
    if (std::ranges::find(m_subject.trained, layer.weight) != m_subject.trained.end()) return;
    throw Error(ErrorKind::Unsupported, "the weights of layer '" + layer.name +
                                            "' are not 32-bit floats of the file: they cannot be trained");
  }

  /// Zeros that pruning made; a layer that is not pruned may use its own.
  std::vector<bool> maskOf(const Recipe& pruning, ValueId id) const {
    const auto layer = std::ranges::find(m_subject.start.layers, id, &Layer::weight);
    if (layer == m_subject.start.layers.end() || pruning.editOf(layer->name).empty()) return {};
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

  /// Log probabilities of every sample, in the dataset's own numbering.
  struct Answers {
    std::vector<float> values;
    std::size_t classes = 0;
  };

  Answers answersOf(const Model& model, const Dataset& data) const {
    const Executor executor(model, {});
    std::vector<ClassScores> scores((data.size() + chunk - 1) / chunk);
    parallelFor(scores.size(), m_request.train.workers, [&](std::size_t i, unsigned) {
      std::vector<std::size_t> samples(std::min(chunk, data.size() - i * chunk));
      std::iota(samples.begin(), samples.end(), i * chunk);
      RunOptions options;
      options.stop = m_progress.stop;
      scores[i] = classScores(executor.run(model, data.inputs(samples), options).outputs);
    });
    Answers answers;
    for (const ClassScores& some : scores) {
      answers.classes = some.classes;
      for (std::size_t sample = 0; sample < some.samples; ++sample) {
        const auto row = logsOf(some, sample);
        answers.values.insert(answers.values.end(), row.begin(), row.end());
      }
    }
    return answers;
  }

  /// Scores before the softmax, or what the softmax turns into the probabilities that a model gives.
  static std::vector<float> logsOf(const ClassScores& scores, std::size_t sample) {
    const auto row = scores.row(sample);
    std::vector<float> logs(row.begin(), row.end());
    if (scores.probabilities)
      for (float& value : logs) value = std::log(std::max(value, 1e-12f));
    return logs;
  }

  std::vector<std::int64_t> wantedOf(const Dataset& data) const {
    std::vector<std::int64_t> wanted(data.size());
    if (data.labelled()) {
      for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = data.source().label(i);
      return wanted;
    }
    return top1Of(answersOf(m_session.model(), data));
  }

  static std::vector<std::int64_t> top1Of(const Answers& answers) {
    std::vector<std::int64_t> top1;
    for (auto row = answers.values.begin(); row != answers.values.end();
         row += static_cast<std::ptrdiff_t>(answers.classes))
      top1.push_back(std::max_element(row, row + static_cast<std::ptrdiff_t>(answers.classes)) - row);
    return top1;
  }

  double qualityOf(const Model& model) const {
    const auto top1 = top1Of(answersOf(model, *m_heldOut));
    std::size_t same = 0;
    for (std::size_t i = 0; i < top1.size(); ++i) same += top1[i] == m_wanted[i];
    return static_cast<double>(same) / static_cast<double>(top1.size());
  }

  TrainSubject::Slopes lossOf(std::span<const Tensor> outputs, std::span<const std::size_t> samples) const {
    const ClassScores scores = classScores(outputs);
    std::vector<float> mine, teacher;
    std::vector<std::int64_t> labels;
    for (std::size_t row = 0; row < samples.size(); ++row) {
      const auto logs = logsOf(scores, row);
      mine.insert(mine.end(), logs.begin(), logs.end());
      const auto first = m_teacher.values.begin() +
                         static_cast<std::ptrdiff_t>(samples[row] * m_teacher.classes);
      teacher.insert(teacher.end(), first, first + static_cast<std::ptrdiff_t>(m_teacher.classes));
      if (m_training->labelled()) labels.push_back(m_training->source().label(samples[row]));
    }
    const Loss loss = lossOf({mine, scores.classes}, {teacher, m_teacher.classes}, labels);
    TrainSubject::Slopes slopes{loss.sum, std::vector<Tensor>(outputs.size())};
    slopes.outputs[scores.output] = slopesOf(loss, scores, outputs[scores.output].shape());
    return slopes;
  }

  Loss lossOf(const Scores& mine, const Scores& teacher, std::span<const std::int64_t> labels) const {
    const double share = labels.empty() ? 1 : m_request.teacher;
    if (share <= 0) return crossEntropy(mine, labels, m_request.smoothing);
    Loss taught = distillation(mine, teacher, m_request.temperature);
    if (share >= 1) return taught;
    return weightedSum(std::move(taught), crossEntropy(mine, labels, m_request.smoothing), share, 1 - share);
  }

  /// At the output as the model gives it: of a probability p the score is its logarithm, whose slope is 1 / p.
  static Tensor slopesOf(const Loss& loss, const ClassScores& scores, const Shape& shape) {
    TensorBuilder builder(DType::Float32, shape);
    const auto slopes = builder.as<float>();
    std::ranges::fill(slopes, 0.0f);
    for (std::size_t row = 0; row < scores.samples; ++row)
      for (std::size_t c = 0; c < scores.classes; ++c) {
        const std::size_t at = scores.indexOf(row, static_cast<std::int64_t>(c));
        const float slope = loss.slopes[row * scores.classes + c];
        slopes[at] = scores.probabilities ? slope / std::max(scores.values[at], 1e-12f) : slope;
      }
    return std::move(builder).build();
  }

  bool tell(const RepairEpoch& epoch, const Model& model,
            const std::function<bool(const RepairEpoch&)>& onEpoch) {
    m_result.epochs.push_back(epoch);
    if (epoch.epoch == 0 || epoch.quality > m_result.epochs[m_result.best].quality) {
      m_result.best = epoch.epoch;
      m_result.model = model;
    }
    const bool wanted = !onEpoch || onEpoch(epoch);
    return wanted && epoch.epoch - m_result.best < m_request.patience;
  }

  const Session& m_session;
  const RepairRequest& m_request;
  const Progress& m_progress;
  std::shared_ptr<const Dataset> m_training, m_heldOut;
  std::shared_ptr<const Cutter> m_reduced;  ///< keeps the changed model alive
  Recipe m_rounding;
  TrainSubject m_subject;
  Answers m_teacher;
  std::vector<std::int64_t> m_wanted;  ///< of the held-out samples
  Repaired m_result;
};

}  // namespace

Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const std::function<bool(const RepairEpoch&)>& onEpoch) {
  if (fixedBatch(session.model()) > 0)
    throw Error(ErrorKind::Unsupported, "the model insists on " + std::to_string(fixedBatch(session.model())) +
                                            " samples at once: it cannot be trained");
  return Repair(session, request, progress).run(onEpoch);
}

}  // namespace lapidary::core
