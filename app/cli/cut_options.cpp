// SPDX-License-Identifier: GPL-3.0-or-later
#include "cut_options.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/compress/quantize/quantize_activations.h"
#include "core/compress/recipe/recipe_words.h"
#include "core/io/common/stored_arrays.h"
#include "core/support/error.h"
#include "terminal/name_pattern.h"
#include "terminal/options.h"
#include "terminal/warnings.h"

namespace lapidary::cli {
namespace {

using namespace core;

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorKind::Usage, message); }

/// Throws unless what the option needs is there.
void require(bool given, bool needed, const char* message) {
  if (given && !needed) refuse(message);
}

/// Two numbers with a sign between them: "2:4", "1x4".
std::optional<std::pair<int, int>> twoNumbers(const std::string& text, char sign) {
  std::pair<int, int> numbers;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, numbers.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != sign) return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, numbers.second);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return numbers;
}

bool quantizes(const CutOptions& o) { return o.bits != 0 || !o.scheme.empty(); }

bool prunesWeights(const CutOptions& o) { return o.sparsity != 0 || !o.pattern.empty(); }

void requireSense(const CutOptions& o) {
  const bool uniform = prunesWeights(o) || quantizes(o) || !o.activations.empty() || o.channels != 0 ||
                       o.heads != 0 || o.rank != 0 || o.energy != 0;
  require(!o.include.empty(), o.recipe.empty(), "--recipe names its layers itself: leave --include away");
  require(!o.recipe.empty(), !uniform,
          "--recipe already says what to do: leave --sparsity, --bits, --scheme, --activations and the like "
          "away");
  require(o.perLayer, o.sparsity != 0, "--per-layer belongs to --sparsity: a recipe says it for each layer");
  require(!o.block.empty(), o.sparsity != 0, "--block needs --sparsity: the share of the blocks that go");
  require(!o.pattern.empty(), o.sparsity == 0, "--pattern says how much goes: leave --sparsity away");
  require(!o.criterion.empty(), prunesWeights(o) || o.channels != 0 || o.heads != 0,
          "--criterion ranks what is pruned: it needs --sparsity, --pattern, --channels or --heads");
  require(o.channels != 0 || o.heads != 0, !prunesWeights(o) && (o.channels == 0 || o.heads == 0),
          "a layer is pruned in one way: take one of --sparsity, --pattern, --channels and --heads");
  require(o.rank != 0, o.energy == 0, "take one of --rank and --energy");
  require(!o.range.empty(), o.activations == "static", "--range belongs to --activations static");
  const bool quantized = quantizes(o);
  require(!o.per.empty(), quantized,
          "--per says how many scales a quantization has: it needs --bits or --scheme");
  require(!o.weightRange.empty() || !o.rounding.empty() || o.correctBias || o.scaleInputs || o.equalize,
          quantized,
          "--weight-range, --rounding, --bias-correction, --awq and --equalize are of a quantization: they "
          "need --bits or --scheme");
  const auto scheme = schemeNamed(o.scheme);
  if (o.bits != 0 && scheme && fixedBits(*scheme) != 0)
    refuse("--scheme " + o.scheme + " has its own number of bits: leave --bits away");
}

Prune pruneOf(const CutOptions& o) {
  Prune prune;
  if (!o.criterion.empty()) prune.criterion = criterionNamed(o.criterion).value_or(Criterion::Magnitude);
  if (!o.pattern.empty()) {
    const auto numbers = twoNumbers(o.pattern, ':');
    if (!numbers) refuse("--pattern is '" + o.pattern + "', expected N:M, as 2:4");
    prune.mode = PruneMode::Pattern;
    prune.keep = numbers->first, prune.of = numbers->second;
  } else if (!o.block.empty()) {
    const auto numbers = twoNumbers(o.block, 'x');
    if (!numbers) refuse("--block is '" + o.block + "', expected ROWSxCOLUMNS, as 1x4");
    prune.mode = PruneMode::Blocks, prune.value = o.sparsity;
    prune.rows = numbers->first, prune.columns = numbers->second;
  } else if (o.sparsity != 0) {
    // Wanda and SparseGPT rank the weights of one layer alone.
    const bool global =
        !o.perLayer && o.criterion != name(Criterion::Wanda) && o.criterion != name(Criterion::Reconstruct);
    prune.mode = global ? PruneMode::Global : PruneMode::Sparsity;
    prune.value = global ? 0 : o.sparsity;
  }
  return prune;
}

