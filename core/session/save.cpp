// Saving: write, read back, evaluate what was read, and only then put it in place.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "core/analyze/accuracy.h"
#include "core/analyze/batch_runner.h"
#include "core/analyze/class_changes.h"
#include "core/analyze/output_difference.h"
#include "core/analyze/output_meter.h"
#include "core/analyze/predictor.h"
#include "core/explain/explain_sample.h"
#include "core/files/archive.h"
#include "core/files/mapped_file.h"
#include "core/files/scratch_file.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/report/bundle.h"
#include "core/run/executor.h"
#include "core/session/bundle.h"
#include "core/session/state.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostHeatmaps = 8;

[[noreturn]] void differs(const std::string& what) {
  throw Error(ErrorKind::CannotWrite, "what was written does not read back as shown: " + what);
}

/// A file beside the target that bears its final content until it has been checked.
class Unverified {
 public:
  explicit Unverified(const fs::path& target)
      : m_target(target), m_path(scratchPath(target.string(), "unverified")) {}
  ~Unverified() {
    std::error_code ignored;
    fs::remove(m_path, ignored);
  }
  std::string path() const { return m_path.string(); }
  /// Errors name the target: nobody knows the file beside it.
  void write(const std::function<void(const Append&)>& content) const {
    try {
      writeFileAtomically(path(), content);
    } catch (const Error& error) {
      std::string message = error.what();
      if (message.starts_with(path())) message.replace(0, path().size(), m_target.string());
      throw Error(error.kind(), message);
    }
  }
  void putInPlace() const {
    requireUnchangedFiles();
    core::putInPlace(path(), m_target.string());
  }

 private:
  fs::path m_target, m_path;
};

