// SPDX-License-Identifier: GPL-3.0-or-later
// A box triggers the action that was chosen, and shows the one that has the mark.
#include "ui/dialogs/general_page.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

GeneralPage::GeneralPage(const QList<SettingChoice>& choices, QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(4, 18, 4, 0);
  column->setSpacing(6);
  for (const SettingChoice& choice : choices) {
    auto* title = makeLabel(choice.title, "title");
    auto* tip = makeLabel(choice.tip, "muted");
    tip->setWordWrap(true);
    auto* box = makeBox(choice);
    title->setBuddy(box);
    column->addWidget(title);
    column->addWidget(tip);
    column->addWidget(box, 0, Qt::AlignLeft);
    column->addSpacing(16);
    m_boxes << box;
  }
  column->addStretch();
}

QComboBox* GeneralPage::makeBox(const SettingChoice& choice) {
  auto* box = new QComboBox;
  box->setMinimumWidth(240);
  box->setAccessibleName(choice.title);
  box->setToolTip(choice.tip);
  for (const QAction* action : choice.actions) box->addItem(action->text());
  const auto refresh = [box, actions = choice.actions] {
    for (int i = 0; i < box->count(); ++i)
      if (actions[i]->isChecked()) box->setCurrentIndex(i);
  };
  for (QAction* action : choice.actions) connect(action, &QAction::toggled, box, refresh);
  connect(box, &QComboBox::activated, this, [actions = choice.actions](int i) { actions[i]->trigger(); });
  refresh();
  return box;
}

}  // namespace lapidary::ui
