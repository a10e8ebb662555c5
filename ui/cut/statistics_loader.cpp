// Loads what is missing for the selected layers and for those that are ranked together.
#include "ui/cut/statistics_loader.h"

#include <algorithm>

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
  load();
}

std::vector<core::LayerId> StatisticsLoader::missing() const {
  std::vector<core::LayerId> layers;
  if (!m_document.session()) return layers;
  for (const auto layer : m_document.selection())
    if (!m_ready.contains(layer)) layers.push_back(layer);
  const auto& model = m_document.session()->model();
  for (const auto& [name, edit] : m_document.recipe().edits) {
    const auto layer = model.findLayer(name);
    if (edit.prune.mode == core::PruneMode::Global && layer.valid() && !m_ready.contains(layer))
      layers.push_back(layer);
  }
  return layers;
}

bool StatisticsLoader::ready() const { return m_document.session() != nullptr && missing().empty(); }

void StatisticsLoader::load() {
  auto layers = missing();
  if (layers.empty() || (m_job.running() && layers == m_loading)) return;
  m_loading = layers;
  m_job.start([this, session = m_document.session(),
               layers = std::move(layers)](const core::Progress& progress) -> BackgroundJob::Deliver {
    for (const auto layer : layers) {
      progress.check();
      session->cutter().statistics(layer);
    }
    return [this, layers] {
      m_ready.insert(layers.begin(), layers.end());
      emit readyChanged();
    };
  });
}

}  // namespace lapidary::ui
