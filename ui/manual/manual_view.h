// SPDX-License-Identifier: GPL-3.0-or-later
// One page of the manual, set in the colours of the theme, with links as signals.
#pragma once

#include <QTextBrowser>
#include <memory>

#include "ui/manual/search_terms.h"

namespace lapidary::ui {

class ManualPages;
struct ManualPage;

class ManualView : public QTextBrowser {
  Q_OBJECT

 public:
  static constexpr int smallest = 60, usual = 100, largest = 240;  ///< of the zoom, in percent

  explicit ManualView(QWidget* parent = nullptr);

  void showPage(std::shared_ptr<const ManualPages> pages, const ManualPage& page);
  /// Brings a heading to the top; -1: the top of the page.
  void scrollToSection(int section);
  /// The section that stands at the top, -1: what is above the first heading.
  int sectionAtTop() const;
  void setZoom(int percent);
  int zoom() const { return m_zoom; }
  /// Marks what was searched, wherever it occurs in the page.
  void markTerms(const std::vector<SearchTerm>& terms);
  /// Scrolls on to the first mark from this section's heading on, where it is out of sight.
  void revealMark(int section);

  QVariant loadResource(int type, const QUrl& name) override;

 signals:
  void linkAsked(const QString& target);
  void zoomChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void doSetSource(const QUrl& name, QTextDocument::ResourceType type) override;

 private:
  void render();
  void restyle();
  int positionOf(int section) const;
  int pictureWidth() const;

  std::shared_ptr<const ManualPages> m_pages;
  QString m_markdown;
  bool m_lead = false;  ///< text stands above the first heading and is section 0
  std::vector<SearchTerm> m_marked;
  int m_zoom = usual;
};

}  // namespace lapidary::ui
