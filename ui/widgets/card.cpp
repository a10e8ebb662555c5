// Layout of a card.
#include "ui/widgets/card.h"

#include <QBoxLayout>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

Card::Card(const QString& title, const QString& hint, QWidget* parent)
    : QFrame(parent),
      m_title(makeLabel(title, "title")),
      m_hint(new ElidedLabel),
      m_body(new QVBoxLayout(this)) {
  setProperty("look", "card");
  m_hint->setProperty("look", "muted");
  m_hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_hint->setText(hint);
  m_body->setContentsMargins(16, 12, 16, 12);
  m_body->setSpacing(8);
  m_head = new QHBoxLayout;
  m_head->setSpacing(12);
  m_head->addWidget(m_title);
  m_head->addWidget(m_hint, 1);
  m_body->addLayout(m_head);
  setTitle(title);
}

void Card::setTitle(const QString& title) {
  m_title->setText(title);
  m_title->setVisible(!title.isEmpty());
}

void Card::setHint(const QString& hint) { m_hint->setText(hint); }

void Card::addToHead(QWidget* widget) { m_head->addWidget(widget); }

}  // namespace lapidary::ui
