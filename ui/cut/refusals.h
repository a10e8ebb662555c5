// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that cannot follow an edit: they are found before the edit is made, and named with the reason.
#pragma once

#include <QLabel>
#include <vector>

#include "core/session/session.h"

namespace lapidary::ui {

class Document;

/// A layer that cannot follow an edit, and why.
struct Refusal {
  QString layer, reason;
};

/// Why the layer cannot be pruned so, over the weights that the recipe is of; empty where it can. Never
/// throws.
QString obstacleTo(core::PruneMode mode, const core::Session& session, const core::Recipe& recipe,
                   core::LayerId layer);

/// Takes out of the recipe the edits of layers that the model does not have, and the pruning that layers
/// cannot follow. Never throws.
std::vector<Refusal> leaveOutImpossible(const core::Session& session, core::Recipe& recipe);

/// A line for every reason, with the layers that it holds for: "fc2, fc3: the channels cannot be removed:
/// ...".
QString refusalText(const std::vector<Refusal>& refusals);

/// Says beside a choice who could not follow it, until the recipe or the selection changes.
class RefusalLabel : public QLabel {
  Q_OBJECT

 public:
  explicit RefusalLabel(Document& document, QWidget* parent = nullptr);

  /// `heading` stands over the refusals. To be called after the recipe was set.
  void tell(const QString& heading, const std::vector<Refusal>& refusals);
};

}  // namespace lapidary::ui
