#include "core/compress/cut/cutter.h"

#include <set>

#include "core/compress/cut/calibrated_cut.h"
#include "core/compress/cut/cut_memo.h"
#include "core/compress/cut/ranking.h"
#include "core/compress/cut/repaired_cutters.h"
#include "core/compress/cut/restructure.h"
#include "core/compress/inputs/matrix_copy.h"
#include "core/compress/inputs/output_error.h"
#include "core/compress/prune/prune.h"
#include "core/compress/prune/prune_shapes.h"
#include "core/compress/quantize/stored_encoding.h"
#include "core/model/override.h"
#include "core/support/nearest.h"

namespace lapidary::core {
namespace {

/// What the cutter learns about a layer, once.
struct LayerMemo {
  std::once_flag weightOnce, statisticsOnce;
  Tensor weight;
  std::unique_ptr<const WeightStatistics> statistics;
  std::mutex mutex;
  std::shared_ptr<const Scored> scored;  ///< by Taylor
};

/// Layers of mode Global, in the model's order, each shared weight once.
std::vector<LayerId> globalLayers(const Model& model, const Recipe& recipe) {
  std::vector<LayerId> layers;
  std::set<ValueId> seen;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const auto edit = recipe.edits.find(model.layers[i].name);
    if (edit == recipe.edits.end() || !seen.insert(model.layers[i].weight).second) continue;
    if (edit->second.prune.mode == PruneMode::Global) layers.push_back(LayerId{i});
  }
  return layers;
}

/// "; the nearest are 'conv1', 'conv2'".
std::string likeIt(const Model& model, const std::string& name) {
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) names.push_back(layer.name);
  std::string text;
  for (const std::string& near : nearestNames(name, names, 3))
    text += (text.empty() ? "; the nearest are '" : ", '") + near + "'";
  return text;
}

}  // namespace

struct Cutter::Memo {
  Memo(const Cutter& owner, Model model, std::size_t budget)
      : original(std::move(model)),
        budgetBytes(budget),
        restructurer(owner, budget / 4),
        repaired(owner),
        layers(original.layers.size()),
        cuts(budget) {}

  /// Where the layer's weight is that of the model this one was made of: its memory; else null.
  Memo* elsewhere(LayerId layer) const {
    return parent != nullptr && layer.index < shared.size() && shared[layer.index] ? parent : nullptr;
  }

  const Tensor& weight(LayerId layer) {
    if (Memo* other = elsewhere(layer)) return other->weight(layer);
    LayerMemo& memo = at(layer);
    std::call_once(memo.weightOnce, [&] { memo.weight = layerWeight(original, original.layer(layer)); });
    return memo.weight;
  }

  const WeightStatistics& statistics(LayerId layer) {
    if (Memo* other = elsewhere(layer)) return other->statistics(layer);
    LayerMemo& memo = at(layer);
    std::call_once(memo.statisticsOnce,
                   [&] { memo.statistics = std::make_unique<const WeightStatistics>(weight(layer)); });
    return *memo.statistics;
  }

  /// Null where there are no samples.
  CalibrationSource* findSource() {
    if (parent != nullptr)
      std::call_once(sourceOnce, [&] {
        if (CalibrationSource* of = parent->findSource()) source = of->over(original);
      });
    return source.get();
  }

  CalibrationSource& requireSource() {
    if (CalibrationSource* found = findSource()) return *found;
    throw Error(ErrorKind::Usage, "this method learns from calibration samples: open data");
  }

  std::shared_ptr<const Scored> knownScores(LayerId layer) {
    if (Memo* other = elsewhere(layer)) return other->knownScores(layer);
    LayerMemo& memo = at(layer);
    const std::lock_guard lock(memo.mutex);
    return memo.scored;
  }

