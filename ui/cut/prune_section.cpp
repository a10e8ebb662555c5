// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of pruning.
#include "ui/cut/prune_section.h"

#include <QBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/cut/channel_group_label.h"
#include "ui/cut/cut_values.h"
#include "ui/cut/method_texts.h"
#include "ui/cut/refusals.h"
#include "ui/cut/statistics_loader.h"
#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::Criterion;
using core::LayerEdit;
using core::Prune;
using core::PruneMode;

namespace {

struct BlockShape {
  int rows, columns;
};
constexpr std::array blockShapes{BlockShape{1, 4}, BlockShape{1, 16}, BlockShape{4, 4}, BlockShape{16, 16}};

constexpr std::array allCriteria{Criterion::Magnitude, Criterion::Squares, Criterion::Taylor,
                                 Criterion::Wanda, Criterion::Reconstruct};

/// The number of a shape among those offered; -1 for any other.
int shapeId(int rows, int columns) {
  for (std::size_t i = 0; i < blockShapes.size(); ++i)
    if (blockShapes[i].rows == rows && blockShapes[i].columns == columns) return static_cast<int>(i);
  return -1;
}

bool ranks(PruneMode mode) { return mode != PruneMode::None && mode != PruneMode::Threshold; }

}  // namespace

PruneSection::PruneSection(Document& document, StatisticsLoader& statistics, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_statistics(statistics),
      m_modes(new MethodPicker(tr("What to prune"))),
      m_criteria(new MethodPicker(tr("Score by"))),
      m_ranking(new QWidget),
      m_sparsity(new ValueSlider(
          tr("Sparsity"),
          tr("Per cent of the weights, blocks, channels or heads that go, those of least score "
             "first."),
          {100, " %", [](double v) { return fixedText(v, 1); }})),
      m_threshold(
          new ValueSlider(tr("Threshold |w|"),
                          tr("In units of the weights: every weight of smaller magnitude is set to zero."),
                          {1, "", [](double v) { return significantText(v, 3); }})),
      m_kept(new ValueSlider(tr("Kept (N)"), tr("How many of every M neighbours along the inputs stay."),
                             ValueSlider::wholeNumbers())),
      m_of(new ValueSlider(tr("Of every (M)"), tr("How many neighbours along the inputs make a group."),
                           ValueSlider::wholeNumbers())),
      m_blocks(new SegmentedControl),
      m_readout(makeLabel({}, "caption")),
      m_refused(new RefusalLabel(document)) {
  addMethods();
  addShapes();
  lay();
  connectAll();
  refresh();
}

void PruneSection::addMethods() {
  for (const auto mode : {PruneMode::None, PruneMode::Sparsity, PruneMode::Threshold, PruneMode::Global,
                          PruneMode::Pattern, PruneMode::Blocks, PruneMode::Channels, PruneMode::Heads})
    m_modes->add(static_cast<int>(mode), textOf(mode));
  for (const auto criterion : allCriteria) m_criteria->add(static_cast<int>(criterion), textOf(criterion));
}

void PruneSection::addShapes() {
  m_sparsity->setRange(0, 1);
  m_sparsity->setStep(0.01, 0.001);
  m_of->setRange(2, 64);
  m_of->setTicks({4, 8, 16, 32});
  m_of->setResetValue(4);
  m_kept->setResetValue(2);
  for (auto* slider : {m_kept, m_of}) slider->setStep(1, 1);
  for (std::size_t i = 0; i < blockShapes.size(); ++i)
    m_blocks->add(static_cast<int>(i),
                  QStringLiteral("%1 × %2").arg(blockShapes[i].rows).arg(blockShapes[i].columns),
                  tr("Outputs by inputs that are kept or zeroed together."));
}

void PruneSection::lay() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  auto* ranking = new QVBoxLayout(m_ranking);
  ranking->setContentsMargins(0, 4, 0, 0);
  ranking->setSpacing(8);
  ranking->addWidget(makeGroupCaption(tr("Score by")));
  ranking->addWidget(m_criteria);
  m_readout->setWordWrap(true);
  column->addWidget(makeGroupCaption(tr("Prune")));
  column->addWidget(m_modes);
  column->addWidget(m_refused);
  column->addWidget(m_blocks);
  column->addWidget(m_kept);
  column->addWidget(m_of);
  column->addWidget(m_sparsity);
  column->addWidget(m_threshold);
  column->addWidget(m_readout);
  column->addWidget(new ChannelGroupLabel(m_document));
  column->addWidget(m_ranking);
}

