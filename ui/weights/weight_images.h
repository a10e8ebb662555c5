// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a layer as three pictures that pan and zoom together: original, cut, and difference or
// one bit of the codes.
#pragma once

#include "ui/heatmap/map_viewport.h"
#include "ui/weights/layer_weights.h"
#include "ui/widgets/card.h"

class QSpinBox;

namespace lapidary::ui {

class BackgroundJob;
class ColorBar;
class ImageMap;
class SegmentedControl;

class WeightImages : public Card {
  Q_OBJECT

 public:
  explicit WeightImages(QWidget* parent = nullptr);

  void setOriginal(const QString& name, std::shared_ptr<const OriginalWeights> original);
  void setCut(std::shared_ptr<const CutWeights> cut);
  void waitForCut();  ///< the cut that is shown is not the one of now
  void clear();

 private:
  enum Third { Difference, BitPlane };
  void showThird();
  void showDifference();
  void showPlane();
  void showHovered();
  QString hoverText(QPoint cell) const;

  MapViewport m_viewport;
  std::shared_ptr<const OriginalWeights> m_original;
  std::shared_ptr<const CutWeights> m_cut;
  ImageMap *m_before, *m_after, *m_third;
  ColorBar* m_bar;
  SegmentedControl* m_choice;
  QSpinBox* m_plane;
  BackgroundJob* m_planeJob;
};

}  // namespace lapidary::ui
