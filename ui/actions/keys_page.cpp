// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the page, and the way of a key from the field to the bindings.
#include "ui/actions/keys_page.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <algorithm>

#include "ui/actions/key_bindings.h"
#include "ui/actions/keys_model.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

QTableView* makeKeysTable(QAbstractItemModel* model) {
  auto* table = new QTableView;
  table->setModel(model);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setShowGrid(false);
  table->setWordWrap(false);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(26);
  auto* header = table->horizontalHeader();
  header->setHighlightSections(false);
  header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  header->setSectionResizeMode(KeysModel::ActionColumn, QHeaderView::Stretch);
  header->resizeSection(KeysModel::GroupColumn, 215);
  header->resizeSection(KeysModel::KeysColumn, 170);
  return table;
}

QString namesOf(const QList<const ActionInfo*>& actions) {
  QStringList names;
  for (const ActionInfo* action : actions)
    names << QStringLiteral("%1 › %2").arg(action->group, QString(action->text).remove(QChar(u'…')));
  return names.join(QStringLiteral(", "));
}

}  // namespace

KeysPage::KeysPage(QWidget* parent)
    : QWidget(parent),
      m_search(new QLineEdit),
      m_shown(new QSortFilterProxyModel(this)),
      m_name(makeLabel({}, "title")),
      m_notice(makeLabel({}, "muted")),
      m_edit(new QKeySequenceEdit),
      m_take(makeButton(tr("Take the keys"), "")),
      m_remove(makeButton(tr("No keys"), "")),
      m_reset(makeButton(tr("Usual keys"), "")),
      m_resetAll(makeButton(tr("Usual keys for all"), "")) {
  m_search->setPlaceholderText(tr("Search actions and keys"));
  m_search->setAccessibleName(tr("Search actions and keys"));
  m_search->setClearButtonEnabled(true);
  m_shown->setSourceModel(new KeysModel(this));
  m_shown->setFilterRole(KeysModel::SearchRole);
  m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_table = makeKeysTable(m_shown);
  m_table->setAccessibleName(tr("Actions and their keys"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 12, 0, 0);
  column->setSpacing(10);
  auto* head = new QHBoxLayout;
  head->addWidget(m_search, 1);
  head->addWidget(m_resetAll);
  column->addLayout(head);
  column->addWidget(m_table, 1);
  column->addWidget(makeEditor());
  connectParts();
  m_table->selectRow(0);
  showChosen();
}

void KeysPage::connectParts() {
  connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_shown->setFilterFixedString(text.simplified());
    if (!m_table->currentIndex().isValid()) m_table->selectRow(0);
  });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &KeysPage::showChosen);
  // The field is empty at first while keys are pressed, and stays so where only Ctrl was.
  connect(m_edit, &QKeySequenceEdit::editingFinished, this,
          [this] { m_edit->keySequence().isEmpty() ? showChosen() : propose(m_edit->keySequence()); });
  connect(m_take, &QPushButton::clicked, this, [this] {
    KeyBindings::instance().take(chosen(), m_edit->keySequence());
    showChosen();
  });
  connect(m_remove, &QPushButton::clicked, this, [this] { propose({}); });
  connect(m_reset, &QPushButton::clicked, this, [this] {
    if (const ActionInfo* action = KeyBindings::instance().find(chosen())) propose(action->keys.value(0));
  });
  connect(m_resetAll, &QPushButton::clicked, this, [this] {
    KeyBindings::instance().resetAll();
    showChosen();
  });
  connect(&KeyBindings::instance(), &KeyBindings::changed, this, &KeysPage::refreshButtons);
}

QWidget* KeysPage::makeEditor() {
  auto* editor = new QFrame;
  editor->setProperty("look", "card");
  auto* column = new QVBoxLayout(editor);
  column->setContentsMargins(14, 12, 14, 12);
  column->setSpacing(8);
  m_edit->setAccessibleName(tr("New keys"));
  m_edit->setMinimumWidth(200);
  m_notice->setWordWrap(true);
  auto keepsRoom = m_take->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_take->setSizePolicy(keepsRoom);
  for (auto* button : {m_take, m_remove, m_reset, m_resetAll}) button->setAutoDefault(false);
  auto* row = new QHBoxLayout;
  row->addWidget(m_name, 1);
  row->addWidget(m_edit);
  row->addWidget(m_remove);
  row->addWidget(m_reset);
  column->addLayout(row);
  auto* below = new QHBoxLayout;
  below->addWidget(m_notice, 1);
  below->addWidget(m_take);
  column->addLayout(below);
  return editor;
}

QString KeysPage::chosen() const { return m_table->currentIndex().data(KeysModel::IdRole).toString(); }

QString KeysPage::notice() const { return m_notice->text(); }

void KeysPage::choose(const QString& id) {
  m_search->clear();
  for (int row = 0; row < m_shown->rowCount(); ++row)
    if (m_shown->index(row, 0).data(KeysModel::IdRole).toString() == id) m_table->selectRow(row);
}

void KeysPage::propose(const QKeySequence& keys) {
  KeyBindings& bindings = KeyBindings::instance();
  m_edit->setKeySequence(keys);
  const auto owners = bindings.conflicts(chosen(), keys);
  if (owners.isEmpty()) {
    bindings.set(chosen(), keys);
    return showNotice(keys.isEmpty() ? tr("The action has no keys now.") : tr("The keys hold from now on."),
                      false);
  }
  const bool free =
      std::all_of(owners.begin(), owners.end(), [](const ActionInfo* owner) { return owner->editable; });
  const QString shown = keys.toString(QKeySequence::NativeText);
  showNotice(free ? tr("%1 belongs to: %2. Nothing has changed yet.").arg(shown, namesOf(owners))
                  : tr("%1 belongs to: %2. These keys cannot be given away; choose others.")
                        .arg(shown, namesOf(owners)),
             true);
  m_take->setVisible(free);
}

void KeysPage::showChosen() {
  const ActionInfo* action = KeyBindings::instance().find(chosen());
  m_edit->setKeySequence(action ? KeyBindings::instance().keys(action->id).value(0) : QKeySequence());
  const bool editable = action != nullptr && action->editable;
  m_edit->setEnabled(editable);
  m_name->setText(action ? action->text : QString());
  if (action == nullptr)
    showNotice(tr("No action is called so, or has such keys."), false);
  else if (editable)
    showNotice(tr("Click into the field and press the new keys; they hold as soon as you pause."), false);
  else
    showNotice(tr("These keys belong to the control and stay as they are."), false);
  refreshButtons();
}

void KeysPage::showNotice(const QString& text, bool warning) {
  m_notice->setText(text);
  setLook(m_notice, warning ? "warning" : "muted");
  m_take->hide();
}

void KeysPage::refreshButtons() {
  m_remove->setEnabled(!KeyBindings::instance().keys(chosen()).isEmpty() && m_edit->isEnabled());
  m_reset->setEnabled(KeyBindings::instance().isChanged(chosen()));
  m_resetAll->setEnabled(KeyBindings::instance().anyChanged());
}

}  // namespace lapidary::ui