/// "group" or "group:128".
void takeGranularity(const std::string& per, Quantize& quantize) {
  const auto colon = per.find(':');
  const auto granularity = granularityNamed(per.substr(0, colon));
  if (!granularity) refuse("--per is '" + per + "', expected tensor, channel, group or group:SIZE");
  quantize.granularity = *granularity;
  if (colon == std::string::npos) return;
  const auto size = twoNumbers("0" + per.substr(colon), ':');
  if (*granularity != Granularity::Group || !size)
    refuse("--per is '" + per + "', expected tensor, channel, group or group:SIZE");
  quantize.groupSize = size->second;
}

Quantize quantizeOf(const CutOptions& o) {
  Quantize quantize;
  if (!quantizes(o)) return quantize;
  quantize.scheme = o.scheme.empty() ? Scheme::Symmetric : schemeNamed(o.scheme).value_or(Scheme::Symmetric);
  if (o.bits != 0) quantize.bits = o.bits;
  if (!o.per.empty()) takeGranularity(o.per, quantize);
  if (!o.weightRange.empty()) {
    if (!hasRange(quantize.scheme)) refuse("--scheme " + o.scheme + " has no range to choose");
    quantize.range = rangeMethodNamed(o.weightRange).value_or(RangeMethod::MinMax);
  }
  if (!o.rounding.empty()) {
    if (!hasRounding(quantize.scheme)) refuse("--scheme " + o.scheme + " always rounds to nearest");
    quantize.rounding = roundingNamed(o.rounding).value_or(Rounding::Nearest);
  }
  quantize.correctBias = o.correctBias;
  quantize.scaleInputs = o.scaleInputs;
  return quantize;
}

LowRank lowRankOf(const CutOptions& o) {
  if (o.rank != 0) return {LowRankMode::Rank, static_cast<double>(o.rank)};
  if (o.energy != 0) return {LowRankMode::Energy, o.energy};
  return {};
}

/// The edit that the options ask of one layer, without what it cannot have.
LayerEdit editFor(const CutOptions& o, const LayerEdit& asked, const Session& session, LayerId id) {
  LayerEdit edit = asked;
  const Layer& layer = session.model().layer(id);
  const bool matrix = layer.opType == "Conv" || layer.opType == "Gemm" || layer.opType == "MatMul";
  if (!matrix) edit.lowRank = {};
  if (!o.activations.empty() && quantizableInput(session.model(), layer)) {
    edit.activations.mode = activationModeNamed(o.activations).value_or(ActivationMode::None);
    edit.activations.range = rangeMethodNamed(o.range).value_or(RangeMethod::MinMax);
  }
  if (o.channels == 0 && o.heads == 0) return edit;
  const ChannelGroup group = session.channelGroup(id);
  if (group.removable == 0 || (o.heads != 0) != group.heads) return edit;
  edit.prune = {o.heads != 0 ? PruneMode::Heads : PruneMode::Channels, o.heads != 0 ? o.heads : o.channels,
                asked.prune.criterion};
  return edit;
}

bool includes(const std::vector<std::string>& patterns, const std::string& layer) {
  return std::ranges::any_of(patterns, [&](const std::string& each) { return matchesPattern(layer, each); });
}

/// A pattern that changes nothing is a slip of the pen.
void requireEffect(const std::vector<std::string>& patterns, const Model& model) {
  for (const std::string& pattern : patterns) {
    const auto named = [&](const Layer& layer) { return matchesPattern(layer.name, pattern); };
    if (std::ranges::none_of(model.layers, named))
      refuse("--include '" + pattern + "' names no layer; inspect lists their names");
    if (std::ranges::none_of(model.layers,
                             [&](const Layer& layer) { return layer.spared != Spared::No && named(layer); }))
      warn("include-without-effect", "--include '" + pattern + "' names layers that are cut without it");
  }
}

/// All but those that are left as they are unless somebody asks.
std::vector<LayerId> chosenLayers(const CutOptions& o, const Model& model) {
  requireEffect(o.include, model);
  std::vector<LayerId> chosen;
  std::vector<std::string> spared;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    if (layer.spared == Spared::No || includes(o.include, layer.name))
      chosen.push_back(LayerId{i});
    else
      spared.push_back(layer.name);
  }
  if (!spared.empty())
    warn("norms-and-biases-kept",
         "norms, biases, statistics and other tensors of one dimension are left as they are (" +
             std::to_string(spared.size()) + " of " + std::to_string(model.layers.size()) +
             " layers): " + shortList(spared) + "; name those to cut with --include PATTERN");
  return chosen;
}

