// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cut/refusals.h"

#include <QStringList>
#include <algorithm>

#include "ui/cut/channel_group_label.h"
#include "ui/document/document.h"
#include "ui/document/edited_weights.h"
#include "ui/look/value_or_reason.h"

namespace lapidary::ui {

QString obstacleTo(core::PruneMode mode, const core::Session& session, const core::Recipe& recipe,
                   core::LayerId layer) {
  if (!core::removes(mode)) return {};
  const auto obstacle = valueOrReason(
      [&] { return QString::fromStdString(editedWeights(session, recipe).cutter->obstacleTo(mode, layer)); });
  return obstacle ? *obstacle : obstacle.reason();
}

std::vector<Refusal> leaveOutImpossible(const core::Session& session, core::Recipe& recipe) {
  std::vector<Refusal> refusals;
  const core::Recipe asked = recipe;
  for (const auto& [name, edit] : asked.edits) {
    const QString layer = QString::fromStdString(name);
    const core::LayerId id = session.model().findLayer(name);
    if (!id.valid()) {
      recipe.edits.erase(name);
      refusals.push_back({layer, RefusalLabel::tr("the model has no layer of this name")});
      continue;
    }
    const QString obstacle = obstacleTo(edit.prune.mode, session, asked, id);
    if (obstacle.isEmpty()) continue;
    core::LayerEdit left = edit;
    left.prune = {};
    recipe.set(name, left);
    refusals.push_back({layer, obstacle});
  }
  return refusals;
}

QString refusalText(const std::vector<Refusal>& refusals) {
  QStringList reasons, lines;
  for (const Refusal& each : refusals)
    if (!reasons.contains(each.reason)) reasons << each.reason;
  for (const QString& reason : reasons) {
    QStringList layers;
    for (const Refusal& each : refusals)
      if (each.reason == reason) layers << each.layer;
    lines << QStringLiteral("%1: %2").arg(listed(layers), reason);
  }
  return lines.join(QLatin1Char('\n'));
}

RefusalLabel::RefusalLabel(Document& document, QWidget* parent) : QLabel(parent) {
  setProperty("look", "warning");
  setWordWrap(true);
  setTextFormat(Qt::PlainText);
  setVisible(false);
  for (const auto change : {&Document::opened, &Document::recipeChanged, &Document::selectionChanged})
    connect(&document, change, this, &QWidget::hide);
}

void RefusalLabel::tell(const QString& heading, const std::vector<Refusal>& refusals) {
  setVisible(!refusals.empty());
  setText(refusals.empty() ? QString() : heading + QLatin1Char('\n') + refusalText(refusals));
}

}  // namespace lapidary::ui