  /// Runs samples where that was not done before.
  std::shared_ptr<const Scored> scores(LayerId layer, const Progress& progress) {
    if (Memo* other = elsewhere(layer)) return other->scores(layer, progress);
    if (auto known = knownScores(layer)) return known;
    auto made =
        std::make_shared<const Scored>(slopeScores(weight(layer), requireSource().slopesOf(layer, progress)));
    LayerMemo& memo = at(layer);
    const std::lock_guard lock(memo.mutex);
    if (!memo.scored) memo.scored = std::move(made);
    return memo.scored;
  }

  Cutoff cutoff(const Recipe& recipe, LayerId layer, const Progress& progress) {
    const auto edit = recipe.edits.find(original.layer(layer).name);
    if (edit == recipe.edits.end() || edit->second.prune.mode == PruneMode::None) return {};
    const Prune& prune = edit->second.prune;
    if (prune.mode == PruneMode::Global) return globalCutoff(recipe, layer, progress);
    // A threshold needs no order statistics: a large layer is cut before it was ever sorted.
    if (prune.mode == PruneMode::Threshold) return {prune.value, 0};
    if (rankedByInputs(prune) || prunesInShape(prune)) return {};
    if (rankedBySlopes(prune)) return cutoffFor(scores(layer, progress)->statistics, prune);
    return cutoffFor(statistics(layer), prune);
  }

  std::vector<double> channelScores(LayerId id, Criterion criterion, const Progress& progress) {
    const Layer& layer = original.layer(id);
    if (criterion == Criterion::Wanda || criterion == Criterion::Reconstruct)
      throw Error(ErrorKind::InvalidInput, std::string(name(criterion)) + " does not rank whole channels");
    if (criterion != Criterion::Taylor) return filterScores(weight(id), layer.channelAxis, criterion);
    return filterSums(scores(id, progress)->scores.as<float>(), layer.shape, layer.channelAxis);
  }

  /// Nothing where the recipe leaves the layer as it is.
  std::optional<CutKey> keyOf(const Recipe& recipe, LayerId layer, const Progress& progress) {
    const auto edit = recipe.edits.find(original.layer(layer).name);
    if (edit == recipe.edits.end()) return std::nullopt;
    const Prune& prune = edit->second.prune;
    CutKey key{layer, cutoff(recipe, layer, progress), edit->second.quantize, {}};
    if (rankedByInputs(prune)) key.prune = prune;
    if (prunesInShape(prune)) key.prune = shapeOf(prune);
    if (rankedBySlopes(prune)) key.prune.criterion = Criterion::Taylor;
    const bool prunes = key.cutoff.threshold > 0 || key.cutoff.count > 0 || key.prune.mode != PruneMode::None;
    if (!prunes && key.quantize.scheme == Scheme::None) return std::nullopt;
    return key;
  }

  double outputPowerOf(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
                       LayerId layer) {
    {
      const std::lock_guard lock(errorsMutex);
      if (const auto it = outputPowers.find(layer.index); it != outputPowers.end()) return it->second;
    }
    const double power = outputPower(inputs, matrix, weights, false);
    const std::lock_guard lock(errorsMutex);
    return outputPowers[layer.index] = power;
  }

