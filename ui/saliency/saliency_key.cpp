// One line of words and two bars of colours.
#include "ui/saliency/saliency_key.h"

#include <QBoxLayout>
#include <QLabel>

#include "ui/heatmap/color_bar.h"
#include "ui/number_text.h"
#include "ui/saliency/sample_explanation.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

QString unitOf(core::SaliencyMethod method) {
  switch (method) {
    case core::SaliencyMethod::Gradient:
      return SaliencyKey::tr("|gradient|");
    case core::SaliencyMethod::GradientInput:
      return SaliencyKey::tr("gradient × input");
    case core::SaliencyMethod::GradCam:
      return SaliencyKey::tr("Grad-CAM");
    case core::SaliencyMethod::Occlusion:
      return SaliencyKey::tr("logit lost");
  }
  return {};
}

}  // namespace

SaliencyKey::SaliencyKey(QWidget* parent)
    : QWidget(parent), m_kept(makeLabel({}, "muted")), m_maps(new ColorBar), m_change(new ColorBar) {
  m_kept->setWordWrap(true);
  // A label that wraps lets itself be squeezed, and the bars with it.
  m_kept->setMinimumHeight(2 * m_kept->fontMetrics().lineSpacing());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 20, 0, 0);
  column->setSpacing(8);
  column->addWidget(m_kept);
  column->addWidget(m_maps);
  column->addWidget(m_change);
  column->addStretch(1);
}

void SaliencyKey::setContent(const SampleExplanation& content, const QString& className) {
  const ColorMap map = content.isSigned ? ColorMap::Diverging : ColorMap::Sequential;
  m_maps->setScale({map, content.limit}, unitOf(content.request.method));
  m_change->setScale({ColorMap::Diverging, content.changeLimit}, tr("change"));
  m_kept->setText(tr("Saliency kept: %1\nrank correlation of the two maps for class %2")
                      .arg(fixedText(content.explanation.kept, 2), className));
}

void SaliencyKey::clear() { m_kept->clear(); }

}  // namespace lapidary::ui
