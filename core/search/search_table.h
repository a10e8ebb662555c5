// SPDX-License-Identifier: GPL-3.0-or-later
// The options of each layer: edits with the bytes they save and the damage they are thought to do, corrected
// by what is measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/search/search_moves.h"

namespace lapidary::core {

struct LayerOption {
  LayerEdit edit;
  std::int64_t bytes = 0;  ///< of the file, against the uncut one
  double noise = 0;        ///< what CandidateMeter::noise says
  double damage = 0;       ///< mean divergence in nats that it adds, measured or foretold
  bool measured = false;
};

/// Options of one layer by falling bytes; the first is the uncut layer. None is both larger and noisier than
/// another one that rounds the same way.
struct LayerOptions {
  std::string layer;
  std::vector<LayerOption> options;
};

/// An option of each layer.
using Choice = std::vector<std::size_t>;

/// An additive model of joint cuts: bytes and damage of a choice are the sums of its options'.
class SearchTable {
 public:
  /// Asks the meter for the bytes and the noise of every edit, those that are quick to try first, and tells
  /// `step` of the layers done. Where `mayGoOn` says no, the edits that are left are in no option.
  SearchTable(const std::vector<std::string>& layers, const std::vector<CutSetting>& moves,
              CandidateMeter& meter, const std::function<void(std::size_t done)>& step,
              const std::function<bool()>& mayGoOn = {});

  /// Edits that were not looked at.
  std::size_t unseen() const { return m_unseen; }

  /// A few options of each layer, spread over their noise, whose damage is to be measured; one of each layer
  /// comes first, so that a measurement that ends early knows something of all.
  std::vector<std::pair<std::size_t, std::size_t>> seeds() const;
  Recipe single(std::size_t layer, std::size_t option) const;
  void setDamage(std::size_t layer, std::size_t option, double damage);
  /// Foretells the damage of the other options: between two measured ones of the same layer that round the
  /// same way, by powers of the noise; beyond them in proportion to it. A layer of which nothing was measured
  /// is taken for one like the others.
  void interpolate();

  const std::vector<LayerOptions>& layers() const { return m_layers; }
  Recipe recipeOf(const Choice& choice) const;
  std::int64_t bytesOf(const Choice& choice) const;
  double damageOf(const Choice& choice) const;

  /// From the uncut model to the smallest, each step the one that saves most bytes for its damage: the
  /// choices that a price on bytes would make (Shoham and Gersho 1988).
  std::vector<Choice> path() const;
  /// Moves the damage of where `choice` differs from `base` halfway to what the two joint measurements say.
  void correct(const Choice& base, const Choice& choice, double measuredChange);

 private:
  double usualDamage(int family) const;

  std::vector<LayerOptions> m_layers;
  std::size_t m_unseen = 0;
};

/// Edits of one kind of rounding: their damage follows from their noise alike.
int roundingFamily(const LayerEdit& edit);

}  // namespace lapidary::core
