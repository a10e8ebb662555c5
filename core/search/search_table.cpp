// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_table.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace lapidary::core {
namespace {

constexpr double leastDamage = 1e-9, leastNoise = 1e-12;
constexpr std::size_t seedsPerFamily = 6;

bool readsCodes(const LayerOption& option) { return option.edit.activations.mode != ActivationMode::None; }

/// Keeps what no other option of its family beats in both bytes and noise; by falling bytes.
std::vector<LayerOption> undominated(std::vector<LayerOption> options) {
  std::ranges::stable_sort(options, [](const auto& a, const auto& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.noise < b.noise;
  });
  std::map<int, double> least;
  std::vector<LayerOption> kept;
  for (const LayerOption& option : options) {
    const auto [it, first] = least.emplace(roundingFamily(option.edit), option.noise);
    if (!first && option.noise >= it->second) continue;
    it->second = option.noise;
    kept.push_back(option);
  }
  std::ranges::reverse(kept);
  return kept;
}

/// Whether it takes little to try: no order of weights, no method that learns or iterates.
bool isQuick(const LayerEdit& edit) {
  return edit.prune.mode == PruneMode::None && edit.quantize.rounding == Rounding::Nearest &&
         edit.quantize.scheme != Scheme::Codebook;
}

/// Nothing where the layer cannot take this edit, or saves nothing by it.
std::optional<LayerOption> optionOf(const std::string& layer, const LayerEdit& edit, CandidateMeter& meter) {
  try {
    const auto noise = meter.noise(layer, edit);
    const std::int64_t bytes = meter.bytesAdded(layer, edit);
    if (bytes < 0 || edit.activations.mode != ActivationMode::None)
      return LayerOption{edit, bytes, std::max(leastNoise, noise.value_or(0)), 0, false};
  } catch (const Error&) {
  }
  return std::nullopt;
}

LayerOptions optionsOf(const std::string& layer, const std::vector<std::optional<LayerOption>>& found) {
  std::vector<LayerOption> options;
  for (const auto& option : found)
    if (option) options.push_back(*option);
  // Where layers are to become faster, floats are no option for those that can do without them.
  if (std::ranges::any_of(options, readsCodes))
    std::erase_if(options, [](const LayerOption& option) { return !readsCodes(option); });
  LayerOptions made{layer, undominated(std::move(options))};
  made.options.insert(made.options.begin(), LayerOption{{}, 0, 0, 0, true});
  return made;
}

/// Indices of the lower convex hull of (bytes, damage), from the uncut layer on.
std::vector<std::size_t> hullOf(const std::vector<LayerOption>& options) {
  std::vector<std::size_t> hull{0};
  for (std::size_t at = 0;;) {
    std::optional<std::size_t> next;
    double best = 0;
    for (std::size_t i = 0; i < options.size(); ++i) {
      const auto saved = static_cast<double>(options[at].bytes - options[i].bytes);
      if (saved <= 0) continue;
      const double price = (options[i].damage - options[at].damage) / saved;
      if (next && price > best) continue;
      if (next && price == best && options[i].bytes > options[*next].bytes) continue;
      next = i;
      best = price;
    }
    if (!next) return hull;
    hull.push_back(*next);
    at = *next;
  }
}

struct Step {
  double price = 0;
  std::size_t layer = 0, index = 0, option = 0;
};

double interpolated(const std::vector<const LayerOption*>& known, double noise) {
  const auto after = std::ranges::find_if(known, [&](const auto* option) { return option->noise >= noise; });
  if (after == known.begin()) return known.front()->damage * noise / known.front()->noise;
  if (after == known.end()) return known.back()->damage * noise / known.back()->noise;
  const LayerOption &a = **(after - 1), &b = **after;
  if (b.noise <= a.noise) return a.damage;
  const double share = std::log(noise / a.noise) / std::log(b.noise / a.noise);
  return std::exp(std::log(a.damage) + share * (std::log(b.damage) - std::log(a.damage)));
}

}  // namespace

int roundingFamily(const LayerEdit& edit) { return static_cast<int>(edit.activations.mode); }

SearchTable::SearchTable(const std::vector<std::string>& layers, const std::vector<CutSetting>& moves,
                         CandidateMeter& meter, const std::function<void(std::size_t)>& step,
                         const std::function<bool()>& mayGoOn) {
  std::vector<std::vector<std::optional<LayerOption>>> found(
      layers.size(), std::vector<std::optional<LayerOption>>(moves.size()));
  for (const bool quick : {true, false})
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      for (std::size_t move = 0; move < moves.size(); ++move) {
        const LayerEdit& edit = moves[move].edit;
        if (edit.empty() || isQuick(edit) != quick) continue;
        if (mayGoOn && !mayGoOn())
          ++m_unseen;
        else
          found[layer][move] = optionOf(layers[layer], edit, meter);
      }
      step(((quick ? 0 : layers.size()) + layer + 1) / 2);
    }
  for (std::size_t layer = 0; layer < layers.size(); ++layer)
    m_layers.push_back(optionsOf(layers[layer], found[layer]));
}

