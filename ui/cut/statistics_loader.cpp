// SPDX-License-Identifier: GPL-3.0-or-later
// Loads what is missing for the selected layers and for those that are ranked together.
#include "ui/cut/statistics_loader.h"

#include <algorithm>

#include "ui/document/edited_weights.h"

namespace lapidary::ui {

StatisticsLoader::StatisticsLoader(Document& document, QObject* parent)
    : QObject(parent), m_document(document) {
  connect(&document, &Document::opened, this, [this] {
    m_job.cancel();
    m_loading.clear();
    m_ready.clear();
    load();
  });
  connect(&document, &Document::selectionChanged, this, &StatisticsLoader::load);
  connect(&document, &Document::recipeChanged, this, &StatisticsLoader::load);
  connect(&m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    m_failure = message;
    emit readyChanged();
  });
  load();
}

std::vector<core::LayerId> StatisticsLoader::missing() const {
  std::vector<core::LayerId> layers;
  if (!m_document.session()) return layers;
  const auto isReady = [&](core::LayerId layer) {
    return m_ready.contains({m_document.shownRecipe().repaired.id, layer});
  };
  for (const auto layer : m_document.selection())
    if (!isReady(layer)) layers.push_back(layer);
  const auto& model = m_document.session()->model();
  for (const auto& [name, edit] : m_document.recipe().edits) {
    const auto layer = model.findLayer(name);
    if (edit.prune.mode == core::PruneMode::Global && layer.valid() && !isReady(layer))
      layers.push_back(layer);
  }
  return layers;
}

bool StatisticsLoader::ready() const { return m_document.session() != nullptr && missing().empty(); }

void StatisticsLoader::load() {
  const auto layers = missing();
  const core::Recipe recipe = m_document.shownRecipe();
  std::vector<Part> parts;
  for (const auto layer : layers) parts.emplace_back(recipe.repaired.id, layer);
  if (layers.empty() || (m_job.running() && parts == m_loading)) return;
  m_loading = parts;
  m_failure.clear();
  m_job.start([this, session = m_document.session(), recipe, layers,
               parts](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto cutter = editedWeights(*session, recipe).cutter;
    for (const auto layer : layers) {
      progress.check();
      cutter->statistics(layer);
    }
    return [this, parts] {
      m_ready.insert(parts.begin(), parts.end());
      emit readyChanged();
    };
  });
}

}  // namespace lapidary::ui
