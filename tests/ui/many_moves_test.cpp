// Thousands of slider moves in a row: no crash, no memory that grows, and the last recipe stands with its
// figures.
//     LAPIDARY_MOVES=10000 QT_QPA_PLATFORM=offscreen build/ci/tests/test_ui --gtest_filter='ManyMoves.*'
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/ui/demo.h"
#include "ui/live/visited_recipes.h"
#include "ui/live_evaluation.h"

namespace lapidary::ui {

namespace {

std::size_t moves() {
  const QByteArray asked = qgetenv("LAPIDARY_MOVES");
  return asked.isEmpty() ? 600 : asked.toULongLong();
}

double residentMegabytes() {
  std::ifstream file("/proc/self/statm");
  long size = 0, resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// A handle that goes up and down over all its positions, one layer after another.
void move(Document& document, std::size_t i) {
  const auto& layers = document.session()->model().layers;
  const std::size_t position = i % 200;
  const double value = static_cast<double>(position < 100 ? position : 200 - position) / 100;
  document.select({core::LayerId{static_cast<std::uint32_t>(i / 200 % layers.size())}});
  document.editSelection(
      [value](core::LayerEdit& edit) {
        edit.prune = {core::PruneMode::Sparsity, value};
      },
      "prune");
  QTest::qWait(i % 10 == 0 ? 30 : 1);
}

}  // namespace

TEST(ManyMoves, MemoryDoesNotGrow) {
  Document document;
  VisitedRecipes visited(document);
  LiveEvaluation live(document);
  document.open(demoSession());
  const std::size_t count = moves();
  double warm = 0;
  const auto settled = [&] {
    return eventually(
        [&] { return document.outcome().final && document.outcome().recipe == document.recipe(); }, 60000);
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 200 == 0) document.beginDrag();
    move(document, i);
    if (i % 200 == 199) document.endDrag();
    if (i != count / 2) continue;
    ASSERT_TRUE(settled());  // a whole outcome takes memory of its own, here as at the end
    warm = residentMegabytes();
  }
  document.endDrag();
  ASSERT_TRUE(settled());
  const double end = residentMegabytes();
  std::printf("%zu moves: %.0f MB in the middle, %.0f MB at the end, %zu recipes visited\n", count, warm, end,
              visited.visits().size());
  EXPECT_LT(end, warm * 1.15 + 20);
  EXPECT_EQ(document.undoStack()->count(), static_cast<int>((count + 199) / 200));
}

}  // namespace lapidary::ui