template <class Table>
std::vector<std::string> wordsOf(const Table& table) {
  std::vector<std::string> words;
  for (const auto& [value, word] : table)
    if (word != "none") words.emplace_back(word);
  return words;
}

void addPrune(CLI::App& command, CutOptions& o) {
  command
      .add_option("--sparsity", o.sparsity, "Share of weights to zero, least magnitudes of all layers first")
      ->check(CLI::Range(0.0, 1.0));
  command.add_flag("--per-layer", o.perLayer, "Rank within each layer instead");
  command.add_option("--block", o.block, "Zero whole blocks of ROWSxCOLUMNS weights, as 1x4, in each layer");
  command.add_option("--pattern", o.pattern, "Keep N of every M neighbouring weights: N:M, as 2:4");
  command
      .add_option("--channels", o.channels,
                  "Share of output channels to remove from each layer that can lose some: the model gets "
                  "smaller and faster, not sparser")
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--heads", o.heads, "Share of attention heads to remove from each layer that has them")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--criterion", o.criterion,
                  "What goes first (default l1); taylor, wanda and sparsegpt learn from the samples")
      ->check(CLI::IsMember(wordsOf(criterionWords)));
}

void addQuantize(CLI::App& command, CutOptions& o) {
  command.add_option("--bits", o.bits, "Bits per weight, 1 to 16 (default 8 where a scheme is given)")
      ->check(CLI::Range(1, 16));
  command.add_option("--scheme", o.scheme, "Quantization scheme (default symmetric where bits are given)")
      ->check(CLI::IsMember(wordsOf(schemeWords)));
  command.add_option("--per", o.per,
                     "One scale per tensor, per channel (the default), or per group of inputs: group:64");
  command
      .add_option("--weight-range", o.weightRange, "How the range comes from the weights (default minmax)")
      ->check(CLI::IsMember(wordsOf(rangeMethodWords)));
  command
      .add_option("--rounding", o.rounding,
                  "How weights find their codes (default nearest); gptq and adaround learn from the samples")
      ->check(CLI::IsMember(wordsOf(roundingWords)));
  command.add_flag("--bias-correction", o.correctBias, "Let biases make up for the mean error of outputs");
  command.add_flag("--awq", o.scaleInputs, "Scale weights of salient inputs before they are rounded");
  command.add_flag("--equalize", o.equalize, "Even out ranges between neighbouring layers first");
}

}  // namespace

void addCut(CLI::App& command, CutOptions& options) {
  addRecipe(command, options.recipe);
  addPrune(command, options);
  addQuantize(command, options);
  command
      .add_option("--include", options.include,
                  "Of a file without a graph: cut the norms, biases and statistics too whose names match, as "
                  "'*.bias'; may be given again")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
  command.add_option("--rank", options.rank, "Split each layer in two of this rank, where that is smaller")
      ->check(CLI::Range(1, 1 << 24));
  command
      .add_option("--energy", options.energy,
                  "The same, of the least rank that keeps this share of the squared singular values")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option(
          "--activations", options.activations,
          "Quantize what Conv, Gemm and MatMul layers read to 8 bits: with ranges fixed by calibration, "
          "or taken from each sample as it comes")
      ->check(CLI::IsMember(wordsOf(activationModeWords)));
  command.add_option("--range", options.range, "How static ranges come from the samples (default minmax)")
      ->check(CLI::IsMember(wordsOf(rangeMethodWords)));
}

Recipe recipeOf(const CutOptions& options, const Session& session) {
  requireSense(options);
  if (!options.recipe.empty()) return readRecipe(options.recipe);
  LayerEdit asked;
  asked.prune = pruneOf(options);
  asked.quantize = quantizeOf(options);
  asked.lowRank = lowRankOf(options);
  Recipe recipe;
  recipe.equalize = options.equalize;
  if (asked.prune.mode == PruneMode::Global) recipe.globalSparsity = options.sparsity;
  const std::vector<LayerId> chosen = chosenLayers(options, session.model());
  for (const LayerId id : chosen)
    recipe.set(session.model().layer(id).name, editFor(options, asked, session, id));
  validate(recipe);
  return recipe;
}

}  // namespace lapidary::cli
