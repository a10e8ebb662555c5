// Controls of pruning.
#include "ui/cut/prune_section.h"

#include <QBoxLayout>

#include "ui/cut/cut_values.h"
#include "ui/cut/statistics_loader.h"
#include "ui/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::PruneMode;

PruneSection::PruneSection(Document& document, StatisticsLoader& statistics, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_statistics(statistics),
      m_modes(new SegmentedControl),
      m_sparsity(new ValueSlider(
          tr("Sparsity"), tr("Per cent of the weights that are set to zero, those of least magnitude first."),
          {100, " %", [](double v) { return fixedText(v, 1); }})),
      m_threshold(
          new ValueSlider(tr("Threshold |w|"),
                          tr("In units of the weights: every weight of smaller magnitude is set to zero."),
                          {1, "", [](double v) { return significantText(v, 3); }})),
      m_readout(makeLabel({}, "caption")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  m_modes->add(static_cast<int>(PruneMode::None), tr("None"), tr("Keep every weight."));
  m_modes->add(static_cast<int>(PruneMode::Threshold), tr("Threshold"),
               tr("Zero the weights whose magnitude is below a value."));
  m_modes->add(static_cast<int>(PruneMode::Sparsity), tr("Sparsity"),
               tr("Zero a chosen share of this layer's weights, the smallest first."));
  m_modes->add(static_cast<int>(PruneMode::Global), tr("Global"),
               tr("One threshold over all layers in this mode, so that together they reach the sparsity."));
  m_sparsity->setRange(0, 1);
  m_sparsity->setStep(0.01, 0.001);
  m_readout->setWordWrap(true);
  column->addWidget(makeGroupCaption(tr("Prune")));
  column->addWidget(m_modes);
  column->addSpacing(4);
  column->addWidget(m_sparsity);
  column->addWidget(m_threshold);
  column->addWidget(m_readout);
  connect(m_modes, &SegmentedControl::chosen, this, &PruneSection::choose);
  connect(m_sparsity, &ValueSlider::changed, this, &PruneSection::takeSparsity);
  connect(m_threshold, &ValueSlider::changed, this, &PruneSection::takeThreshold);
  for (auto* slider : {m_sparsity, m_threshold}) {
    connect(slider, &ValueSlider::dragStarted, &document, &Document::beginDrag);
    connect(slider, &ValueSlider::dragFinished, &document, &Document::endDrag);
  }
  connect(&document, &Document::recipeChanged, this, &PruneSection::refresh);
  connect(&document, &Document::selectionChanged, this, &PruneSection::refresh);
  connect(&statistics, &StatisticsLoader::readyChanged, this, &PruneSection::refresh);
  refresh();
}

void PruneSection::refresh() {
  if (!m_document.session()) return;
  const auto values = cutValues(*m_document.session(), m_document.shownRecipe(), m_document.selection());
  m_modes->setCurrent(values.mode ? static_cast<int>(*values.mode) : -1);
  const bool ready = m_statistics.ready();
  m_threshold->setEnabled(ready && values.mode != PruneMode::Global);
  m_sparsity->setEnabled(ready);
  if (ready)
    showReadout();
  else
    m_readout->setText(tr("sorting the weights…"));
}

void PruneSection::showReadout() {
  const auto readout = pruneReadout(*m_document.session(), m_document.shownRecipe(), m_document.selection());
  readout.sparsity ? m_sparsity->setValue(*readout.sparsity) : m_sparsity->setMixed();
  const double largest = readout.largestMagnitude > 0 ? readout.largestMagnitude : 1;
  m_threshold->setRange(0, largest);
  m_threshold->setStep(largest / 200, 0);
  readout.threshold ? m_threshold->setValue(*readout.threshold) : m_threshold->setMixed();
  const double kept = readout.l1 > 0 ? readout.l1Kept / readout.l1 : 1;
  m_readout->setText(
      tr("L1 kept: %1 of %2").arg(percentText(kept, 1), fixedText(readout.l1, 1)) + QLatin1Char('\n') +
      tr("%1 of %2 weights are zero").arg(countText(readout.zeros), countText(readout.weights)));
}

void PruneSection::choose(int mode) {
  const auto wanted = static_cast<PruneMode>(mode);
  const auto& session = m_document.session();
  if (!session || !m_statistics.ready()) return refresh();
  core::Recipe recipe = m_document.recipe();
  for (const auto layer : m_document.selection()) {
    const auto& name = session->model().layer(layer).name;
    auto edit = m_document.recipe().editOf(name);
    if (edit.prune.mode != wanted) edit.prune = converted(*session, m_document.recipe(), layer, wanted);
    recipe.set(name, edit);
  }
  m_document.setRecipe(recipe, tr("Choose how to prune"));
  refresh();
}

void PruneSection::takeSparsity() {
  const auto values = cutValues(*m_document.session(), m_document.recipe(), m_document.selection());
  const QString what = tr("Set the sparsity");
  const SliderMotion motion = m_sparsity->track()->motion();
  if (values.mode == PruneMode::Global) {
    const auto recipeAt = [recipe = m_document.recipe()](double sparsity) mutable {
      recipe.globalSparsity = sparsity;
      return recipe;
    };
    return m_document.moveSlider({motion, recipeAt}, what);
  }
  m_document.moveSelection(
      motion,
      [](core::LayerEdit& edit, double sparsity) {
        edit.prune = {PruneMode::Sparsity, sparsity};
      },
      what);
}

void PruneSection::takeThreshold() {
  m_document.moveSelection(
      m_threshold->track()->motion(),
      [](core::LayerEdit& edit, double threshold) {
        edit.prune = {PruneMode::Threshold, threshold};
      },
      tr("Set the threshold"));
}

}  // namespace lapidary::ui
