// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of low rank.
#include "ui/cut/low_rank_section.h"

#include <QBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/cut/cut_values.h"
#include "ui/cut/method_texts.h"
#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::LayerEdit;
using core::LowRankMode;

namespace {

constexpr double firstEnergy = 0.9;

/// The lesser side of the weight as a matrix of outputs x inputs.
int fullRank(const core::Layer& layer) {
  const auto channels = layer.shape.empty() ? 1 : layer.shape[static_cast<std::size_t>(layer.channelAxis)];
  const auto rank = std::min(channels, layer.parameters() / std::max<std::int64_t>(1, channels));
  return static_cast<int>(std::clamp<std::int64_t>(rank, 1, 1 << 24));
}

bool isMatrix(const core::Layer& layer) {
  return layer.opType == "Conv" || layer.opType == "Gemm" || layer.opType == "MatMul";
}

}  // namespace

LowRankSection::LowRankSection(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_modes(new MethodPicker(tr("Low rank"))),
      m_rank(new ValueSlider(tr("Rank"),
                             tr("Singular values that are kept: the width between the two layers."),
                             ValueSlider::wholeNumbers())),
      m_energy(new ValueSlider(tr("Energy kept"),
                               tr("Per cent of the sum of squared singular values that is kept."),
                               {100, " %", [](double v) { return fixedText(v, 1); }})) {
  for (const auto mode : {LowRankMode::None, LowRankMode::Rank, LowRankMode::Energy})
    m_modes->add(static_cast<int>(mode), textOf(mode));
  m_rank->setStep(1, 1);
  m_energy->setRange(0.01, 1);
  m_energy->setStep(0.01, 0.001);
  m_energy->setResetValue(firstEnergy);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(makeGroupCaption(tr("Low rank")));
  column->addWidget(m_modes);
  column->addWidget(m_rank);
  column->addWidget(m_energy);
  connect(m_modes, &MethodPicker::chosen, this, &LowRankSection::choose);
  connect(m_rank, &ValueSlider::changed, this, [this] { move(*m_rank, LowRankMode::Rank); });
  connect(m_energy, &ValueSlider::changed, this, [this] { move(*m_energy, LowRankMode::Energy); });
  for (auto* slider : {m_rank, m_energy}) {
    connect(slider, &ValueSlider::dragStarted, &document, &Document::beginDrag);
    connect(slider, &ValueSlider::dragFinished, &document, &Document::endDrag);
  }
  connect(&document, &Document::recipeChanged, this, &LowRankSection::refresh);
  connect(&document, &Document::selectionChanged, this, &LowRankSection::refresh);
  refresh();
}

int LowRankSection::largestRank() const {
  int most = 1;
  for (const auto id : m_document.selection())
    most = std::max(most, fullRank(m_document.session()->model().layer(id)));
  return most;
}

void LowRankSection::choose(int mode) {
  const auto& session = m_document.session();
  if (!session) return;
  core::Recipe recipe = m_document.recipe();
  for (const auto id : m_document.selection()) {
    const core::Layer& layer = session->model().layer(id);
    if (!isMatrix(layer)) continue;
    LayerEdit edit = recipe.editOf(layer.name);
    edit.lowRank = {static_cast<LowRankMode>(mode), 0};
    if (edit.lowRank.mode == LowRankMode::Rank) edit.lowRank.value = std::max(1, fullRank(layer) / 2);
    if (edit.lowRank.mode == LowRankMode::Energy) edit.lowRank.value = firstEnergy;
    recipe.set(layer.name, edit);
  }
  m_document.setRecipe(recipe, tr("Choose the low rank"));
  refresh();
}

void LowRankSection::move(const ValueSlider& slider, LowRankMode mode) {
  m_document.moveSelection(
      slider.track()->motion(),
      [mode](LayerEdit& edit, double value) {
        if (edit.lowRank.mode == LowRankMode::None) return;  // a layer that has no matrix
        edit.lowRank = {mode, mode == LowRankMode::Rank ? std::max(1.0, std::round(value)) : value};
      },
      mode == LowRankMode::Rank ? tr("Set the rank") : tr("Set the energy"));
}

void LowRankSection::refresh() {
  const auto& session = m_document.session();
  if (!session) return;
  setEnabled(std::ranges::any_of(m_document.selection(),
                                 [&](core::LayerId id) { return isMatrix(session->model().layer(id)); }));
  const SelectedEdits edits(m_document);
  const auto mode = edits.common([](const LayerEdit& edit) { return edit.lowRank.mode; });
  const auto value = edits.common([](const LayerEdit& edit) { return edit.lowRank.value; });
  m_modes->setCurrent(idOf(mode));
  m_rank->setVisible(mode == LowRankMode::Rank);
  m_energy->setVisible(mode == LowRankMode::Energy);
  m_rank->setRange(1, largestRank());
  for (auto* slider : {m_rank, m_energy}) value ? slider->setValue(*value) : slider->setMixed();
}

}  // namespace lapidary::ui
