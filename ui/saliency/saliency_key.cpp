// SPDX-License-Identifier: GPL-3.0-or-later
// One line of words and two bars of colours.
#include "ui/saliency/saliency_key.h"

#include <QBoxLayout>
#include <QLabel>

#include "ui/heatmap/color_bar.h"
#include "ui/look/number_text.h"
#include "ui/saliency/saliency_texts.h"
#include "ui/saliency/sample_explanation.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

/// How far the parts of a map are from the sum that they should have.
QString completenessText(const core::Completeness& sums) {
  return SaliencyKey::tr("sums to %1 of %2, completeness error %3")
      .arg(significantText(sums.attributed), significantText(sums.expected), significantText(sums.error()));
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
  QString text = tr("Saliency kept: %1\nrank correlation of the two maps for class %2")
                     .arg(fixedText(content.explanation.kept, 2), className);
  if (const auto& sums = content.explanation.original.completeness)
    text += QLatin1Char('\n') + completenessText(*sums);
  m_kept->setText(text);
}

void SaliencyKey::clear() { m_kept->clear(); }

}  // namespace lapidary::ui