std::vector<std::pair<std::size_t, std::size_t>> SearchTable::seeds() const {
  std::vector<std::pair<std::size_t, std::size_t>> middles, others;
  for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
    std::map<int, std::vector<std::size_t>> families;
    const auto& options = m_layers[layer].options;
    for (std::size_t i = 1; i < options.size(); ++i) families[roundingFamily(options[i].edit)].push_back(i);
    for (const auto& [family, members] : families) {
      const std::size_t count = std::min(seedsPerFamily, members.size());
      for (std::size_t k = 0; k < count; ++k)
        (k == count / 2 ? middles : others)
            .emplace_back(layer, members[count == 1 ? 0 : k * (members.size() - 1) / (count - 1)]);
    }
  }
  middles.insert(middles.end(), others.begin(), others.end());
  return middles;
}

Recipe SearchTable::single(std::size_t layer, std::size_t option) const {
  Recipe recipe;
  recipe.set(m_layers[layer].layer, m_layers[layer].options[option].edit);
  return recipe;
}

void SearchTable::setDamage(std::size_t layer, std::size_t option, double damage) {
  LayerOption& at = m_layers[layer].options[option];
  at.damage = std::max(leastDamage, damage);
  at.measured = true;
}

void SearchTable::interpolate() {
  for (LayerOptions& layer : m_layers) {
    std::map<int, std::vector<const LayerOption*>> measured;
    for (std::size_t i = 1; i < layer.options.size(); ++i)
      if (layer.options[i].measured)
        measured[roundingFamily(layer.options[i].edit)].push_back(&layer.options[i]);
    for (auto& [family, known] : measured)
      std::ranges::stable_sort(known, [](const auto* a, const auto* b) { return a->noise < b->noise; });
    for (LayerOption& option : layer.options) {
      const int family = roundingFamily(option.edit);
      const auto known = measured.find(family);
      if (option.measured || option.edit.empty()) continue;
      option.damage =
          std::max(leastDamage, known == measured.end() ? option.noise * usualDamage(family)
                                                        : interpolated(known->second, option.noise));
    }
  }
}

/// Damage for each noise, the geometric mean of what was measured; 1 where nothing was.
double SearchTable::usualDamage(int family) const {
  double sum = 0;
  std::size_t count = 0;
  for (const LayerOptions& layer : m_layers)
    for (const LayerOption& option : layer.options) {
      if (!option.measured || option.edit.empty() || roundingFamily(option.edit) != family) continue;
      sum += std::log(option.damage / option.noise);
      ++count;
    }
  return count == 0 ? 1 : std::exp(sum / static_cast<double>(count));
}

Recipe SearchTable::recipeOf(const Choice& choice) const {
  Recipe recipe;
  for (std::size_t i = 0; i < choice.size(); ++i)
    recipe.set(m_layers[i].layer, m_layers[i].options[choice[i]].edit);
  return recipe;
}

std::int64_t SearchTable::bytesOf(const Choice& choice) const {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < choice.size(); ++i) bytes += m_layers[i].options[choice[i]].bytes;
  return bytes;
}

double SearchTable::damageOf(const Choice& choice) const {
  double damage = 0;
  for (std::size_t i = 0; i < choice.size(); ++i) damage += m_layers[i].options[choice[i]].damage;
  return damage;
}

std::vector<Choice> SearchTable::path() const {
  std::vector<Step> steps;
  for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
    const auto& options = m_layers[layer].options;
    const auto hull = hullOf(options);
    for (std::size_t k = 1; k < hull.size(); ++k) {
      const LayerOption &from = options[hull[k - 1]], &to = options[hull[k]];
      steps.push_back(
          {(to.damage - from.damage) / static_cast<double>(from.bytes - to.bytes), layer, k, hull[k]});
    }
  }
  std::ranges::stable_sort(steps, [](const Step& a, const Step& b) {
    if (a.price != b.price) return a.price < b.price;
    return a.layer != b.layer ? a.layer < b.layer : a.index < b.index;
  });
  std::vector<Choice> path{Choice(m_layers.size(), 0)};
  for (const Step& step : steps) {
    Choice next = path.back();
    next[step.layer] = step.option;
    path.push_back(std::move(next));
  }
  return path;
}

void SearchTable::correct(const Choice& base, const Choice& choice, double measuredChange) {
  double foretold = 0, size = 0;
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (choice[i] == base[i]) continue;
    const auto& options = m_layers[i].options;
    foretold += options[choice[i]].damage - options[base[i]].damage;
    size += options[choice[i]].damage + options[base[i]].damage;
  }
  if (size <= 0) return;
  const double error = measuredChange - foretold;
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (choice[i] == base[i] || choice[i] == 0) continue;
    LayerOption& option = m_layers[i].options[choice[i]];
    option.damage = std::max(leastDamage, option.damage + 0.5 * error * option.damage / size);
  }
}

}  // namespace lapidary::core
