// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of an empty state.
#include "ui/widgets/empty_state.h"

#include <QBoxLayout>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

EmptyState::EmptyState(const QString& title, const QString& sentence, const QString& action, QWidget* parent)
    : QWidget(parent), m_title(makeLabel(title, "title")), m_sentence(makeLabel(sentence, "muted")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 24, 24, 24);
  column->setSpacing(8);
  column->addStretch();
  for (auto* label : {m_title, m_sentence}) {
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    column->addWidget(label);
  }
  if (!action.isEmpty()) {
    auto* button = makeButton(action, "");
    connect(button, &QPushButton::clicked, this, &EmptyState::activated);
    column->addWidget(button, 0, Qt::AlignHCenter);
  }
  column->addStretch();
}

void EmptyState::setTexts(const QString& title, const QString& sentence) {
  m_title->setText(title);
  m_sentence->setText(sentence);
}

}  // namespace lapidary::ui
