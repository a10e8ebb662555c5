// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the top bar.
#include "ui/window/top_bar.h"

#include <QBoxLayout>
#include <QMenuBar>

#include "ui/files/model_opener.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"
#include "ui/window/part_chooser.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {

TopBar::TopBar(Document& document, const ModelOpener& opener, const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_opener(opener),
      m_menus(new QMenuBar),
      m_open(new ElidedLabel),
      m_parts(new PartChooser),
      m_undo(makeButton({}, "")),
      m_redo(makeButton({}, "")),
      m_hold(makeButton({}, "")),
      m_search(makeButton({}, "")),
      m_export(makeButton({}, "primary")) {
  setObjectName("topBar");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(43);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(13, 0, 12, 0);
  row->setSpacing(8);
  auto* name = makeLabel(QStringLiteral("◆ Lapidary"), "title");
  QFont font = Theme::instance().body();
  font.setPixelSize(14);
  font.setWeight(QFont::DemiBold);
  name->setFont(font);
  m_menus->setNativeMenuBar(false);
  m_menus->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  m_open->setProperty("look", "muted");
  row->addWidget(name);
  row->addWidget(m_menus, 0, Qt::AlignVCenter);
  // The name takes the room that it needs, so that the choice of the part stands beside it.
  m_open->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  row->addWidget(m_open);
  row->addWidget(m_parts);
  row->addStretch(1);
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) row->addWidget(button);
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) button->setFocusPolicy(Qt::TabFocus);
  connect(m_parts, &PartChooser::chosen, this, &TopBar::dataAsked);
  followActions(actions);
  refresh();
}

void TopBar::followActions(const WindowActions& actions) {
  followAction(m_undo, actions.at(QStringLiteral("edit.undo")));
  followAction(m_redo, actions.at(QStringLiteral("edit.redo")));
  followAction(m_search, actions.at(QStringLiteral("edit.search")));
  followAction(m_export, actions.at(QStringLiteral("file.export")));
  m_parts->followKeys(*actions.at(QStringLiteral("file.dataPart")));
  const QAction* held = actions.at(QStringLiteral("view.originalHeld"));
  connect(held, &QAction::changed, this, [this, held] { followHold(*held); });
  followHold(*held);
  connect(m_hold, &QPushButton::pressed, this, [this] { m_document.setHoldingOriginal(true); });
  connect(m_hold, &QPushButton::released, this, [this] { m_document.setHoldingOriginal(false); });
  connect(&m_document, &Document::recipeChanged, this,
          [this] { m_hold->setDown(m_document.holdingOriginal()); });
}

/// The button is held like the key, and names it.
void TopBar::followHold(const QAction& held) {
  const QString keys = held.shortcut().toString(QKeySequence::NativeText);
  m_hold->setText(keys.isEmpty() ? tr("Hold for original") : tr("Hold %1 for original").arg(keys));
  m_hold->setToolTip(held.toolTip());
}

void TopBar::refresh() {
  const auto& opened = m_opener.current();
  const bool any = opened.session != nullptr;
  QString text = opened.modelName;
  if (any && opened.session->data() != nullptr) {
    const auto samples = countText(static_cast<std::int64_t>(opened.session->data()->size()));
    text += QStringLiteral(" · ") + tr("%1, %2 samples").arg(opened.dataName, samples);
  } else if (any) {
    text += QStringLiteral(" · ") + tr("no data");
  }
  m_open->setText(text);
  m_parts->offer(any ? opened.session->data() : nullptr);
  m_open->setToolTip(any && !opened.request.demo() ? opened.request.model : QString());
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) button->setVisible(any);
}

}  // namespace lapidary::ui
