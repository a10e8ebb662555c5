// SPDX-License-Identifier: GPL-3.0-or-later
// Controls of quantization.
#include "ui/cut/quantize_section.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <algorithm>
#include <cmath>

#include "ui/cut/cut_values.h"
#include "ui/cut/method_texts.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::Granularity;
using core::LayerEdit;
using core::Quantize;
using core::RangeMethod;
using core::Rounding;
using core::Scheme;

namespace {

/// Equal cuts should be equal recipes: what has no effect beside the scheme is put back.
void dropMeaningless(Quantize& quantize) {
  const Quantize plain;
  if (quantize.scheme == Scheme::None) quantize = plain;
  if (quantize.scheme == Scheme::Codebook) quantize.bits = std::min(quantize.bits, 8);
  if (quantize.scheme != Scheme::BitPlane) quantize.droppedPlanes = plain.droppedPlanes;
  if (!core::hasRange(quantize.scheme)) quantize.range = plain.range;
  if (!core::hasRounding(quantize.scheme)) quantize.rounding = plain.rounding;
  if (quantize.granularity != Granularity::Group) quantize.groupSize = plain.groupSize;
}

/// A part of the panel that comes and goes as a whole.
QWidget* part(const QString& caption, std::initializer_list<QWidget*> content) {
  auto* widget = new QWidget;
  auto* column = new QVBoxLayout(widget);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(8);
  column->addWidget(makeGroupCaption(caption));
  for (auto* child : content) column->addWidget(child);
  return widget;
}

}  // namespace

QuantizeSection::QuantizeSection(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_schemes(new MethodPicker(tr("How to quantize"))),
      m_granularities(new SegmentedControl),
      m_groups(new SegmentedControl),
      m_ranges(new SegmentedControl(2)),
      m_roundings(new SegmentedControl),
      m_bits(new ValueSlider(
          tr("Bits"), tr("Bits that each weight is stored in, 1 to 16; fewer bits are smaller and coarser."),
          ValueSlider::wholeNumbers())),
      m_planes(new ValueSlider(tr("Dropped planes"), tr("How many of the lowest bit planes are set to zero."),
                               ValueSlider::wholeNumbers())),
      m_scalePart(part(tr("Scale per"), {m_granularities, m_groups})),
      m_rangePart(part(tr("Range of the weights"), {m_ranges})),
      m_roundingPart(part(tr("Rounding"), {m_roundings})),
      m_bias(new QCheckBox(tr("Correct the bias"))),
      m_inputs(new QCheckBox(tr("Scale salient inputs"))),
      m_equalize(new QCheckBox(tr("Even out layers"))) {
  addChoices();
  lay();
  connectAll();
  connectChoices();
  refresh();
}

void QuantizeSection::addChoices() {
  for (const auto scheme : {Scheme::None, Scheme::Symmetric, Scheme::Affine, Scheme::MinMax,
                            Scheme::PowerOfTwo, Scheme::BitPlane, Scheme::Codebook, Scheme::NormalFloat,
                            Scheme::Float8E4M3, Scheme::Float8E5M2, Scheme::Ternary, Scheme::Binary})
    m_schemes->add(static_cast<int>(scheme), textOf(scheme));
  m_granularities->add(static_cast<int>(Granularity::Tensor), tr("Tensor"),
                       tr("One scale for the whole layer."));
  m_granularities->add(static_cast<int>(Granularity::Channel), tr("Channel"),
                       tr("One scale for each output channel: finer, a few bytes more."));
  m_granularities->add(static_cast<int>(Granularity::Group), tr("Group"),
                       tr("One scale for every few neighbouring inputs of a channel: for 4 bits and fewer."));
  for (const int size : {32, 64, 128})
    m_groups->add(size, QString::number(size), tr("Weights that share one scale."));
  const auto add = [](SegmentedControl* control, auto choice) {
    const MethodText text = textOf(choice);
    control->add(static_cast<int>(choice), text.name,
                 text.paper.isEmpty() ? text.line : text.line + QLatin1Char('\n') + text.paper);
  };
  for (const auto method :
       {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::MeanSquaredError, RangeMethod::Entropy})
    add(m_ranges, method);
  for (const auto rounding : {Rounding::Nearest, Rounding::Gptq, Rounding::Adaptive})
    add(m_roundings, rounding);
  m_bits->setRange(1, 16);
  m_bits->setStep(1, 1);
  m_bits->setTicks({4, 8});
  m_bits->setResetValue(8);
  m_planes->setStep(1, 1);
  m_bias->setToolTip(
      tr("The bias makes up for the mean error of the layer's output, measured on your samples.\n"
         "Nagel et al. 2019, arXiv:1906.04721"));
  m_inputs->setToolTip(
      tr("Weights of inputs that carry much are scaled up before they round, and back after.\n"
         "AWQ; Lin et al. 2023, arXiv:2306.00978"));
  m_equalize->setToolTip(
      tr("Of the whole model: ranges of channels are evened out between neighbouring layers before they are\n"
         "quantized; the function stays the same. Helps one scale per tensor most.\n"
         "Nagel et al. 2019, arXiv:1906.04721"));
}

void QuantizeSection::lay() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(makeGroupCaption(tr("Quantize")));
  for (auto* widget : std::initializer_list<QWidget*>{m_schemes, m_bits, m_planes, m_scalePart, m_rangePart,
                                                      m_roundingPart, m_bias, m_inputs, m_equalize})
    column->addWidget(widget);
}

