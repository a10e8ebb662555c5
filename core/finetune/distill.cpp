// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/distill.h"

#include <algorithm>
#include <sstream>

#include "core/analyze/answers/class_scores.h"
#include "core/data/data_split.h"
#include "core/data/joined_source.h"
#include "core/finetune/checkpoint.h"
#include "core/finetune/feature_match_loss.h"
#include "core/finetune/training_subject.h"
#include "core/run/executor.h"
#include "core/train/trainable.h"

namespace lapidary::core {
namespace {

constexpr std::size_t firstSample[]{0};

void requireClasses(const Session& teacher) {
  if (teacher.data() == nullptr || teacher.data()->size() == 0)
    throw Error(ErrorKind::Usage, "a student learns from samples: open data");
  if (teacher.qualityKind() == QualityKind::Noise)
    throw Error(ErrorKind::Unsupported,
                "the teacher's outputs are not scores of classes: there is nothing to distil");
  if (const std::int64_t fixed = fixedBatch(teacher.model()); fixed > 0)
    throw Error(ErrorKind::Unsupported, "the teacher takes exactly " + std::to_string(fixed) +
                                            " samples at once: save it with a batch axis that is free");
}

/// Rows of the table that the input is looked up in; where it takes a detour, of the largest table.
std::int64_t vocabularyOf(const Model& model, ValueId input) {
  std::int64_t largest = 0;
  for (const Layer& layer : model.layers) {
    if (layer.opType != "Gather" || layer.shape.empty() || !layer.node.valid()) continue;
    const Node& node = model.graph->node(layer.node);
    if (node.inputs.size() > 1 && node.inputs[1] == input) return layer.shape.front();
    largest = std::max(largest, layer.shape.front());
  }
  return largest;
}

bool isTokens(const Tensor& input) {
  return (input.dtype() == DType::Int64 || input.dtype() == DType::Int32) && input.rank() == 2;
}

ClassScores scoresOfFirst(const Model& model, const Dataset& data) {
  return classScores(Executor(model, {}).run(model, data.inputs(firstSample)).outputs, model.scoresOutput);
}

/// One training: both sides' data, the losses and the validation.
class Distillation {
 public:
  Distillation(const Session& teacher, const Model& student, const DistillRequest& request,
               const Progress& progress, const OnTrainedEpoch& onEpoch,
               const std::function<void(const StepNews&)>& onStep)
      : m_teacher(teacher.model()),
        m_student(student),
        m_request(request),
        m_progress(progress),
        m_onStep(onStep),
        m_best(request.patience, onEpoch),
        m_checkpoint(request.checkpoint, {}) {
    const DataSplit split = splitData(*teacher.data(), m_teacher, request.heldOut, 0);
    std::shared_ptr<const DataSource> samples = split.choosing->sharedSource();
    if (split.choosing->labelled()) m_labels = labelsOf(*split.choosing);
    if (request.unlabelled) samples = std::make_shared<const JoinedSource>(samples, request.unlabelled);
    m_theirs = std::make_shared<const Dataset>(samples, teacher.data()->preprocess(), m_teacher,
                                               teacher.data()->preprocessOrigin());
    m_mine = studentData(*m_theirs, student, request.preprocess);
    m_heldOut = split.reporting;
    if (m_checkpoint.wanted()) m_checkpoint = Checkpoint(request.checkpoint, subjectFor(teacher));
  }

  Distilled run() {
    requireSameClasses();
    const std::optional<SavedTraining> saved = loaded();
    const unsigned workers = m_request.train.workers;
    const bool labelsAlone =
        m_request.loss.teacher <= 0 && !m_request.unlabelled && m_labels.size() == m_mine->size();
    const ClassLoss loss(
        m_request.loss,
        labelsAlone ? ClassAnswers{} : classAnswers(m_teacher, *m_theirs, workers, m_progress.stop),
        m_labels);
    std::optional<FeatureMatchLoss> features;
    if (m_request.features.wanted())
      features.emplace(m_request.features, m_teacher, *m_theirs, m_student, *m_mine);
    TrainSubject subject;
    subject.start = features ? features->student() : m_student;
    subject.trained = trainableValues(m_student);
    if (subject.trained.empty())
      throw Error(ErrorKind::Unsupported,
                  "the student has no weights of 32-bit floats: it cannot be trained");
    subject.samples = m_mine->size();
    subject.inputs = [&](std::span<const std::size_t> samples) { return m_mine->inputs(samples); };
    subject.loss = [&](std::span<const Tensor> outputs, std::span<const std::size_t> samples) {
      TrainSubject::Gradients gradients = loss.of(outputs, samples);
      if (features) features->addTo(gradients, outputs, samples);
      return gradients;
    };
    learn(subject, saved ? &*saved : nullptr);
    return {m_best.model(), m_best.epochs(), m_best.best()};
  }

 private:
  void requireSameClasses() const {
    const std::size_t mine = scoresOfFirst(m_student, *m_mine).classes,
                      theirs = scoresOfFirst(m_teacher, *m_theirs).classes;
    if (mine != theirs)
      throw Error(ErrorKind::InvalidInput, "the student has " + std::to_string(mine) +
                                               " classes, the teacher " + std::to_string(theirs));
  }

  std::string subjectFor(const Session& teacher) const {
    std::ostringstream text;
    text.precision(17);
    text << "distill " << digestOf(m_student) << ' ' << digestOf(*m_theirs) << ' ' << digestOf(*m_mine) << ' '
         << (m_request.unlabelled ? m_request.unlabelled->size() : 0) << ' ' << m_request.heldOut << ' '
         << m_request.patience;
    if (m_request.features.wanted())
      text << ' ' << m_request.features.teacher << '=' << m_request.features.student << ' '
           << m_request.features.weight;
    return trainingSubject(teacher, m_request.train, m_request.loss, text.str());
  }

