// SPDX-License-Identifier: GPL-3.0-or-later
// Original and cut share one colour scale; their difference has its own.
#include "ui/saliency/saliency_panels.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <cmath>

#include "ui/heatmap/image_map.h"
#include "ui/look/number_text.h"
#include "ui/saliency/answer_bars.h"
#include "ui/saliency/saliency_key.h"
#include "ui/saliency/strip_view.h"
#include "ui/samples/sample_image.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

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
  setCaptions(tr("Original"), tr("Cut"), tr("Difference, cut minus original"));
  m_before = new AnswerBars(Role::Original);
  m_after = new AnswerBars(Role::Cut);
  auto* answers = new QHBoxLayout;
  answers->setSpacing(16);
  answers->addWidget(m_before, 1);
  answers->addWidget(m_after, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(m_pages, 1);
  layout->addLayout(answers);
  connect(&m_viewport, &MapViewport::hoveredChanged, this, &SaliencyPanels::tellHovered);
}

QWidget* SaliencyPanels::buildMaps() {
  auto* page = new QWidget;
  auto* grid = new QGridLayout(page);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(8);
  for (int i = 0; i < 3; ++i) {
    m_maps[i] = new ImageMap(m_viewport);
    grid->addWidget(m_maps[i], i / 2, i % 2);
  }
  m_keys[0] = new SaliencyKey;
  grid->addWidget(m_keys[0], 1, 1);
  for (int i = 0; i < 2; ++i) {
    grid->setColumnStretch(i, 1);
    grid->setRowStretch(i, 1);
  }
  return page;
}

QWidget* SaliencyPanels::buildStrips() {
  auto* page = new QWidget;
  page->setObjectName(QStringLiteral("plain"));
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(16);
  for (int i = 0; i < 3; ++i) {
    m_strips[i] = new StripView;
    column->addWidget(m_strips[i]);
  }
  m_keys[1] = new SaliencyKey;
  column->addWidget(m_keys[1]);
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setWidget(page);
  return scroll;
}

void SaliencyPanels::setCaptions(const QString& before, const QString& after, const QString& difference) {
  const QString captions[] = {before, after, difference};
  for (int i = 0; i < 3; ++i) {
    m_maps[i]->setCaption(captions[i]);
    m_strips[i]->setCaption(captions[i]);
  }
}

void SaliencyPanels::showExplanation(std::shared_ptr<const SampleExplanation> content,
                                     const core::Dataset& dataset) {
  m_content = std::move(content);
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
  const QString target = className(dataset, m_content->explanation.original.targetClass);
  for (SaliencyKey* key : m_keys) key->setContent(*m_content, target);
}

void SaliencyPanels::showMessage(const QString& message) {
  m_content.reset();
  m_message->setText(message);
  m_pages->setCurrentIndex(0);
  m_before->setRows({});
  m_after->setRows({});
  for (SaliencyKey* key : m_keys) key->clear();
}

void SaliencyPanels::setOpacity(double opacity) {
  m_opacity = opacity;
  if (!m_content || !m_content->original) return;
  for (ImageMap* map : {m_maps[0], m_maps[1]}) map->setUnderlay(m_content->input, opacity);
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
