// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/walk/every_dialog.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QTest>

#include "ui/audit/audit_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/open_data_dialog.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/distill/distill_dialog.h"
#include "ui/document/visited_recipes.h"
#include "ui/manual/manual_window.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/repair/repair_dialog.h"
#include "ui/search/search_dialog.h"

namespace lapidary::ui {

namespace {

void show(const char* name, QWidget& dialog, const DialogVisit& visit) {
  SCOPED_TRACE(name);
  dialog.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&dialog));
  visit(name, dialog);
  dialog.close();
}

}  // namespace

void visitEveryDialog(Document& document, const DialogVisit& visit) {
  VisitedRecipes visited(document);
  AuditDialog audit;
  show("audit", audit, visit);
  OpenDataDialog openData;
  show("open data", openData, visit);
  ExportDialog exporting(document, "model-cut");
  show("export", exporting, visit);
  SearchDialog search(document, visited);
  show("search", search, visit);
  RepairDialog repair(document);
  show("repair", repair, visit);
  DistillDialog distill(document);
  show("distil", distill, visit);
  PreprocessDialog preprocess(document);
  show("preprocessing", preprocess, visit);
  QAction english("English");
  english.setCheckable(true);
  SettingsDialog settings({{"Language", "Of the window", {&english}}});
  show("settings", settings, visit);
  ShortcutsDialog shortcuts;
  show("shortcuts", shortcuts, visit);
  ManualWindow manual;
  show("manual", manual, visit);
}

}  // namespace lapidary::ui
