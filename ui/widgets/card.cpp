// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of a card.
#include "ui/widgets/card.h"

#include <QBoxLayout>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

Card::Card(const QString& title, const QString& hint, QWidget* parent)
    : QFrame(parent),
      m_title(makeLabel(title, "title")),
      m_hint(new ElidedLabel),
      m_head(new QWidget),
      m_body(new QVBoxLayout(this)) {
  setProperty("look", "card");
  m_hint->setProperty("look", "muted");
  m_hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_hint->setText(hint);
  m_body->setContentsMargins(16, 12, 16, 12);
  m_body->setSpacing(8);
  auto* head = new QHBoxLayout(m_head);
  head->setContentsMargins(0, 0, 0, 0);
  head->setSpacing(12);
  head->addWidget(m_title);
  head->addWidget(m_hint, 1);
  m_body->addWidget(m_head);
  showHead();
}

void Card::setTitle(const QString& title) {
  m_title->setText(title);
  showHead();
}

void Card::setHint(const QString& hint) {
  m_hint->setText(hint);
  showHead();
}

void Card::addToHead(QWidget* widget) {
  m_head->layout()->addWidget(widget);
  showHead();
}

void Card::showHead() {
  const bool extras = m_head->layout()->count() > 2;
  m_hint->setVisible(extras || !m_hint->text().isEmpty());
  m_head->setVisible(extras || !m_title->text().isEmpty() || !m_hint->text().isEmpty());
}

}  // namespace lapidary::ui
