// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/live_window.h"

#include "ui/cut/cut_panel.h"
#include "ui/cut/prune_section.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/workspace.h"

namespace lapidary::bench {

bool open(ui::MainWindow& window, const ui::OpenRequest& request) {
  window.resize(1440, 900);
  window.show();
  if (!QTest::qWaitForWindowExposed(&window)) return false;
  window.openModel(request);
  return wait([&] { return window.document().session() && window.document().outcome().final; });
}

ui::SliderTrack* sparsityOf(ui::MainWindow& window, core::LayerId layer) {
  ui::Document& document = window.document();
  document.select({layer});
  ui::PruneSection* prune = window.workspace()->cut()->prune();
  wait([&] { return prune->sparsity()->isEnabled(); });
  if (document.recipe().editOf(document.session()->model().layer(layer).name).prune.mode !=
      core::PruneMode::Sparsity)
    prune->modes()->choose(static_cast<int>(core::PruneMode::Sparsity));
  wait([&] { return !window.evaluation().running() && prune->sparsity()->isVisible(); });
  return prune->sparsity()->track();
}

}  // namespace lapidary::bench
