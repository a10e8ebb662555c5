// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the selected layer: a channel's map for a sample, and the samples that excite it most.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

#include "core/explain/activations/activations.h"
#include "ui/document/document.h"
#include "ui/heatmap/map_viewport.h"

class QListWidget;
class QProgressBar;
class QSpinBox;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class ContentPages;
class ImageMap;
class ThumbnailStore;

/// Of the original model. Computes only while visible; follows the selected layer.
class ActivationsView : public QWidget {
  Q_OBJECT

 public:
  explicit ActivationsView(Document& document, QWidget* parent = nullptr);

 signals:
  void sampleActivated(std::size_t sample);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  struct Shown;
  void build();
  QWidget* buildList();
  void reset();
  void schedule();
  void search();
  void take(const std::vector<core::TopSample>& found);
  void look();
  void take(std::shared_ptr<const Shown> shown);
  void drawChannel();
  std::size_t chosenSample() const;
  void showThumbnail(qulonglong sample);

  Document& m_document;
  BackgroundJob *m_search, *m_look;
  ThumbnailStore* m_thumbnails;
  MapViewport m_viewport;
  QTimer m_delay;
  std::shared_ptr<const Shown> m_shown;

  ContentPages* m_pages;
  Card *m_list, *m_card;
  QSpinBox* m_channel;
  QProgressBar* m_progress;
  QListWidget* m_samples;
  ImageMap* m_map;
};

}  // namespace lapidary::ui