Bytes inMemory(const Format& format, const Model& model, const Progress& progress) {
  auto buffer = std::make_shared<std::vector<std::byte>>();
  buffer->reserve(format.sizeOf(model));
  format.write(
      model,
      [&](std::span<const std::byte> bytes) { buffer->insert(buffer->end(), bytes.begin(), bytes.end()); },
      progress);
  return {buffer, *buffer};
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

/// A reopened model and the means to ask it.
struct Reopened {
  Model model;
  std::unique_ptr<const Executor> executor;
  std::optional<Predictions> predictions;
  std::optional<Quality> difference;  ///< of outputs that are no scores of classes
};

OutputDifference differenceOf(const ComparedModels& models, const Session& session,
                              const Session::State& state, const Progress& progress) {
  OutputDifference difference;
  extendDifference(models, *session.data(), session.data()->size(), state.memory.workers, difference,
                   progress);
  return difference;
}

void compareOutputs(const Session& session, const Session::State& state, const RunnableCut& cut,
                    Reopened& reopened, const Progress& progress) {
  const Dataset& data = *session.data();
  const Remembering remembering{true, 0, state.memory.chunk}, forgetting{false, 0, state.memory.chunk};
  const BatchRunner original(session.model(), *state.executor, data, remembering);
  const BatchRunner shown(cut.model, *cut.executor, data, remembering);
  const BatchRunner found(reopened.model, *reopened.executor, data, forgetting);
  requireSame(differenceOf({cut.model, shown, reopened.model, found}, session, state, progress));
  reopened.difference = qualityOf(
      data, differenceOf({session.model(), original, reopened.model, found}, session, state, progress));
}

Reopened checkedModel(const Session& session, const Session::State& state, Model model,
                      const Predictions* shown, const RunnableCut& cut, const AnswerTolerance& tolerance,
                      const Progress& progress) {
  Reopened reopened{std::move(model), nullptr, std::nullopt, std::nullopt};
  if (!reopened.model.runnable()) {
    requireSameWeights(cut.model, reopened.model);
    return reopened;
  }
  if (!session.obstacles().empty()) return reopened;
  reopened.executor = std::make_unique<const Executor>(reopened.model, Executor::Options{true, nullptr});
  if (session.data() && !state.classAnswers) compareOutputs(session, state, cut, reopened, progress);
  if (shown == nullptr) return reopened;
  const Dataset& data = *session.data();
  reopened.predictions.emplace();
  Predictor(reopened.model, *reopened.executor, data, state.memory.workers,
            Remembering{false, 0, state.memory.chunk})
      .extend(reopened.model, data.size(), *reopened.predictions, progress);
  requireSame(*shown, *reopened.predictions, data, tolerance);
  return reopened;
}

std::string utcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Empty where the path is no readable file (an embedded model, a folder of pictures).
std::string hashOfFile(const std::string& path) {
  std::error_code error;
  if (path.empty() || !fs::is_regular_file(path, error)) return {};
  try {
    return sha256(mapFile(path).view);
  } catch (const Error&) {
    return {};  // it was moved since: a manifest without its hash is still true
  }
}

std::vector<std::size_t> samplesToExplain(const Dataset& data, const Comparison& comparison) {
  std::vector<std::size_t> samples;
  for (const auto* list : {&comparison.lost, &comparison.changed, &comparison.gained})
    for (const ChangedSample& changed : *list) samples.push_back(changed.sample);
  samples.insert(samples.end(), data.order().begin(), data.order().end());
  std::vector<std::size_t> chosen;
  for (const std::size_t sample : samples)
    if (chosen.size() < mostHeatmaps && std::ranges::find(chosen, sample) == chosen.end())
      chosen.push_back(sample);
  return chosen;
}

BundleContent::Heatmap heatmapOf(const Model& original, const Executor& executor, const Reopened& reopened,
                                 const Dataset& data, std::size_t sample, const Progress& progress) {
  const std::size_t one[] = {sample};
  const std::vector<Tensor> inputs = data.inputs(one);
  BundleContent::Heatmap map;
  map.sample = sample;
  map.sampleName = data.source().sampleName(sample);
  if (data.labelled()) map.truth = data.source().label(sample);
  const auto& names = data.source().classNames();
  if (map.truth >= 0 && static_cast<std::size_t>(map.truth) < names.size())
    map.truthName = names[static_cast<std::size_t>(map.truth)];
  map.original = saliency(original, executor, inputs, SaliencyMethod::Gradient, -1, progress);
  map.cut = saliency(reopened.model, *reopened.executor, inputs, SaliencyMethod::Gradient,
                     map.original.targetClass, progress);
  return map;
}

std::vector<BundleContent::Heatmap> heatmaps(const Session& session, const Executor& executor,
                                             const Reopened& reopened, const Comparison& comparison,
                                             const Progress& progress) {
  const std::vector<std::size_t> samples = samplesToExplain(*session.data(), comparison);
  std::vector<BundleContent::Heatmap> maps(samples.size());
  const Progress stopOnly{progress.stop, {}};
  try {
    parallelFor(samples.size(), session.workers(), [&](std::size_t i, unsigned) {
      maps[i] = heatmapOf(session.model(), executor, reopened, *session.data(), samples[i], stopOnly);
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return {};  // a model without gradients gives a report without heatmaps
  }
  return maps;
}

/// One way of saving: all share the session, the cut and what was shown of it.
class Saver {
 public:
  Saver(const Session& session, Session::State& state, const Recipe& recipe, const BundleExtras& extras,
        const Progress& progress)
      : m_session(session),
        m_state(state),
        m_recipe(recipe),
        m_extras(extras),
        m_progress(progress),
        m_cut(state.prepare(recipe, progress)) {
    if (session.data() && state.canRun() && state.classAnswers)
      m_shown = state.predictionsOf(recipe, progress);
  }

  SavedFile saveModel(const std::string& path, const Format& format) {
    const Unverified file{fs::path(path)};
    file.write([&](const Append& append) { format.write(m_cut.model, append, m_progress); });
    const Bytes bytes = mapFile(file.path());
    const Reopened reopened = checkedModel(m_session, m_state, read(bytes, format, path), m_shown.get(),
                                           m_cut, AnswerTolerance::of(m_recipe), m_progress);
    SavedFile saved{path, bytes.view.size(), sha256(bytes.view), quality(reopened)};
    file.putInPlace();
    return saved;
  }

  SavedFile saveBundle(const std::string& path) {
    const Format& onnx = *formatForPath("model.onnx");
    BundleContent content;
    content.modelFile = inMemory(onnx, m_cut.model, m_progress);
    const Reopened reopened = checkedModel(m_session, m_state, read(content.modelFile, onnx, "model.onnx"),
                                           m_shown.get(), m_cut, AnswerTolerance::of(m_recipe), m_progress);
    fill(content, reopened);
    const Bytes zip = makeBundle(content);
    const Unverified file{fs::path(path)};
    file.write([&](const Append& append) { append(zip.view); });
    const Bytes found = mapFile(file.path());
    const Bytes model = ArchiveReader(found).read("model.onnx", content.modelFile.view.size());
    if (!std::ranges::equal(model.view, content.modelFile.view)) differs("model.onnx in the bundle");
    SavedFile saved{path, found.view.size(), sha256(found.view), content.outcome.quality};
    file.putInPlace();
    return saved;
  }

 private:
  static Model read(const Bytes& bytes, const Format& format, const std::string& name) {
    return withContext("reading back " + name, [&] { return format.read({bytes, name, ""}, {}); });
  }

  /// Of the reopened model; where the file has no graph its weights were found to be the shown ones.
  std::optional<Quality> quality(const Reopened& reopened) {
    if (reopened.difference) return reopened.difference;
    const Predictions* answers = reopened.predictions ? &*reopened.predictions : m_shown.get();
    if (answers == nullptr) return std::nullopt;
    const auto before = m_state.originalPredictions(answers->samples.size(), m_progress);
    return qualityOf(*m_session.data(), *before, *answers);
  }

  void fill(BundleContent& content, const Reopened& reopened) {
    content.original = m_session.model();
    content.recipe = m_recipe;
    content.outcome = m_session.evaluate(m_recipe, {}, {m_progress.stop, {}});
    if (reopened.predictions || reopened.difference) content.outcome.quality = quality(reopened);
    content.originalSha256 = hashOfFile(m_session.model().source.path);
    content.createdUtc = utcNow();
    if (!m_session.data()) return;
    const std::string dataPath = m_session.data()->source().path();
    content.dataName = fs::path(dataPath).filename().string();
    content.preprocess = m_session.data()->preprocess();
    if (const std::string hash = hashOfFile(dataPath); !hash.empty()) content.dataSha256 = hash;
    if (!reopened.predictions) return;
    const auto before = m_state.originalPredictions(reopened.predictions->samples.size(), m_progress);
    const Comparison comparison = comparisonOf(*m_session.data(), *before, *reopened.predictions);
    content.heatmaps = heatmaps(m_session, *m_state.executor, reopened, comparison, m_progress);
    fillTrust(content, reopened, comparison);
  }

  /// Of the reopened model too.
  void fillTrust(BundleContent& content, const Reopened& reopened, const Comparison& comparison) {
    content.classes = classChanges(comparison);
    content.classNames = m_session.data()->source().classNames();
    content.outcome.reliability = comparison.reliability;
    content.outcome.originalReliability = comparison.originalReliability;
    content.outcome.drift = m_state.driftOf({reopened.model, reopened.executor.get()}, {m_progress.stop, {}});
    content.visited = m_state.memo.finished();
    attack(content, reopened.model);
  }

  void attack(BundleContent& content, const Model& made) {
    const Dataset& data = *m_session.data();
    if (m_extras.attacks) {
      RobustnessRequest request = *m_extras.attacks;
      request.workers = m_state.memory.workers;
      content.robustness =
          robustness(m_session.model(), m_recipe.empty() ? nullptr : &made, data, request, m_progress);
    }
    if (!m_extras.detectorOfFalseAlarms) return;
    RobustnessRequest request = m_extras.attacks.value_or(RobustnessRequest{});
    request.strengths.clear();  // its own usual ones
    request.samples = detectorSamples;
    request.workers = m_state.memory.workers;
    content.detector = detectorFor(made, data, request, *m_extras.detectorOfFalseAlarms, m_progress);
  }

  const Session& m_session;
  Session::State& m_state;
  const Recipe& m_recipe;
  const BundleExtras& m_extras;
  const Progress& m_progress;
  RunnableCut m_cut;
  std::shared_ptr<const Predictions> m_shown;  ///< null without data
};

}  // namespace

SavedFile Session::save(const Recipe& recipe, const std::string& path, const Progress& progress) const {
  return save(recipe, path, BundleExtras{}, progress);
}

SavedFile Session::save(const Recipe& recipe, const std::string& path, const BundleExtras& extras,
                        const Progress& progress) const {
  std::string ending = fs::path(path).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const Format* format = formatForPath(path);
  if (ending != ".zip" && (format == nullptr || format->write == nullptr))
    throw Error(ErrorKind::Usage, path + ": the ending must be .onnx, .lapidary, .safetensors, .npz or .zip");
  if (!model().runnable() && (ending == ".zip" || ending == ".onnx"))
    throw Error(ErrorKind::Usage, path + ": the model holds weights without a graph, which " +
                                      (ending == ".zip" ? "a bundle" : "ONNX") +
                                      " needs; the ending must be .lapidary, .safetensors or .npz");
  std::error_code missing;
  if (!model().source.path.empty() && fs::equivalent(path, model().source.path, missing))
    throw Error(ErrorKind::Usage, path + ": this is the model that is open; write the cut to another file");
  return withContext("writing " + path, [&] {
    Saver saver(*this, *m_state, recipe, extras, progress);
    return ending == ".zip" ? saver.saveBundle(path) : saver.saveModel(path, *format);
  });
}

}  // namespace lapidary::core
