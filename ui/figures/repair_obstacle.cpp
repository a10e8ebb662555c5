// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/repair_obstacle.h"

#include <QCoreApplication>

namespace lapidary::ui {

namespace {

struct ObstacleTr {
  Q_DECLARE_TR_FUNCTIONS(Repair)
};

}  // namespace

QString repairObstacle(const Document& document) {
  const auto& session = document.session();
  if (!session) return ObstacleTr::tr("Open a model first.");
  if (!session->obstacles().empty())
    return ObstacleTr::tr("This model cannot be run, so it cannot be trained.");
  if (session->data() == nullptr || session->data()->size() == 0)
    return ObstacleTr::tr("A repair learns from samples: open data first (File, Open data…).");
  if (session->qualityKind() == core::QualityKind::Noise)
    return ObstacleTr::tr("The model's outputs are not scores of classes: there is no loss to train with.");
  if (document.recipe().empty()) return ObstacleTr::tr("There is nothing to repair yet: cut a layer first.");
  return {};
}

}  // namespace lapidary::ui