void PruneSection::connectAll() {
  connect(m_modes, &MethodPicker::chosen, this, &PruneSection::chooseMode);
  connect(m_criteria, &MethodPicker::chosen, this, [this](int id) {
    choose([id](Prune& prune) { prune.criterion = static_cast<Criterion>(id); }, tr("Choose the score"));
  });
  connect(m_blocks, &SegmentedControl::chosen, this, [this](int id) {
    const BlockShape shape = blockShapes[static_cast<std::size_t>(id)];
    choose([shape](Prune& prune) { prune.rows = shape.rows, prune.columns = shape.columns; },
           tr("Choose the block"));
  });
  connect(m_sparsity, &ValueSlider::changed, this, &PruneSection::takeShare);
  connect(m_threshold, &ValueSlider::changed, this, [this] {
    move(
        *m_threshold,
        [](Prune& prune, double value) {
          prune = {PruneMode::Threshold, value};
        },
        tr("Set the threshold"));
  });
  connect(m_kept, &ValueSlider::changed, this, [this] {
    move(
        *m_kept,
        [](Prune& prune, double value) {
          prune.keep = std::min(static_cast<int>(std::lround(value)), prune.of - 1);
        },
        tr("Set the pattern"));
  });
  connect(m_of, &ValueSlider::changed, this, [this] {
    move(
        *m_of,
        [](Prune& prune, double value) {
          prune.of = static_cast<int>(std::lround(value));
          prune.keep = std::min(prune.keep, prune.of - 1);
        },
        tr("Set the pattern"));
  });
  for (auto* slider : {m_sparsity, m_threshold, m_kept, m_of}) {
    connect(slider, &ValueSlider::dragStarted, &m_document, &Document::beginDrag);
    connect(slider, &ValueSlider::dragFinished, &m_document, &Document::endDrag);
  }
  connect(&m_document, &Document::recipeChanged, this, &PruneSection::refresh);
  connect(&m_document, &Document::selectionChanged, this, &PruneSection::refresh);
  connect(&m_statistics, &StatisticsLoader::readyChanged, this, &PruneSection::refresh);
}

void PruneSection::refresh() {
  if (!m_document.session()) return;
  const SelectedEdits edits(m_document);
  const auto mode = edits.common([](const LayerEdit& edit) { return edit.prune.mode; });
  const bool byMagnitude =
      edits.common([](const LayerEdit& edit) { return hasThreshold(edit.prune); }).value_or(false);
  m_modes->setCurrent(idOf(mode));
  m_criteria->setCurrent(idOf(edits.common([](const LayerEdit& edit) { return edit.prune.criterion; })));
  m_ranking->setVisible(mode && ranks(*mode));
  for (const auto& criterion : allCriteria)
    m_criteria->setOffered(static_cast<int>(criterion), mode && goTogether(*mode, criterion));
  showShapes(edits, mode);
  const bool ready = m_statistics.ready();
  m_threshold->setVisible(byMagnitude);
  m_threshold->setEnabled(ready && mode != PruneMode::Global);
  m_sparsity->setVisible(mode != PruneMode::Pattern);
  m_sparsity->setName(mode && core::removes(*mode) ? tr("Share removed") : tr("Sparsity"));
  m_sparsity->setEnabled(ready);
  if (ready) return showReadout(edits, byMagnitude);
  if (!m_statistics.failure().isEmpty()) return showWhyNot(m_statistics.failure());
  setLook(m_readout, "caption");
  m_readout->setText(tr("sorting the weights…"));
}

void PruneSection::showShapes(const SelectedEdits& edits, std::optional<PruneMode> mode) {
  m_blocks->setVisible(mode == PruneMode::Blocks);
  m_blocks->setCurrent(
      edits.common([](const LayerEdit& edit) { return shapeId(edit.prune.rows, edit.prune.columns); })
          .value_or(-1));
  m_kept->setVisible(mode == PruneMode::Pattern);
  m_of->setVisible(mode == PruneMode::Pattern);
  const auto of = edits.common([](const LayerEdit& edit) { return edit.prune.of; });
  const auto kept = edits.common([](const LayerEdit& edit) { return edit.prune.keep; });
  m_kept->setRange(1, of.value_or(64) - 1);
  of ? m_of->setValue(*of) : m_of->setMixed();
  kept ? m_kept->setValue(*kept) : m_kept->setMixed();
}

