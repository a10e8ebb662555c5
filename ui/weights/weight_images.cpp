// SPDX-License-Identifier: GPL-3.0-or-later
// Original and cut share one colour scale; the difference has its own, said below it.
#include "ui/weights/weight_images.h"

#include <QBoxLayout>
#include <QSpinBox>
#include <cmath>

#include "ui/document/background_job.h"
#include "ui/heatmap/color_bar.h"
#include "ui/heatmap/image_map.h"
#include "ui/look/number_text.h"
#include "ui/weights/weight_cells.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

WeightImages::WeightImages(QWidget* parent)
    : Card({}, {}, parent),
      m_before(new ImageMap(m_viewport)),
      m_after(new ImageMap(m_viewport)),
      m_third(new ImageMap(m_viewport)),
      m_bar(new ColorBar),
      m_choice(new SegmentedControl),
      m_plane(new QSpinBox),
      m_planeJob(new BackgroundJob(this)) {
  auto* panels = new QHBoxLayout;
  panels->setSpacing(8);
  for (ImageMap* panel : {m_before, m_after, m_third}) panels->addWidget(panel, 1);
  body()->addLayout(panels, 1);

  m_choice->add(Difference, tr("Difference"), tr("Cut weight minus original weight"));
  m_choice->add(BitPlane, tr("Bit plane"), tr("One bit of the magnitude of every integer code"));
  m_choice->setCurrent(Difference);
  m_plane->setPrefix(tr("bit "));
  m_plane->setAccessibleName(tr("Bit plane, 0 is the lowest"));
  m_plane->setToolTip(tr("0 is the lowest bit"));
  m_bar->setMaximumWidth(420);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addWidget(m_bar, 1);
  foot->addStretch(1);
  foot->addWidget(m_choice);
  foot->addWidget(m_plane);
  body()->addLayout(foot);

  connect(m_choice, &SegmentedControl::chosen, this, &WeightImages::showThird);
  connect(m_plane, &QSpinBox::valueChanged, this, &WeightImages::showThird);
  connect(&m_viewport, &MapViewport::hoveredChanged, this, &WeightImages::showHovered);
  m_before->setCaption(tr("Original"));
  m_after->setCaption(tr("Cut"));
  clear();
}

void WeightImages::clear() {
  m_original.reset();
  m_cut.reset();
  setTitle(tr("Weights"));
  setHint({});
  for (ImageMap* panel : {m_before, m_after, m_third}) panel->setMap(nullptr, {});
  m_before->setPlaceholder(tr("The weights of the selected layer"));
  showThird();
}

void WeightImages::setOriginal(const QString& name, std::shared_ptr<const OriginalWeights> original) {
  m_original = std::move(original);
  m_cut.reset();
  setTitle(tr("%1 · %2").arg(name, m_original->layout.title()));
  m_viewport.setContent(m_original->layout.size(), m_original->layout.form() == WeightForm::Matrix);
  const ColorScale scale{ColorMap::Diverging, m_original->colorLimit};
  m_before->setCaption(m_original->repaired.empty() ? tr("Original") : tr("Repaired"));
  m_before->setMap(m_original->map, scale);
  m_after->setMap(nullptr, scale);
  m_bar->setScale(scale, tr("weight"));
  showThird();
  showHovered();
}

void WeightImages::setCut(std::shared_ptr<const CutWeights> cut) {
  m_cut = std::move(cut);
  m_after->setMap(m_cut->map, {ColorMap::Diverging, m_original->colorLimit});
  showThird();
  showHovered();
}

void WeightImages::waitForCut() {
  m_cut.reset();
  m_after->setMap(nullptr, {});
  m_after->setPlaceholder(tr("Cutting…"));
  showThird();
  showHovered();
}

void WeightImages::showThird() {
  const bool planes = m_cut && m_cut->planes > 0;
  m_choice->setVisible(planes);
  if (!planes) m_choice->setCurrent(Difference);
  const bool plane = m_choice->current() == BitPlane;
  m_plane->setVisible(plane);
  if (planes) m_plane->setRange(0, m_cut->planes - 1);
  plane ? showPlane() : showDifference();
}

void WeightImages::showDifference() {
  m_planeJob->cancel();
  if (!m_cut || !m_cut->difference) {
    m_third->setMap(nullptr, {});
    m_third->setPlaceholder(
        m_cut ? tr("No difference: this layer is not cut. Move a slider of the cut panel.") : QString());
    m_third->setCaption(tr("Difference"));
    return;
  }
  const double largest = m_cut->difference->largest();
  m_third->setMap(m_cut->difference, {ColorMap::Diverging, largest > 0 ? largest : 1});
  m_third->setCaption(largest > 0 ? tr("Difference, colours to ±%1").arg(significantText(largest))
                                  : tr("Difference: none"));
}

void WeightImages::showPlane() {
  const int plane = m_plane->value();
  m_third->setCaption(tr("Bit %1 of %2, worth %3 steps").arg(plane).arg(m_cut->planes).arg(1 << plane));
  m_planeJob->start([layout = m_original->layout, encoding = m_cut->encoding, plane,
                     panel = m_third](const core::Progress& progress) -> BackgroundJob::Deliver {
    auto map = std::make_shared<MapPyramid>(bitPlaneCells(layout, *encoding, plane), progress.stop);
    return [panel, map] { panel->setMap(map, {ColorMap::Mask, 1}); };
  });
}

QString WeightImages::hoverText(QPoint cell) const {
  const QString position = m_original->layout.position(cell);
  if (position.isEmpty()) return {};
  const auto before = static_cast<double>(m_original->map->cell(cell.x(), cell.y()));
  if (!m_cut || !m_cut->edited) return tr("%1: %2").arg(position, significantText(before));
  const auto after = static_cast<double>(m_cut->map->cell(cell.x(), cell.y()));
  return tr("%1: %2 → %3").arg(position, significantText(before), significantText(after));
}

void WeightImages::showHovered() {
  if (!m_original) return;
  const QString text = hoverText(m_viewport.hovered());
  setHint(text.isEmpty() ? tr("wheel zooms, drag pans") : text);
}

}  // namespace lapidary::ui
