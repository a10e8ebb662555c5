// Controls of quantization.
#include "ui/cut/quantize_section.h"

#include <QBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/cut/cut_values.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::Scheme;

namespace {

ValueSlider::Format wholeNumber() {
  return {1, {}, [](double value) { return QString::number(std::lround(value)); }};
}

/// Without a scheme the rest means nothing, and equal cuts should be equal recipes.
void dropMeaningless(core::Quantize& quantize) {
  if (quantize.scheme == Scheme::None) quantize = {};
  if (quantize.scheme != Scheme::BitPlane) quantize.droppedPlanes = 0;
}

}  // namespace

QuantizeSection::QuantizeSection(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_schemes(new SegmentedControl(3)),
      m_granularities(new SegmentedControl),
      m_bits(new ValueSlider(
          tr("Bits"), tr("Bits that each weight is stored in, 1 to 16; fewer bits are smaller and coarser."),
          wholeNumber())),
      m_planes(new ValueSlider(tr("Dropped planes"), tr("How many of the lowest bit planes are set to zero."),
                               wholeNumber())) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  addSchemes();
  m_granularities->add(static_cast<int>(core::Granularity::Tensor), tr("Tensor"),
                       tr("One scale for the whole layer."));
  m_granularities->add(static_cast<int>(core::Granularity::Channel), tr("Channel"),
                       tr("One scale for each output channel: finer, a few bytes more."));
  m_bits->setRange(1, 16);
  m_bits->setStep(1, 1);
  m_bits->setTicks({4, 8});
  m_bits->setResetValue(8);
  m_planes->setStep(1, 1);
  column->addWidget(makeGroupCaption(tr("Quantize")));
  column->addWidget(m_schemes);
  column->addSpacing(4);
  column->addWidget(m_bits);
  column->addWidget(m_planes);
  column->addSpacing(4);
  column->addWidget(makeGroupCaption(tr("Scale per")));
  column->addWidget(m_granularities);
  connect(m_schemes, &SegmentedControl::chosen, this, [this](int id) {
    choose([id](core::Quantize& q) { q.scheme = static_cast<Scheme>(id); }, tr("Choose how to quantize"));
  });
  connect(m_granularities, &SegmentedControl::chosen, this, [this](int id) {
    choose([id](core::Quantize& q) { q.granularity = static_cast<core::Granularity>(id); },
           tr("Choose the granularity"));
  });
  connect(m_bits, &ValueSlider::changed, this, [this] {
    move(
        *m_bits,
        [](core::Quantize& q, int bits) {
          q.bits = bits;
          if (q.scheme == Scheme::None || q.scheme == Scheme::Binary) q.scheme = Scheme::Symmetric;
          q.droppedPlanes = std::min(q.droppedPlanes, bits - 1);
        },
        tr("Set the bits"));
  });
  connect(m_planes, &ValueSlider::changed, this, [this] {
    move(
        *m_planes, [](core::Quantize& q, int planes) { q.droppedPlanes = std::min(planes, q.bits - 1); },
        tr("Drop bit planes"));
  });
  for (auto* slider : {m_bits, m_planes}) {
    connect(slider, &ValueSlider::dragStarted, &document, &Document::beginDrag);
    connect(slider, &ValueSlider::dragFinished, &document, &Document::endDrag);
  }
  connect(&document, &Document::recipeChanged, this, &QuantizeSection::refresh);
  connect(&document, &Document::selectionChanged, this, &QuantizeSection::refresh);
  refresh();
}

void QuantizeSection::addSchemes() {
  const auto add = [this](Scheme scheme, const QString& text, const QString& tip) {
    m_schemes->add(static_cast<int>(scheme), text, tip);
  };
  add(Scheme::None, tr("Off"), tr("Weights stay as they are in the file."));
  add(Scheme::Symmetric, tr("Symmetric"), tr("Signed integers times a scale; zero stays zero."));
  add(Scheme::Affine, tr("Affine"),
      tr("Unsigned integers with a scale and a zero point: uses lopsided ranges fully."));
  add(Scheme::MinMax, tr("Min–max"),
      tr("The range from least to greatest weight in even steps: floor(w · N + 0.5)."));
  add(Scheme::Binary, tr("Binary"),
      tr("The sign of each weight times the mean magnitude: one bit a weight."));
  add(Scheme::BitPlane, tr("Bit-planes"),
      tr("Integers as a sum of powers of two, of which the lowest can be dropped."));
}

void QuantizeSection::choose(const std::function<void(core::Quantize&)>& set, const QString& what) {
  m_document.editSelection(
      [&set](core::LayerEdit& edit) {
        set(edit.quantize);
        dropMeaningless(edit.quantize);
      },
      what);
  refresh();
}

void QuantizeSection::move(const ValueSlider& slider, const std::function<void(core::Quantize&, int)>& set,
                           const QString& what) {
  m_document.moveSelection(
      slider.track()->motion(),
      [set](core::LayerEdit& edit, double value) {
        set(edit.quantize, static_cast<int>(std::lround(value)));
        dropMeaningless(edit.quantize);
      },
      what);
  refresh();
}

void QuantizeSection::refresh() {
  if (!m_document.session()) return;
  const auto values = cutValues(*m_document.session(), m_document.shownRecipe(), m_document.selection());
  m_schemes->setCurrent(values.scheme ? static_cast<int>(*values.scheme) : -1);
  m_granularities->setCurrent(values.granularity ? static_cast<int>(*values.granularity) : -1);
  m_granularities->setEnabled(values.scheme != Scheme::None);
  m_bits->setEnabled(values.scheme != Scheme::Binary);
  values.bits ? m_bits->setValue(*values.bits) : m_bits->setMixed();
  m_planes->setVisible(values.scheme == Scheme::BitPlane);
  m_planes->setRange(0, std::max(0, values.bits.value_or(16) - 1));
  values.droppedPlanes ? m_planes->setValue(*values.droppedPlanes) : m_planes->setMixed();
}

}  // namespace lapidary::ui
