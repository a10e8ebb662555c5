// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/cutter.h"

#include "core/compress/cut/cut_chain.h"
#include "core/compress/cut/known_layers.h"
#include "core/compress/cut/plain_cutter.h"
#include "core/compress/cut/shown_cut.h"
#include "core/compress/cut/structural_edits.h"

namespace lapidary::core {

Cutter::Cutter(std::unique_ptr<PlainCutter> plain)
    : m_plain(std::move(plain)), m_chain(std::make_unique<const CutChain>(*this, m_plain->memoBytes() / 4)) {}
Cutter::Cutter(Model original, std::size_t memoBytes)
    : Cutter(std::make_unique<PlainCutter>(std::move(original), memoBytes)) {}
Cutter::Cutter(Model reduced, const Cutter& parent, std::vector<bool> shared)
    : Cutter(std::make_unique<PlainCutter>(std::move(reduced), parent.plain(), std::move(shared))) {}
Cutter::~Cutter() = default;

const PlainCutter& Cutter::plain() const { return *m_plain; }
const Model& Cutter::original() const { return m_plain->original(); }
Tensor Cutter::weight(LayerId layer) const { return m_plain->weight(layer); }
const WeightStatistics& Cutter::statistics(LayerId layer) const { return m_plain->statistics(layer); }
void Cutter::calibrateWith(std::shared_ptr<CalibrationSource> source) {
  m_plain->calibrateWith(std::move(source));
}

std::vector<double> Cutter::channelScores(LayerId layer, Criterion criterion,
                                          const Progress& progress) const {
  return m_plain->channelScores(layer, criterion, progress);
}

CutWeight Cutter::cutAt(LayerId layer, const Cutoff& cutoff, const Quantize& quantize) const {
  return m_plain->cutAt(layer, cutoff, quantize);
}

ChannelGroup Cutter::channelGroup(LayerId layer) const { return m_chain->groups().group(layer); }

std::string Cutter::obstacleTo(PruneMode mode, LayerId layer) const {
  if (!removes(mode)) return {};
  return obstacleToRemoval(m_chain->groups(), layer, mode == PruneMode::Heads);
}

ResolvedCut Cutter::resolve(const Recipe& recipe, const Progress& progress) const {
  return m_chain->resolve(recipe, progress);
}

ReducedCut Cutter::rebased(const Recipe& recipe) const { return m_chain->rebased(recipe); }

ReducedCut Cutter::reduce(const Recipe& recipe, const Progress& progress) const {
  ResolvedCut resolved = resolve(recipe, progress);
  ReducedCut reduced{nullptr, std::move(resolved.rest)};
  if (resolved.cutter.get() != this) reduced.cutter = std::move(resolved.cutter);
  if (resolved.structure) reduced.notes = resolved.structure->notes;
  return reduced;
}

double Cutter::threshold(const Recipe& recipe, LayerId layer) const {
  const ResolvedCut resolved = resolve(recipe);
  return resolved.cutter->plain().threshold(resolved.rest, layer);
}

std::int64_t Cutter::prunedZeros(const Recipe& recipe, LayerId layer) const {
  const ResolvedCut resolved = resolve(recipe);
  const PlainCutter& cutter = resolved.cutter->plain();
  const std::int64_t left = cutter.original().layer(layer).parameters();
  return original().layer(layer).parameters() - left + cutter.prunedZeros(resolved.rest, layer);
}

std::optional<CutWeight> Cutter::cut(const Recipe& recipe, LayerId layer, const Progress& progress) const {
  return shownCut(resolve(recipe, progress), layer, progress);
}

/// Where the graph changes, the layer's inputs are no longer those that are known: no model is made for it.
std::optional<OutputErrors> Cutter::outputErrors(const Recipe& recipe, LayerId layer) const {
  const ReducedCut base = rebased(recipe);
  if (restructures(base.rest)) return std::nullopt;
  return (base.cutter ? base.cutter->plain() : plain()).outputErrors(base.rest, layer);
}

Model Cutter::apply(const Recipe& recipe, const Progress& progress,
                    const std::function<void(std::size_t, std::size_t)>& onSamples) const {
  validate(recipe);
  requireKnownLayers(original(), recipe);
  const ResolvedCut resolved = resolve(recipe, {progress.stop, onSamples});
  return resolved.cutter->plain().apply(resolved.rest, progress, onSamples);
}

}  // namespace lapidary::core
