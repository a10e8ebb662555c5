// SPDX-License-Identifier: GPL-3.0-or-later
// The layer table's model and the selection it shares with the document.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QTableView>

#include "tests/ui/demo.h"
#include "ui/document/live_evaluation.h"
#include "ui/layers/layer_table_model.h"
#include "ui/layers/layers_panel.h"

namespace lapidary::ui {

TEST(LayerTableModel, HoldsToTheRulesOfModels) {
  Document document;
  LayerTableModel model(document);
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  LiveEvaluation live(document);
  EXPECT_EQ(model.rowCount(), 0);
  document.open(demoSession());
  EXPECT_EQ(model.rowCount(), static_cast<int>(document.session()->model().layers.size()));
  ASSERT_TRUE(eventually([&] { return !document.outcome().footprint.layers.empty(); }));
  document.setRecipe(recipeOf(*document.session(), {{core::PruneMode::Sparsity, 0.5}, {}}), "cut");
  ASSERT_TRUE(eventually([&] { return document.outcome().recipe == document.recipe(); }));
  EXPECT_EQ(model.index(0, LayerTableModel::Zeros).data().toString(), "50 %");
  EXPECT_EQ(model.index(0, LayerTableModel::Name).data().toString().toStdString(),
            document.session()->model().layers[0].name);
  document.close();
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(LayersPanel, SelectionGoesBothWays) {
  Document document;
  document.open(demoSession());
  LayersPanel panel(document);
  EXPECT_EQ(panel.table()->selectionModel()->selectedRows().size(), 1);
  panel.table()->selectAll();
  EXPECT_EQ(document.selection().size(), document.session()->model().layers.size());
  document.select({core::LayerId{1}});
  const auto rows = panel.table()->selectionModel()->selectedRows();
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].row(), 1);
  panel.table()->clearSelection();
  EXPECT_FALSE(document.selection().empty()) << "something is always selected";
}

TEST(LayersPanel, TheFilterHidesRowsAndKeepsTheSelection) {
  Document document;
  document.open(demoSession());
  LayersPanel panel(document);
  const auto before = document.selection();
  panel.filter()->setText("no such layer");
  EXPECT_EQ(panel.table()->model()->rowCount(), 0);
  EXPECT_EQ(document.selection(), before);
  panel.filter()->setText(QString::fromStdString(document.session()->model().layers[0].name).toUpper());
  EXPECT_GE(panel.table()->model()->rowCount(), 1);
}

}  // namespace lapidary::ui
