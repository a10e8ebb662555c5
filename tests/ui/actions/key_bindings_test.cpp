// SPDX-License-Identifier: GPL-3.0-or-later
// Whose keys are whose: usual ones, chosen ones, and those of controls.
#include "ui/actions/key_bindings.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "ui/actions/control_keys.h"
#include "ui/actions/keys_model.h"
#include "ui/look/settings.h"

namespace lapidary::ui {

namespace {

ActionInfo made(const QString& id, const char* keys, KeyContext context = KeyContext::Window) {
  return {id, "Menu", id + " text", id + " tip", {QKeySequence(keys)}, context, true, {}};
}

std::vector<ActionInfo> some() {
  std::vector<ActionInfo> actions{made("a", "Ctrl+A"), made("b", "Ctrl+B"), made("c", "Ctrl+C")};
  ActionInfo fixed = made("table.copy", "Ctrl+T", KeyContext::Control);
  fixed.editable = false;
  actions.push_back(fixed);
  ActionInfo field = made("field.undo", "Ctrl+Z", KeyContext::Field);
  field.editable = false;
  actions.push_back(field);
  return actions;
}

class KeyBindingsTest : public testing::Test {
 protected:
  void SetUp() override { m_bindings.declare(some()); }
  void TearDown() override { m_bindings.resetAll(); }

  QStringList owners(const char* id, const char* keys) const {
    QStringList ids;
    for (const ActionInfo* action : m_bindings.conflicts(id, QKeySequence(keys))) ids << action->id;
    return ids;
  }

  KeyBindings& m_bindings = KeyBindings::instance();
};

}  // namespace

TEST(KeyContexts, ControlsNeverMeetAndFieldsTakeTheirKeysFirst) {
  using enum KeyContext;
  for (const auto context : {Program, Window, Control, Field}) {
    EXPECT_TRUE(overlap(Program, context) && overlap(context, Program));
    EXPECT_EQ(overlap(Field, context), context == Field || context == Program);
  }
  EXPECT_TRUE(overlap(Window, Window) && overlap(Window, Control));
  EXPECT_FALSE(overlap(Control, Control));
}

TEST(KeyContexts, ABeginningIsInTheWay) {
  EXPECT_TRUE(clash(QKeySequence("Ctrl+K"), QKeySequence("Ctrl+K")));
  EXPECT_TRUE(clash(QKeySequence("Ctrl+K"), QKeySequence("Ctrl+K, Ctrl+S")));
  EXPECT_TRUE(clash(QKeySequence("Ctrl+K, Ctrl+S"), QKeySequence("Ctrl+K")));
  EXPECT_FALSE(clash(QKeySequence("Ctrl+K"), QKeySequence("K")));
  EXPECT_FALSE(clash({}, {}));
}

TEST_F(KeyBindingsTest, AChoiceHoldsAtOnceAndIsRemembered) {
  QSignalSpy changed(&m_bindings, &KeyBindings::changed);
  m_bindings.set("a", QKeySequence("F8"));
  EXPECT_EQ(changed.count(), 1);
  EXPECT_EQ(m_bindings.text("a"), "F8");
  EXPECT_EQ(m_bindings.withKeys("Does it", "a"), "Does it (F8)");
  m_bindings.declare(some());
  EXPECT_EQ(m_bindings.text("a"), "F8") << "not remembered";
  EXPECT_TRUE(m_bindings.isChanged("a"));
  m_bindings.reset("a");
  EXPECT_EQ(m_bindings.text("a"), "Ctrl+A");
  m_bindings.declare(some());
  EXPECT_FALSE(m_bindings.anyChanged());
}

TEST_F(KeyBindingsTest, NoKeysAreAChoiceAndTheUsualOnesAreNone) {
  m_bindings.set("a", {});
  m_bindings.declare(some());
  EXPECT_TRUE(m_bindings.keys("a").isEmpty());
  EXPECT_EQ(m_bindings.withKeys("Does it", "a"), "Does it");
  m_bindings.set("a", QKeySequence("Ctrl+A"));
  EXPECT_FALSE(m_bindings.isChanged("a"));
}

TEST_F(KeyBindingsTest, OwnersAreNamed) {
  EXPECT_EQ(owners("a", "Ctrl+B"), QStringList{"b"});
  EXPECT_EQ(owners("a", "Ctrl+T"), QStringList{"table.copy"});
  EXPECT_TRUE(owners("a", "Ctrl+Z").isEmpty()) << "a field takes its keys before the window";
  EXPECT_TRUE(owners("a", "Ctrl+A").isEmpty()) << "its own keys";
  m_bindings.set("b", QKeySequence("F9"));
  EXPECT_TRUE(owners("a", "Ctrl+B").isEmpty()) << "b has let them go";
}

TEST_F(KeyBindingsTest, TakenKeysLeaveTheirOwner) {
  m_bindings.take("a", QKeySequence("Ctrl+B"));
  EXPECT_EQ(m_bindings.text("a"), "Ctrl+B");
  EXPECT_TRUE(m_bindings.keys("b").isEmpty());
  m_bindings.resetAll();
  EXPECT_EQ(m_bindings.text("a"), "Ctrl+A");
  EXPECT_EQ(m_bindings.text("b"), "Ctrl+B");
}

TEST_F(KeyBindingsTest, TheKeysOfControlsStay) {
  m_bindings.set("table.copy", QKeySequence("F8"));
  EXPECT_EQ(m_bindings.text("table.copy"), "Ctrl+T");
  m_bindings.take("a", QKeySequence("Ctrl+T"));
  EXPECT_EQ(m_bindings.text("table.copy"), "Ctrl+T");
  EXPECT_TRUE(m_bindings.keys("a").isEmpty());
}

TEST_F(KeyBindingsTest, ASettingsFileThatGivesKeysTwiceLeavesThemWithOne) {
  settings::setValue("keys/b", "Ctrl+A");
  settings::setValue("keys/c", "Ctrl+A");
  m_bindings.declare(some());
  EXPECT_EQ(m_bindings.text("b"), "Ctrl+A") << "what was chosen stands before what is usual";
  EXPECT_TRUE(m_bindings.keys("a").isEmpty());
  EXPECT_TRUE(m_bindings.keys("c").isEmpty());
}

TEST_F(KeyBindingsTest, TheTableOfKeysFollows) {
  KeysModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
  ASSERT_EQ(model.rowCount(), 5);
  EXPECT_EQ(model.index(0, KeysModel::KeysColumn).data().toString(), "Ctrl+A");
  m_bindings.set("a", QKeySequence("F8"));
  EXPECT_EQ(model.index(0, KeysModel::KeysColumn).data().toString(), "F8");
  EXPECT_TRUE(model.index(0, KeysModel::KeysColumn).data(Qt::FontRole).value<QFont>().bold());
  m_bindings.declare({made("z", "Ctrl+Y")});
  EXPECT_EQ(model.rowCount(), 1);
  m_bindings.declare(some());
}

TEST(ControlKeys, HaveTextsAndBelongToControls) {
  const auto rows = controlKeys();
  ASSERT_GT(rows.size(), 15u);
  for (const ActionInfo& row : rows) {
    EXPECT_FALSE(row.editable) << row.id.toStdString();
    EXPECT_FALSE(row.text.isEmpty() || row.group.isEmpty()) << row.id.toStdString();
    EXPECT_FALSE(keysText(row.keys, row.gesture).isEmpty()) << row.id.toStdString();
  }
}

}  // namespace lapidary::ui
