// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of slider moves in a row: no crash, no memory that grows, and the last recipe stands with its
// figures.
//     LAPIDARY_MOVES=10000 QT_QPA_PLATFORM=offscreen build/ci/tests/test_ui --gtest_filter='ManyMoves.*'
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/ui/demo.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/visited_recipes.h"

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

/// Allocated and not freed: without what the allocator keeps and what lies between blocks.
double heldMegabytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd) / 1e6;
}

/// A handle that goes up and down over all its positions, one layer after another. Every tenth position is
/// looked at until its first figure stands: false where that does not come.
bool move(Document& document, std::size_t i) {
  const auto& layers = document.session()->model().layers;
  const std::size_t position = i % 200;
  const double value = static_cast<double>(position < 100 ? position : 200 - position) / 100;
  document.select({core::LayerId{static_cast<std::uint32_t>(i / 200 % layers.size())}});
  document.editSelection(
      [value](core::LayerEdit& edit) {
        edit.prune = {core::PruneMode::Sparsity, value};
      },
      "prune");
  QCoreApplication::processEvents();
  return i % 10 != 0 || eventually([&] {
           return document.outcome().quality && document.outcome().recipe == document.recipe();
         });
}

}  // namespace

TEST(ManyMoves, MemoryDoesNotGrow) {
  Document document;
  VisitedRecipes visited(document);
  LiveEvaluation live(document);
  // What is remembered of recipes fills its share of the memory over thousands of moves: here that is soon
  // full.
  core::Session::Options small;
  small.memoryBytes = std::size_t{32} << 20;
  document.open(std::make_shared<core::Session>(demoSession()->model(), demoSession()->sharedData(), small));
  const std::size_t count = moves();
  std::vector<double> resident, held;
  const auto settled = [&] {
    return eventually(
        [&] { return document.outcome().final && document.outcome().recipe == document.recipe(); }, 60000);
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 200 == 0) document.beginDrag();
    ASSERT_TRUE(move(document, i)) << i;
    if (i % 200 == 199) document.endDrag();
    if ((i + 1) % (count / 8) != 0) continue;
    ASSERT_TRUE(settled());  // a whole outcome takes memory of its own, each time
    resident.push_back(residentMegabytes());
    held.push_back(heldMegabytes());
  }
  document.endDrag();
  ASSERT_TRUE(settled());
  std::printf("%zu moves, %zu recipes visited; MB held (resident) after each eighth:", count,
              visited.visits().size());
  for (std::size_t i = 0; i < held.size(); ++i) std::printf(" %.1f (%.0f)", held[i], resident[i]);
  std::printf("\n");
  EXPECT_LT(held.back(), held[3] + 10);
  EXPECT_LT(resident.back(), resident[3] * 1.15 + 20);
  // A layer's second drag ends where it began, which is no step.
  const std::size_t drags = (count + 199) / 200, layers = document.session()->model().layers.size();
  EXPECT_EQ(document.undoStack()->count(), static_cast<int>(std::min(drags, layers)));
}

}  // namespace lapidary::ui
