// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/cut_chain.h"

#include "core/compress/cut/structural_edits.h"

namespace lapidary::core {
namespace {

/// A cutter with the one it was made of, which has to stay.
struct Kept {
  std::shared_ptr<const Cutter> base, further;
};

std::shared_ptr<const Cutter> keeping(const std::shared_ptr<const Cutter>& base,
                                      const std::shared_ptr<const Cutter>& further) {
  return {std::make_shared<const Kept>(Kept{base, further}), further.get()};
}

/// The recipe that is left for the changed model. Second factors are edited as the layers are that they are
/// of.
Recipe restOver(const Structure& structure, const Model& before, const Recipe& recipe) {
  Recipe rest = withoutRestructuring(recipe);
  for (const auto& [first, second] : structure.seconds) {
    LayerEdit edit = rest.editOf(before.layer(first).name);
    edit.activations = {};  // the narrow middle stays as it is
    rest.set(structure.cutter->original().layer(second).name, edit);
  }
  return rest;
}

}  // namespace

ResolvedCut CutChain::resolve(const Recipe& recipe, const Progress& progress) const {
  if (const ReducedCut repaired = rebased(recipe); repaired.cutter) {
    ResolvedCut resolved = repaired.cutter->resolve(repaired.rest, progress);
    const bool changed = resolved.cutter != resolved.base;
    resolved.base = repaired.cutter;
    resolved.cutter = changed ? keeping(repaired.cutter, resolved.cutter) : repaired.cutter;
    return resolved;
  }
  const std::shared_ptr<const Cutter> own(std::shared_ptr<const void>(), &m_owner);
  if (!restructures(recipe)) return {own, own, recipe, nullptr};
  const auto structure = m_restructurer.structure(recipe, progress);
  return {own, structure->cutter ? structure->cutter : own, restOver(*structure, m_owner.original(), recipe),
          structure};
}

}  // namespace lapidary::core
