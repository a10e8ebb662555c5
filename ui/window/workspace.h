// SPDX-License-Identifier: GPL-3.0-or-later
// The three columns of the open model: layers and live charts, the tabs of views, and the cut panel.
#pragma once

#include <QWidget>
#include <memory>

#include "ui/document/document.h"

class QSplitter;
class QTabWidget;

namespace lapidary::ui {

class ClassesView;
class CutPanel;
class FigureFiller;
class FiguresStrip;
class LayersPanel;
class LiveEvaluation;
class LivePanel;
class PlannerView;
class RobustnessView;
class SensitivityView;
class VisitedRecipes;

class Workspace : public QWidget {
  Q_OBJECT

 public:
  /// What can be put away to make room for the tabs.
  enum Panel { LayersAndCharts, CutOfLayers };

  Workspace(Document& document, LiveEvaluation& live, VisitedRecipes& visited, QWidget* parent = nullptr);
  ~Workspace() override;  ///< remembers the splitters

  FiguresStrip* figures() const { return m_figures; }
  LayersPanel* layers() const { return m_layers; }
  LivePanel* live() const { return m_live; }
  CutPanel* cut() const { return m_cut; }
  ClassesView* classes() const { return m_classes; }
  PlannerView* planner() const { return m_planner; }
  SensitivityView* sensitivity() const { return m_sensitivity; }
  RobustnessView* robustness() const { return m_robustness; }
  QTabWidget* tabs() const { return m_tabs; }
  bool isPanelShown(Panel panel) const;
  void showPanel(Panel panel, bool shown);  ///< remembered

 private:
  void addTabs(Document& document);
  void restoreSplitters();
  QWidget& widgetOf(Panel panel) const;

  FiguresStrip* m_figures;
  LayersPanel* m_layers;
  LivePanel* m_live;
  CutPanel* m_cut;
  ClassesView* m_classes = nullptr;
  PlannerView* m_planner = nullptr;
  SensitivityView* m_sensitivity = nullptr;
  RobustnessView* m_robustness = nullptr;
  QTabWidget* m_tabs;
  QSplitter *m_columns, *m_left;
  std::unique_ptr<FigureFiller> m_filler;
};

}  // namespace lapidary::ui