void QuantizeSection::connectAll() {
  connect(m_bits, &ValueSlider::changed, this, [this] {
    move(
        *m_bits,
        [](Quantize& q, int bits) {
          q.bits = bits;
          if (q.scheme == Scheme::None || core::fixedBits(q.scheme) != 0) q.scheme = Scheme::Symmetric;
          q.droppedPlanes = std::min(q.droppedPlanes, bits - 1);
        },
        tr("Set the bits"));
  });
  connect(m_planes, &ValueSlider::changed, this, [this] {
    move(
        *m_planes, [](Quantize& q, int planes) { q.droppedPlanes = std::min(planes, q.bits - 1); },
        tr("Drop bit planes"));
  });
  for (auto* slider : {m_bits, m_planes}) {
    connect(slider, &ValueSlider::dragStarted, &m_document, &Document::beginDrag);
    connect(slider, &ValueSlider::dragFinished, &m_document, &Document::endDrag);
  }
  connect(m_equalize, &QCheckBox::clicked, this, [this](bool on) {
    core::Recipe recipe = m_document.recipe();
    recipe.equalize = on;
    m_document.setRecipe(recipe, tr("Even out layers"));
  });
  connect(&m_document, &Document::recipeChanged, this, &QuantizeSection::refresh);
  connect(&m_document, &Document::selectionChanged, this, &QuantizeSection::refresh);
}

void QuantizeSection::connectChoices() {
  connect(m_schemes, &MethodPicker::chosen, this, [this](int id) {
    choose([id](Quantize& q) { q.scheme = static_cast<Scheme>(id); }, tr("Choose how to quantize"));
  });
  connect(m_granularities, &SegmentedControl::chosen, this, [this](int id) {
    choose([id](Quantize& q) { q.granularity = static_cast<Granularity>(id); }, tr("Choose the granularity"));
  });
  connect(m_groups, &SegmentedControl::chosen, this,
          [this](int id) { choose([id](Quantize& q) { q.groupSize = id; }, tr("Choose the granularity")); });
  connect(m_ranges, &SegmentedControl::chosen, this, [this](int id) {
    choose([id](Quantize& q) { q.range = static_cast<RangeMethod>(id); }, tr("Choose the range"));
  });
  connect(m_roundings, &SegmentedControl::chosen, this, [this](int id) {
    choose([id](Quantize& q) { q.rounding = static_cast<Rounding>(id); }, tr("Choose the rounding"));
  });
  connect(m_bias, &QCheckBox::clicked, this,
          [this](bool on) { choose([on](Quantize& q) { q.correctBias = on; }, tr("Correct the bias")); });
  connect(m_inputs, &QCheckBox::clicked, this,
          [this](bool on) { choose([on](Quantize& q) { q.scaleInputs = on; }, tr("Scale salient inputs")); });
}

void QuantizeSection::choose(const std::function<void(Quantize&)>& set, const QString& what) {
  m_document.editSelection(
      [&set](LayerEdit& edit) {
        set(edit.quantize);
        dropMeaningless(edit.quantize);
      },
      what);
  refresh();
}

void QuantizeSection::move(const ValueSlider& slider, const std::function<void(Quantize&, int)>& set,
                           const QString& what) {
  m_document.moveSelection(
      slider.track()->motion(),
      [set](LayerEdit& edit, double value) {
        set(edit.quantize, static_cast<int>(std::lround(value)));
        dropMeaningless(edit.quantize);
      },
      what);
  refresh();
}

void QuantizeSection::refresh() {
  if (!m_document.session()) return;
  const SelectedEdits edits(m_document);
  const auto scheme = edits.common([](const LayerEdit& edit) { return edit.quantize.scheme; });
  const auto bits = edits.common([](const LayerEdit& edit) { return edit.quantize.bits; });
  const auto planes = edits.common([](const LayerEdit& edit) { return edit.quantize.droppedPlanes; });
  m_schemes->setCurrent(idOf(scheme));
  m_bits->setVisible(!scheme || core::fixedBits(*scheme) == 0);
  m_bits->setRange(1, scheme == Scheme::Codebook ? 8 : 16);
  bits ? m_bits->setValue(*bits) : m_bits->setMixed();
  m_planes->setVisible(scheme == Scheme::BitPlane);
  m_planes->setRange(0, std::max(0, bits.value_or(16) - 1));
  planes ? m_planes->setValue(*planes) : m_planes->setMixed();
  showChoices(edits, scheme.value_or(Scheme::None));
}

void QuantizeSection::showChoices(const SelectedEdits& edits, Scheme scheme) {
  const auto show = [&](SegmentedControl* control, auto read) {
    control->setCurrent(idOf(edits.common(read)));
  };
  show(m_granularities, [](const LayerEdit& edit) { return edit.quantize.granularity; });
  show(m_groups, [](const LayerEdit& edit) { return edit.quantize.groupSize; });
  show(m_ranges, [](const LayerEdit& edit) { return edit.quantize.range; });
  show(m_roundings, [](const LayerEdit& edit) { return edit.quantize.rounding; });
  const bool quantized = scheme != Scheme::None;
  m_scalePart->setVisible(quantized);
  m_groups->setVisible(edits.common([](const LayerEdit& edit) { return edit.quantize.granularity; }) ==
                       Granularity::Group);
  m_rangePart->setVisible(core::hasRange(scheme));
  m_roundingPart->setVisible(core::hasRounding(scheme));
  m_bias->setVisible(quantized);
  m_inputs->setVisible(quantized);
  m_equalize->setVisible(quantized);
  m_bias->setChecked(
      edits.common([](const LayerEdit& edit) { return edit.quantize.correctBias; }).value_or(false));
  m_inputs->setChecked(
      edits.common([](const LayerEdit& edit) { return edit.quantize.scaleInputs; }).value_or(false));
  m_equalize->setChecked(m_document.shownRecipe().equalize);
}

}  // namespace lapidary::ui