  /// Before the teacher is asked anything: a file that is refused costs no time.
  std::optional<SavedTraining> loaded() {
    std::optional<SavedTraining> saved = m_checkpoint.load();
    if (!saved) return saved;
    withContext(m_checkpoint.place(), [&] {
      requireFitting(*saved);
      m_best.restore(saved->epochs, saved->best, withWeights(m_student, saved->bestWeights));
    });
    return saved;
  }

  /// What another file of this subject could not hold, but a damaged one may.
  void requireFitting(const SavedTraining& saved) const {
    bool fits = saved.state.epoch + 1 == saved.epochs.size();
    const std::vector<ValueId> trained = trainableValues(m_student);
    const auto& numbers = saved.state.numbers;
    fits = fits && numbers.size() == trained.size() && saved.state.optimizer.first.size() == numbers.size();
    for (std::size_t k = 0; fits && k < numbers.size(); ++k) {
      const auto size = static_cast<std::size_t>(m_student.weights.at(trained[k]).size());
      fits = numbers[k].size() == size && saved.state.optimizer.first[k].size() == size;
    }
    if (!fits) throw Error(ErrorKind::InvalidInput, "it is damaged: it does not hold what this training has");
  }

  void save(const EpochNews& news) const {
    if (m_checkpoint.wanted())
      m_checkpoint.save({0,
                         news.state(),
                         m_best.epochs(),
                         m_best.best(),
                         changedWeights(m_best.model(), m_student),
                         {},
                         false});
  }

  void learn(const TrainSubject& subject, const SavedTraining* saved) {
    // The teacher's answers stand in for labels, of its own data: the validation's numbering is the same.
    const Validation validation(m_heldOut, m_teacher,
                                studentData(*m_heldOut, m_student, m_request.preprocess),
                                m_request.train.workers, m_progress.stop);
    if (saved == nullptr) m_best.tell(validation.measured({}, m_student, m_progress.stop), m_student);
    Verdict verdict = m_best.exhausted() ? Verdict::NoBetter : Verdict::GoOn;
    try {
      TrainHooks hooks;
      hooks.onStep = m_onStep;
      hooks.onEpoch = [&](const EpochNews& news) {
        Model current = *news.model;
        current.graph = m_student.graph;
        const TrainedEpoch epoch{news.epoch, news.loss, 0, news.rate, 0};
        verdict = m_best.tell(validation.measured(epoch, current, m_progress.stop), current);
        save(news);
        return verdict == Verdict::GoOn;
      };
      if (verdict == Verdict::GoOn)
        train(subject, m_request.train, m_progress, hooks, saved != nullptr ? &saved->state : nullptr);
      if (verdict != Verdict::Unwanted) m_checkpoint.remove();
    } catch (const Cancelled&) {
      // The best so far counts.
    }
  }

  const Model &m_teacher, &m_student;
  const DistillRequest& m_request;
  const Progress& m_progress;
  const std::function<void(const StepNews&)>& m_onStep;
  std::vector<std::int64_t> m_labels;  ///< of the first samples
  std::shared_ptr<const Dataset> m_theirs, m_mine, m_heldOut;
  BestEpoch m_best;
  Checkpoint m_checkpoint;
};

}  // namespace

StudentTask studentTask(const Session& teacher) {
  requireClasses(teacher);
  const Graph& graph = *teacher.model().graph;
  StudentTask task;
  task.example = teacher.data()->inputs(firstSample);
  const Tensor& input = task.example.front();
  task.input = graph.value(graph.inputs.front()).name;
  task.dtype = input.dtype();
  task.sample = {input.shape().begin() + 1, input.shape().end()};
  const ClassScores scores = classScores(
      Executor(teacher.model(), {}).run(teacher.model(), task.example).outputs, teacher.model().scoresOutput);
  task.output = graph.value(graph.outputs.at(scores.output)).name;
  task.classes = static_cast<std::int64_t>(scores.classes);
  task.probabilities = scores.probabilities;
  if (!isTokens(input)) return task;
  task.vocabulary = vocabularyOf(teacher.model(), graph.inputs.front());
  if (task.vocabulary == 0)
    throw Error(
        ErrorKind::Unsupported,
        "the teacher takes whole numbers and has no table of embeddings: what they mean is not known");
  return task;
}

std::shared_ptr<const Dataset> studentData(const Dataset& data, const Model& student,
                                           const std::optional<Preprocess>& preprocess) {
  return withContext("the student", [&] {
    return std::make_shared<const Dataset>(data.sharedSource(), preprocess.value_or(data.preprocess()),
                                           student, data.preprocessOrigin());
  });
}

std::optional<Preprocess> preprocessBeside(const Model& student, const DataSource& data) {
  if (student.source.path.empty()) return {};
  const PreprocessChoice choice = choosePreprocess(student, data);
  if (choice.origin != PreprocessOrigin::BesideModel) return {};
  return choice.preprocess;
}

Distilled distill(const Session& teacher, const Model& student, const DistillRequest& request,
                  const Progress& progress, const OnTrainedEpoch& onEpoch,
                  const std::function<void(const StepNews&)>& onStep) {
  requireClasses(teacher);
  if (const std::int64_t fixed = fixedBatch(student); fixed > 0)
    throw Error(ErrorKind::Unsupported,
                "the student takes exactly " + std::to_string(fixed) +
                    " samples at once, which cannot be trained: save it with a batch axis that is free");
  return Distillation(teacher, student, request, progress, onEpoch, onStep).run();
}

}  // namespace lapidary::core
