// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of quantized activations.
#include "ui/cut/activations_section.h"

#include <QBoxLayout>
#include <QLabel>
#include <algorithm>

#include "core/compress/quantize/quantize_activations.h"
#include "ui/cut/calibration_coach.h"
#include "ui/cut/cut_values.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

using core::ActivationMode;
using core::RangeMethod;

ActivationsSection::ActivationsSection(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_modes(new SegmentedControl),
      m_ranges(new SegmentedControl(2)),
      m_coach(new CalibrationCoach(document)),
      m_rangePart(new QWidget),
      m_explanation(makeLabel({}, "caption")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  addModes();
  addRanges();
  auto* rangeColumn = new QVBoxLayout(m_rangePart);
  rangeColumn->setContentsMargins(0, 4, 0, 0);
  rangeColumn->setSpacing(8);
  rangeColumn->addWidget(makeGroupCaption(tr("Range from")));
  rangeColumn->addWidget(m_ranges);
  rangeColumn->addWidget(m_coach);
  m_explanation->setWordWrap(true);
  column->addWidget(makeGroupCaption(tr("Activations")));
  column->addWidget(m_modes);
  column->addWidget(m_explanation);
  column->addWidget(m_rangePart);
  connect(m_modes, &SegmentedControl::chosen, this, [this](int id) {
    change([id](core::Activations& a) { a.mode = static_cast<ActivationMode>(id); },
           tr("Choose the activations"));
  });
  connect(m_ranges, &SegmentedControl::chosen, this, [this](int id) {
    change([id](core::Activations& a) { a.range = static_cast<RangeMethod>(id); }, tr("Choose the range"));
  });
  connect(&document, &Document::recipeChanged, this, &ActivationsSection::refresh);
  connect(&document, &Document::selectionChanged, this, &ActivationsSection::refresh);
  refresh();
}

void ActivationsSection::addModes() {
  m_modes->add(static_cast<int>(ActivationMode::None), tr("Float"),
               tr("The layer reads 32-bit floats, as in the file."));
  m_modes->add(
      static_cast<int>(ActivationMode::Static), tr("Int8 static"),
      tr("8-bit codes in a range that calibration on your first samples fixed: fastest, for pictures "
         "and sounds."));
  m_modes->add(static_cast<int>(ActivationMode::Dynamic), tr("Int8 dynamic"),
               tr("8-bit codes in the range of each sample as it comes: needs no calibration, for texts and "
                  "inputs that vary much."));
}

void ActivationsSection::addRanges() {
  const auto add = [this](RangeMethod method, const QString& text, const QString& tip) {
    m_ranges->add(static_cast<int>(method), text, tip);
  };
  add(RangeMethod::MinMax, tr("Min–max"), tr("From least to greatest value seen: nothing is clipped."));
  add(RangeMethod::Percentile, tr("Percentile"),
      tr("Leaves out the outermost 0.01 % of the values: for rare outliers."));
  add(RangeMethod::MeanSquaredError, tr("Least squares"),
      tr("The range whose 256 codes have the least mean squared error."));
  add(RangeMethod::Entropy, tr("Entropy"),
      tr("The range that keeps the distribution best, by Kullback–Leibler divergence (Migacz 2017)."));
}

void ActivationsSection::change(const std::function<void(core::Activations&)>& set, const QString& what) {
  const auto session = m_document.session();
  if (!session) return;
  core::Recipe recipe = m_document.recipe();
  for (const auto id : m_document.selection()) {
    const core::Layer& layer = session->model().layer(id);
    if (!core::quantizableInput(session->model(), layer)) continue;
    core::LayerEdit edit = recipe.editOf(layer.name);
    set(edit.activations);
    // Other modes have no range, and equal cuts should be equal recipes.
    if (edit.activations.mode != ActivationMode::Static) edit.activations.range = {};
    recipe.set(layer.name, edit);
  }
  m_document.setRecipe(recipe, what);
  refresh();
}

QString ActivationsSection::explanation(std::optional<ActivationMode> mode) const {
  if (!mode) return tr("The selected layers differ.");
  if (mode == ActivationMode::Static)
    return tr("8 bits, range fixed by calibration. The first change waits for it.");
  if (mode == ActivationMode::Dynamic) return tr("8 bits, range of each sample. Runs one sample at a time.");
  return tr("What the layer reads stays as it is.");
}

void ActivationsSection::refresh() {
  const auto session = m_document.session();
  if (!session) return;
  const auto possible = std::ranges::any_of(m_document.selection(), [&](core::LayerId id) {
    return core::quantizableInput(session->model(), session->model().layer(id)).has_value();
  });
  setEnabled(possible);
  const SelectedEdits edits(m_document);
  const auto mode = edits.common([](const core::LayerEdit& edit) { return edit.activations.mode; });
  m_modes->setCurrent(idOf(mode));
  m_ranges->setCurrent(
      idOf(edits.common([](const core::LayerEdit& edit) { return edit.activations.range; })));
  m_rangePart->setVisible(mode == ActivationMode::Static);
  m_explanation->setText(possible ? explanation(mode)
                                  : tr("Only what Conv, Gemm and MatMul layers read can be quantized."));
}

}  // namespace lapidary::ui