  /// Relative squared error of the layer's output; a product of matrices the first time.
  double errorOf(const LayerInputs& inputs, const CutKey& key) {
    {
      const std::lock_guard lock(errorsMutex);
      if (const auto it = errors.find(key); it != errors.end()) return it->second;
    }
    const Layer& layer = original.layer(key.layer);
    const WeightMatrix matrix = weightMatrix(layer.shape, layer.channelAxis);
    const CutWeight made = cut(key, {}, {});
    const std::vector<float> before = gathered(matrix, weight(key.layer).as<float>());
    const double signal = outputPowerOf(inputs, matrix, before, key.layer);
    const double error = signal > 0
                             ? outputNoise(inputs, matrix, before, gathered(matrix, made.values.as<float>()),
                                           made.bias.defined()) /
                                   signal
                             : 0;
    const std::lock_guard lock(errorsMutex);
    if (errors.size() > 10'000) errors.clear();
    return errors[key] = error;
  }

  CutWeight cut(const CutKey& key, std::span<const InputRequest> soon, const Progress& progress) {
    if (Memo* other = elsewhere(key.layer)) return other->cut(key, {}, progress);
    if (const auto known = cuts.find(key)) return *known;
    const Layer& layer = original.layer(key.layer);
    CutWeight made =
        withContext("layer '" + layer.name + "'", [&] { return makeCut(key, layer, soon, progress); });
    const bool values = key.prune.criterion == Criterion::Reconstruct;  // then they are no longer the file's
    if (key.quantize.scheme == Scheme::None && !values)
      if (const auto codes = storedEncoding(original, layer)) made.encoding = withZeros(*codes, made.values);
    made.values = asStored(made.values, layer.weight);
    if (made.bias.defined()) made.bias = asStored(made.bias, made.biasOf);
    return cuts.insert(key, std::move(made));
  }

  /// What is to be learnt for the cuts that are not in memory.
  std::vector<InputRequest> requestsFor(const std::vector<CutKey>& keys) {
    std::vector<InputRequest> requests;
    for (const CutKey& key : keys)
      if (const auto detail = detailFor(key.prune, key.quantize);
          detail && elsewhere(key.layer) == nullptr && !cuts.find(key))
        requests.push_back({key.layer, *detail});
    return requests;
  }

  Model original;
  std::size_t budgetBytes;
  Restructurer restructurer;
  RepairedCutters repaired;
  Memo* parent = nullptr;
  std::vector<bool> shared;  ///< by layer

 private:
  CutWeight makeCut(const CutKey& key, const Layer& layer, std::span<const InputRequest> soon,
                    const Progress& progress) {
    const auto detail = detailFor(key.prune, key.quantize);
    const bool byScores = key.prune.criterion == Criterion::Taylor;
    if (!detail && !byScores && key.prune.mode != PruneMode::None)
      return cutWeight(weight(key.layer), layer.channelAxis, key.prune, key.quantize);
    if (!detail && !byScores)
      return cutWeight(weight(key.layer), layer.channelAxis, key.cutoff.threshold, key.cutoff.count,
                       key.quantize);
    CalibratedEdit edit{original, layer, weight(key.layer), key.cutoff, {}, key.prune, key.quantize, nullptr};
    if (byScores) edit.scores = scores(key.layer, progress)->scores;
    if (detail) edit.inputs = requireSource().inputsOf({key.layer, *detail}, soon, progress);
    return calibratedCut(edit, {progress.stop, {}});
  }

  /// A file of half precision holds the cut values rounded: what is shown is what it will hold.
  Tensor asStored(const Tensor& values, ValueId place) const {
    const DType stored = storedType(*original.graph, place).value_or(DType::Float32);
    const bool half = stored == DType::Float16 || stored == DType::BFloat16;
    return half ? toFloat32(convert(values, stored)) : values;
  }

  LayerMemo& at(LayerId layer) {
    if (layer.index >= layers.size())
      throw Error(ErrorKind::InvalidInput, "the model has no layer of this number");
    return layers[layer.index];
  }

  /// The newest global ranking is remembered: every layer of one recipe asks for it.
  Cutoff globalCutoff(const Recipe& recipe, LayerId layer, const Progress& progress) {
    const std::vector<LayerId> ranked = globalLayers(original, recipe);
    const bool slopes = rankedBySlopes(recipe.editOf(original.layer(layer).name).prune);
    std::vector<const WeightStatistics*> each;
    for (const LayerId id : ranked)
      each.push_back(slopes ? &scores(id, progress)->statistics : &statistics(id));
    const std::lock_guard lock(globalMutex);
    if (ranked != globalRanked || slopes != globalBySlopes || recipe.globalSparsity != globalSparsity) {
      globalResult = globalCutoffs(each, recipe.globalSparsity);
      globalRanked = ranked;
      globalBySlopes = slopes;
      globalSparsity = recipe.globalSparsity;
    }
    for (std::size_t i = 0; i < ranked.size(); ++i)
      if (original.layer(ranked[i]).weight == original.layer(layer).weight) return globalResult[i];
    return {};
  }

  std::vector<LayerMemo> layers;
  std::mutex globalMutex;
  std::vector<LayerId> globalRanked;
  double globalSparsity = -1;
  bool globalBySlopes = false;
  std::vector<Cutoff> globalResult;

 public:
  CutMemo cuts;
  std::shared_ptr<CalibrationSource> source;
  std::once_flag sourceOnce;  ///< of a reduced model's own
  std::mutex errorsMutex;
  std::map<CutKey, double> errors;               ///< of outputs; a number each
  std::map<std::uint32_t, double> outputPowers;  ///< of the original, by layer
};

Cutter::Cutter(Model original, std::size_t memoBytes)
    : m_memo(std::make_unique<Memo>(*this, std::move(original), memoBytes)) {}
Cutter::Cutter(Model reduced, const Cutter& parent, std::vector<bool> shared)
    : Cutter(std::move(reduced), parent.m_memo->budgetBytes / 8) {
  m_memo->parent = parent.m_memo.get();
  m_memo->shared = std::move(shared);
}
Cutter::~Cutter() = default;

const Model& Cutter::original() const { return m_memo->original; }
Tensor Cutter::weight(LayerId layer) const { return m_memo->weight(layer); }
const WeightStatistics& Cutter::statistics(LayerId layer) const { return m_memo->statistics(layer); }

ChannelGroup Cutter::channelGroup(LayerId layer) const { return m_memo->restructurer.groups().group(layer); }

std::string Cutter::obstacleTo(PruneMode mode, LayerId layer) const {
  if (!removes(mode)) return {};
  return obstacleToRemoval(m_memo->restructurer.groups(), layer, mode == PruneMode::Heads);
}

std::vector<double> Cutter::channelScores(LayerId layer, Criterion criterion,
                                          const Progress& progress) const {
  return withContext("layer '" + original().layer(layer).name + "'",
                     [&] { return m_memo->channelScores(layer, criterion, progress); });
}

ReducedCut Cutter::reduce(const Recipe& recipe, const Progress& progress) const {
  if (recipe.repaired) return m_memo->repaired.reduce(recipe, progress);
  if (!restructures(recipe)) return {nullptr, recipe};
  return m_memo->restructurer.reduce(recipe, progress);
}

ReducedCut Cutter::rebased(const Recipe& recipe) const { return m_memo->repaired.over(recipe); }

void Cutter::calibrateWith(std::shared_ptr<CalibrationSource> source) { m_memo->source = std::move(source); }

double Cutter::threshold(const Recipe& recipe, LayerId layer) const {
  if (const ReducedCut reduced = reduce(recipe); reduced.cutter)
    return reduced.cutter->threshold(reduced.rest, layer);
  const Prune prune = recipe.editOf(original().layer(layer).name).prune;
  return rankedBySlopes(prune) || prunesInShape(prune) ? 0 : m_memo->cutoff(recipe, layer, {}).threshold;
}

std::int64_t Cutter::prunedZeros(const Recipe& recipe, LayerId layer) const {
  if (const ReducedCut reduced = reduce(recipe); reduced.cutter) {
    const std::int64_t left = reduced.cutter->original().layer(layer).parameters();
    return original().layer(layer).parameters() - left + reduced.cutter->prunedZeros(reduced.rest, layer);
  }
  const Layer& edited = original().layer(layer);
  const Prune prune = recipe.editOf(edited.name).prune;
  const WeightStatistics& statistics = m_memo->statistics(layer);
  const bool known = prune.criterion != Criterion::Taylor || m_memo->knownScores(layer);
  if (prunesInShape(prune) && known) return m_memo->cut({layer, {}, {}, shapeOf(prune)}, {}, {}).zeros;
  if (rankedByInputs(prune) || prune.mode == PruneMode::Pattern)
    return std::max(statistics.zeros(), zerosByInputs(prune, weightMatrix(edited.shape, edited.channelAxis)));
  if (!rankedBySlopes(prune)) return zerosAfter(statistics, m_memo->cutoff(recipe, layer, {}));
  if (prune.mode == PruneMode::Sparsity) return zerosAfter(statistics, cutoffFor(statistics, prune));
  for (const LayerId each : globalLayers(original(), recipe))
    if (!m_memo->knownScores(each)) return statistics.zeros();
  return std::max(statistics.zeros(), m_memo->cutoff(recipe, layer, {}).count);
}

std::optional<CutWeight> Cutter::cut(const Recipe& recipe, LayerId layer, const Progress& progress) const {
  if (const ReducedCut base = rebased(recipe); base.cutter)
    return base.cutter->cut(base.rest, layer, progress);
  if (restructures(recipe)) return m_memo->restructurer.cutAsOriginal(recipe, layer, progress);
  const auto key = m_memo->keyOf(recipe, layer, progress);
  if (!key) return std::nullopt;
  return m_memo->cut(*key, {}, progress);
}

CutWeight Cutter::cutAt(LayerId layer, const Cutoff& cutoff, const Quantize& quantize) const {
  return m_memo->cut({layer, cutoff, quantize, {}}, {}, {});
}

std::optional<OutputErrors> Cutter::outputErrors(const Recipe& recipe, LayerId layer) const {
  if (const ReducedCut base = rebased(recipe); base.cutter)
    return base.cutter->outputErrors(base.rest, layer);
  Memo& memo = *m_memo;
  const Layer& edited = original().layer(layer);
  if (!memo.source || restructures(recipe)) return std::nullopt;
  const auto inputs = memo.source->knownInputs({layer, InputDetail::Gram});
  const bool scored = rankedBySlopes(recipe.editOf(edited.name).prune);
  if (!inputs || (scored && !memo.knownScores(layer))) return std::nullopt;
  const auto key = memo.keyOf(recipe, layer, {});
  if (!key) return std::nullopt;
  const auto plain = memo.keyOf(plainly(recipe), layer, {});
  return OutputErrors{memo.errorOf(*inputs, *key), plain ? memo.errorOf(*inputs, *plain) : 0};
}

Model Cutter::apply(const Recipe& recipe, const Progress& progress,
                    const std::function<void(std::size_t, std::size_t)>& onSamples) const {
  validate(recipe);
  for (const auto& [name, edit] : recipe.edits)
    if (!original().findLayer(name).valid())
      throw Error(ErrorKind::InvalidInput,
                  "recipe: the model has no layer '" + name + "'" + likeIt(original(), name));
  const Progress sampling{progress.stop, onSamples};
  if (recipe.repaired || restructures(recipe)) {
    const ReducedCut reduced = reduce(recipe, sampling);
    return (reduced.cutter ? *reduced.cutter : *this).apply(reduced.rest, progress, onSamples);
  }
  Model model = original();
  std::set<ValueId> done;
  std::vector<CutKey> keys;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    if (!recipe.edits.contains(layer.name) || !done.insert(layer.weight).second) continue;
    if (const auto key = m_memo->keyOf(recipe, LayerId{i}, sampling)) keys.push_back(*key);
  }
  const auto requests = m_memo->requestsFor(keys);
  std::size_t step = 0;
  for (const CutKey& key : keys) {
    progress.step(step++, keys.size());
    const auto here = std::ranges::find(requests, key.layer, &InputRequest::layer);
    const CutWeight made = m_memo->cut(key, {here, requests.end()}, sampling);
    const Layer& layer = model.layer(key.layer);
    model.weights[layer.weight] = made.values;
    if (made.encoding)
      model.encodings[layer.weight] = made.encoding;
    else
      model.encodings.erase(layer.weight);
    if (made.bias.defined()) model.weights[made.biasOf] = made.bias;
  }
  progress.step(keys.size(), keys.size());
  return model;
}

}  // namespace lapidary::core
