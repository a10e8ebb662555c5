// Original and cut share one colour scale; their difference has its own.
#include "ui/saliency/saliency_panels.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <cmath>

#include "ui/heatmap/color_bar.h"
#include "ui/heatmap/image_map.h"
#include "ui/number_text.h"
#include "ui/saliency/answer_bars.h"
#include "ui/saliency/strip_view.h"
#include "ui/samples/sample_image.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

QString unitOf(core::SaliencyMethod method) {
  switch (method) {
    case core::SaliencyMethod::Gradient:
      return SaliencyPanels::tr("|gradient|");
    case core::SaliencyMethod::GradientInput:
      return SaliencyPanels::tr("gradient × input");
    case core::SaliencyMethod::GradCam:
      return SaliencyPanels::tr("Grad-CAM");
    case core::SaliencyMethod::Occlusion:
      return SaliencyPanels::tr("logit lost");
  }
  return {};
}

std::vector<AnswerBars::Row> rowsOf(const std::vector<ClassShare>& shares, std::int64_t truth,
                                    const core::Dataset& data) {
  std::vector<AnswerBars::Row> rows;
  for (const ClassShare& share : shares)
    rows.push_back({className(data, share.index), share.probability, share.index == truth});
  return rows;
}

}  // namespace

SaliencyPanels::SaliencyPanels(QWidget* parent) : QWidget(parent) {
  m_message = makeLabel({}, "muted");
  m_message->setWordWrap(true);
  m_message->setAlignment(Qt::AlignCenter);
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_message);
  m_pages->addWidget(buildMaps());
  m_pages->addWidget(buildStrips());

  m_before = new AnswerBars(Role::Original);
  m_after = new AnswerBars(Role::Cut);
  m_change = makeLabel({}, "muted");
  m_change->setWordWrap(true);
  m_change->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_bar = new ColorBar;
  m_changeBar = new ColorBar;
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(8);
  grid->addWidget(m_before, 0, 0);
  grid->addWidget(m_after, 0, 1);
  grid->addWidget(m_change, 0, 2);
  grid->addWidget(m_bar, 1, 0, 1, 2);
  grid->addWidget(m_changeBar, 1, 2);
  for (int column = 0; column < 3; ++column) grid->setColumnStretch(column, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(m_pages, 1);
  layout->addLayout(grid);
  connect(&m_viewport, &MapViewport::hoveredChanged, this, &SaliencyPanels::tellHovered);
}

QWidget* SaliencyPanels::buildMaps() {
  auto* page = new QWidget;
  auto* row = new QHBoxLayout(page);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(16);
  const QString captions[] = {tr("Original"), tr("Cut"), tr("Difference, cut minus original")};
  for (int i = 0; i < 3; ++i) {
    m_maps[i] = new ImageMap(m_viewport);
    m_maps[i]->setCaption(captions[i]);
    row->addWidget(m_maps[i], 1);
  }
  return page;
}

QWidget* SaliencyPanels::buildStrips() {
  auto* page = new QWidget;
  page->setObjectName(QStringLiteral("plain"));
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(16);
  const QString captions[] = {tr("Original"), tr("Cut"), tr("Difference, cut minus original")};
  for (int i = 0; i < 3; ++i) {
    m_strips[i] = new StripView;
    m_strips[i]->setCaption(captions[i]);
    column->addWidget(m_strips[i]);
  }
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setWidget(page);
  return scroll;
}

void SaliencyPanels::show(std::shared_ptr<const SampleExplanation> content, const core::Dataset& dataset) {
  m_content = std::move(content);
  const ColorScale scale{m_content->isSigned ? ColorMap::Diverging : ColorMap::Sequential, m_content->limit};
  m_bar->setScale(scale, unitOf(m_content->request.method));
  m_changeBar->setScale({ColorMap::Diverging, m_content->changeLimit}, tr("change"));
  m_content->original ? showMaps() : showStrips();
  showAnswers(dataset);
  setDimmed(false);
}

void SaliencyPanels::showMaps() {
  const ColorScale scale{m_content->isSigned ? ColorMap::Diverging : ColorMap::Sequential, m_content->limit};
  m_viewport.setContent({m_content->original->width(), m_content->original->height()}, false);
  m_maps[0]->setMap(m_content->original, scale);
  m_maps[1]->setMap(m_content->cut, scale);
  m_maps[2]->setMap(m_content->change, {ColorMap::Diverging, m_content->changeLimit});
  setOpacity(m_opacity);
  m_pages->setCurrentIndex(1);
}

void SaliencyPanels::showStrips() {
  const ColorScale scale{m_content->isSigned ? ColorMap::Diverging : ColorMap::Sequential, m_content->limit};
  m_strips[0]->setContent(m_content->explanation.original.values, scale, m_content->tokens,
                          m_content->signal);
  m_strips[1]->setContent(m_content->explanation.cut.values, scale, m_content->tokens, m_content->signal);
  m_strips[2]->setContent(m_content->difference, {ColorMap::Diverging, m_content->changeLimit},
                          m_content->tokens, m_content->signal);
  m_pages->setCurrentIndex(2);
}

void SaliencyPanels::showAnswers(const core::Dataset& dataset) {
  m_before->setRows(rowsOf(m_content->before, m_content->truth, dataset));
  m_after->setRows(rowsOf(m_content->after, m_content->truth, dataset));
  m_change->setText(tr("Saliency kept: %1\nrank correlation of the two maps for class %2")
                        .arg(fixedText(m_content->explanation.kept, 2),
                             className(dataset, m_content->explanation.original.targetClass)));
}

void SaliencyPanels::showMessage(const QString& message) {
  m_content.reset();
  m_message->setText(message);
  m_pages->setCurrentIndex(0);
  m_before->setRows({});
  m_after->setRows({});
  m_change->clear();
}

void SaliencyPanels::setOpacity(double opacity) {
  m_opacity = opacity;
  if (!m_content || !m_content->original) return;
  for (ImageMap* map : m_maps) map->setUnderlay(m_content->input, opacity);
}

void SaliencyPanels::setDimmed(bool dimmed) {
  for (ImageMap* map : m_maps) map->setDimmed(dimmed);
}

void SaliencyPanels::tellHovered() {
  const QPoint cell = m_viewport.hovered();
  if (!m_content || !m_content->original || cell.x() < 0) return emit hovered({});
  const auto value = [&](const MapPyramid& map) {
    return significantText(static_cast<double>(map.cell(cell.x(), cell.y())));
  };
  emit hovered(tr("row %1, column %2: %3 → %4")
                   .arg(cell.y())
                   .arg(cell.x())
                   .arg(value(*m_content->original), value(*m_content->cut)));
}

}  // namespace lapidary::ui