void PruneSection::showReadout(const SelectedEdits& edits, bool byMagnitude) {
  const auto readout = pruneReadout(*m_document.session(), m_document.shownRecipe(), m_document.selection());
  m_readout->setVisible(byMagnitude || !readout);
  if (readout) return showNumbers(*readout);
  const auto share =
      edits.common([this](const LayerEdit& edit) { return shareOf(m_document.shownRecipe(), edit.prune); });
  share ? m_sparsity->setValue(*share) : m_sparsity->setMixed();
  showWhyNot(readout.reason());
}

void PruneSection::showNumbers(const PruneReadout& readout) {
  readout.sparsity ? m_sparsity->setValue(*readout.sparsity) : m_sparsity->setMixed();
  const double largest = readout.largestMagnitude > 0 ? readout.largestMagnitude : 1;
  m_threshold->setRange(0, largest);
  m_threshold->setStep(largest / 200, 0);
  readout.threshold ? m_threshold->setValue(*readout.threshold) : m_threshold->setMixed();
  const double kept = readout.l1 > 0 ? readout.l1Kept / readout.l1 : 1;
  setLook(m_readout, "caption");
  m_readout->setText(
      tr("L1 kept: %1 of %2").arg(percentText(kept, 1), fixedText(readout.l1, 1)) + QLatin1Char('\n') +
      tr("%1 of %2 weights are zero").arg(countText(readout.zeros), countText(readout.weights)));
}

void PruneSection::showWhyNot(const QString& reason) {
  setLook(m_readout, "warning");
  m_readout->setVisible(true);
  m_readout->setText(reason);
}

void PruneSection::chooseMode(int mode) {
  const auto wanted = static_cast<PruneMode>(mode);
  const auto& session = m_document.session();
  if (!session || !m_statistics.ready()) return refresh();
  core::Recipe recipe = m_document.recipe();
  std::vector<Refusal> refusals;
  for (const auto layer : m_document.selection()) {
    const auto& name = session->model().layer(layer).name;
    auto edit = m_document.recipe().editOf(name);
    if (edit.prune.mode == wanted) continue;
    const auto prune = converted(*session, m_document.recipe(), layer, wanted);
    if (!prune) {
      refusals.push_back({QString::fromStdString(name), prune.reason()});
      continue;
    }
    edit.prune = *prune;
    recipe.set(name, edit);
  }
  const bool none = refusals.size() == m_document.selection().size();
  m_document.setRecipe(recipe, tr("Choose how to prune"));
  refresh();
  m_refused->tell(none ? tr("Nothing was changed:") : tr("These layers stay as they were:"), refusals);
}

void PruneSection::choose(const std::function<void(Prune&)>& set, const QString& what) {
  m_document.editSelection([&set](LayerEdit& edit) { set(edit.prune); }, what);
  refresh();
}

void PruneSection::takeShare() {
  const QString what = tr("Set the sparsity");
  const auto mode = SelectedEdits(m_document).common([](const LayerEdit& edit) { return edit.prune.mode; });
  if (mode == PruneMode::Global) {
    const auto recipeAt = [recipe = m_document.recipe()](double sparsity) mutable {
      recipe.globalSparsity = sparsity;
      return recipe;
    };
    return m_document.moveSlider({m_sparsity->track()->motion(), recipeAt}, what);
  }
  move(
      *m_sparsity,
      [](Prune& prune, double share) {
        if (!hasShare(prune.mode)) prune = {PruneMode::Sparsity, share, prune.criterion};
        prune.value = share;
      },
      what);
}

void PruneSection::move(const ValueSlider& slider, const std::function<void(Prune&, double)>& set,
                        const QString& what) {
  m_document.moveSelection(
      slider.track()->motion(), [set](LayerEdit& edit, double value) { set(edit.prune, value); }, what);
}

}  // namespace lapidary::ui
