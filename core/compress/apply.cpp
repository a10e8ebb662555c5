#include "core/compress/apply.h"

#include <set>

#include "core/compress/cut_memo.h"
#include "core/compress/prune.h"
#include "core/compress/stored_encoding.h"
#include "core/model/override.h"
#include "core/support/nearest.h"

namespace lapidary::core {
namespace {

/// What the cutter learns about a layer, once.
struct LayerMemo {
  std::once_flag weightOnce, statisticsOnce;
  Tensor weight;
  std::unique_ptr<const WeightStatistics> statistics;
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

/// Throws for methods that this cutter does not know.
void requireKnown(const Recipe& recipe) {
  const auto unknown = [](bool is, std::string_view method) {
    if (is) throw Error(ErrorKind::Unsupported, std::string(method) + " is not known to this version");
  };
  unknown(recipe.equalize, "recipe: equalize");
  for (const auto& [layer, edit] : recipe.edits)
    withContext("recipe: layer '" + layer + "'", [&] {
      const Prune& prune = edit.prune;
      unknown(prune.mode == PruneMode::Pattern || prune.mode == PruneMode::Blocks, name(prune.mode));
      unknown(removes(prune.mode), name(prune.mode));
      unknown(needsSamples(prune.criterion), name(prune.criterion));
      const Quantize& quantize = edit.quantize;
      unknown(quantize.scheme > Scheme::BitPlane, name(quantize.scheme));
      unknown(quantize.granularity == Granularity::Group, "per group");
      unknown(quantize.range != RangeMethod::MinMax, "range");
      unknown(quantize.rounding != Rounding::Nearest, name(quantize.rounding));
      unknown(quantize.correctBias, "bias_correction");
      unknown(quantize.scaleInputs, "awq");
      unknown(edit.lowRank.mode != LowRankMode::None, "low_rank");
    });
}

}  // namespace

struct Cutter::Memo {
  Memo(Model model, std::size_t budget)
      : original(std::move(model)), layers(original.layers.size()), cuts(budget) {}

  const Tensor& weight(LayerId layer) {
    LayerMemo& memo = at(layer);
    std::call_once(memo.weightOnce, [&] { memo.weight = layerWeight(original, original.layer(layer)); });
    return memo.weight;
  }

  const WeightStatistics& statistics(LayerId layer) {
    LayerMemo& memo = at(layer);
    std::call_once(memo.statisticsOnce,
                   [&] { memo.statistics = std::make_unique<const WeightStatistics>(weight(layer)); });
    return *memo.statistics;
  }

  Cutoff cutoff(const Recipe& recipe, LayerId layer) {
    const auto edit = recipe.edits.find(original.layer(layer).name);
    if (edit == recipe.edits.end() || edit->second.prune.mode == PruneMode::None) return {};
    if (edit->second.prune.mode != PruneMode::Global) {
      // A threshold needs no order statistics: a large layer is cut before it was ever sorted.
      if (edit->second.prune.mode == PruneMode::Threshold) return {edit->second.prune.value, 0};
      return cutoffFor(statistics(layer), edit->second.prune);
    }
    return globalCutoff(recipe, layer);
  }

  CutWeight cut(const CutKey& key) {
    if (const auto known = cuts.find(key)) return *known;
    const Layer& layer = original.layer(key.layer);
    CutWeight made = withContext("layer '" + layer.name + "'", [&] {
      return cutWeight(weight(key.layer), layer.channelAxis, key.cutoff.threshold, key.cutoff.count,
                       key.quantize);
    });
    if (key.quantize.scheme == Scheme::None)
      if (const auto codes = storedEncoding(original, layer)) made.encoding = withZeros(*codes, made.values);
    const DType stored = storedType(*original.graph, layer.weight).value_or(DType::Float32);
    // A file of half precision holds the cut values rounded: what is shown is what it will hold.
    if (stored == DType::Float16 || stored == DType::BFloat16)
      made.values = toFloat32(convert(made.values, stored));
    return cuts.insert(key, std::move(made));
  }

  Model original;

 private:
  LayerMemo& at(LayerId layer) {
    if (layer.index >= layers.size())
      throw Error(ErrorKind::InvalidInput, "the model has no layer of this number");
    return layers[layer.index];
  }

  /// The newest global ranking is remembered: every layer of one recipe asks for it.
  Cutoff globalCutoff(const Recipe& recipe, LayerId layer) {
    const std::vector<LayerId> ranked = globalLayers(original, recipe);
    const std::lock_guard lock(globalMutex);
    if (ranked != globalRanked || recipe.globalSparsity != globalSparsity) {
      std::vector<const WeightStatistics*> each;
      for (const LayerId id : ranked) each.push_back(&statistics(id));
      globalResult = globalCutoffs(each, recipe.globalSparsity);
      globalRanked = ranked;
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
  std::vector<Cutoff> globalResult;

 public:
  CutMemo cuts;
};

Cutter::Cutter(Model original, std::size_t memoBytes)
    : m_memo(std::make_unique<Memo>(std::move(original), memoBytes)) {}
Cutter::~Cutter() = default;

const Model& Cutter::original() const { return m_memo->original; }
Tensor Cutter::weight(LayerId layer) const { return m_memo->weight(layer); }
const WeightStatistics& Cutter::statistics(LayerId layer) const { return m_memo->statistics(layer); }

double Cutter::threshold(const Recipe& recipe, LayerId layer) const {
  return m_memo->cutoff(recipe, layer).threshold;
}

std::int64_t Cutter::prunedZeros(const Recipe& recipe, LayerId layer) const {
  return zerosAfter(m_memo->statistics(layer), m_memo->cutoff(recipe, layer));
}

std::optional<CutWeight> Cutter::cut(const Recipe& recipe, LayerId layer) const {
  const auto edit = recipe.edits.find(original().layer(layer).name);
  if (edit == recipe.edits.end()) return std::nullopt;
  const Cutoff cutoff = m_memo->cutoff(recipe, layer);
  const bool prunes = cutoff.threshold > 0 || cutoff.count > 0;
  if (!prunes && edit->second.quantize.scheme == Scheme::None) return std::nullopt;
  return m_memo->cut({layer, cutoff, edit->second.quantize});
}

Model Cutter::apply(const Recipe& recipe, const Progress& progress) const {
  validate(recipe);
  requireKnown(recipe);
  for (const auto& [name, edit] : recipe.edits)
    if (!original().findLayer(name).valid())
      throw Error(ErrorKind::InvalidInput,
                  "recipe: the model has no layer '" + name + "'" + likeIt(original(), name));
  Model model = original();
  std::set<ValueId> done;
  std::size_t step = 0;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    if (!recipe.edits.contains(layer.name) || !done.insert(layer.weight).second) continue;
    progress.check();
    if (const auto made = cut(recipe, LayerId{i})) {
      model.weights[layer.weight] = made->values;
      if (made->encoding)
        model.encodings[layer.weight] = made->encoding;
      else
        model.encodings.erase(layer.weight);
    }
    progress.step(++step, recipe.edits.size());
  }
  return model;
}

}  // namespace lapidary::core
