// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/content_pages.h"

#include <QGraphicsOpacityEffect>
#include <QVBoxLayout>

#include "ui/widgets/empty_state.h"

namespace lapidary::ui {

ContentPages::ContentPages(QWidget* content, QWidget* view)
    : m_empty(new EmptyState({}, {})), m_content(content) {
  addWidget(m_empty);
  addWidget(m_content);
  auto* layout = new QVBoxLayout(view);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(this);
}

void ContentPages::invite(const QString& title, const QString& sentence) {
  m_empty->setTexts(title, sentence);
  setCurrentWidget(m_empty);
}

void ContentPages::showContent() { setCurrentWidget(m_content); }

bool ContentPages::showsContent() const { return currentWidget() == m_content; }

void ContentPages::setDimmed(bool dimmed) {
  if (!m_dim && !dimmed) return;
  if (!m_dim) {
    m_dim = new QGraphicsOpacityEffect(m_content);
    m_dim->setOpacity(0.45);
    m_content->setGraphicsEffect(m_dim);
  }
  m_dim->setEnabled(dimmed);
}

}  // namespace lapidary::ui
