// Layout of the top bar.
#include "ui/window/top_bar.h"

#include <QBoxLayout>
#include <QMenuBar>

#include "ui/files/model_opener.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

TopBar::TopBar(Document& document, const ModelOpener& opener, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_opener(opener),
      m_menus(new QMenuBar),
      m_open(new ElidedLabel),
      m_undo(makeButton(QStringLiteral("↶ ") + tr("Undo"), "")),
      m_redo(makeButton(QStringLiteral("↷ ") + tr("Redo"), "")),
      m_hold(makeButton(tr("Hold O for original"), "")),
      m_search(makeButton(tr("Find best cut…"), "")),
      m_export(makeButton(tr("Export…"), "primary")) {
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
  row->addWidget(m_open, 1);
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) row->addWidget(button);
  m_hold->setToolTip(tr("Shows the original for as long as the button, or the key O, is held"));
  m_search->setToolTip(tr("Looks for the smallest cut within a largest drop, or a budget of bytes (Ctrl+B)"));
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) button->setFocusPolicy(Qt::TabFocus);
  connect(m_undo, &QPushButton::clicked, document.undoStack(), &QUndoStack::undo);
  connect(m_redo, &QPushButton::clicked, document.undoStack(), &QUndoStack::redo);
  connect(m_hold, &QPushButton::pressed, this, [this] { m_document.setHoldingOriginal(true); });
  connect(m_hold, &QPushButton::released, this, [this] { m_document.setHoldingOriginal(false); });
  connect(m_search, &QPushButton::clicked, this, &TopBar::searchAsked);
  connect(m_export, &QPushButton::clicked, this, &TopBar::exportAsked);
  connect(document.undoStack(), &QUndoStack::indexChanged, this, &TopBar::refreshUndo);
  connect(&document, &Document::recipeChanged, this,
          [this] { m_hold->setDown(m_document.holdingOriginal()); });
  refresh();
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
  m_open->setToolTip(any && !opened.request.demo() ? opened.request.model : QString());
  for (auto* button : {m_undo, m_redo, m_hold, m_search, m_export}) button->setVisible(any);
  refreshUndo();
}

void TopBar::refreshUndo() {
  const auto* stack = m_document.undoStack();
  m_undo->setEnabled(stack->canUndo());
  m_redo->setEnabled(stack->canRedo());
  m_undo->setToolTip(stack->canUndo() ? tr("Take back: %1").arg(stack->undoText())
                                      : tr("Nothing to take back"));
  m_redo->setToolTip(stack->canRedo() ? tr("Do again: %1").arg(stack->redoText())
                                      : tr("Nothing to do again"));
}

}  // namespace lapidary::ui
