// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the cut panel and its three buttons.
#include "ui/cut/cut_panel.h"

#include <QBoxLayout>
#include <algorithm>

#include "ui/cut/activations_section.h"
#include "ui/cut/low_rank_section.h"
#include "ui/cut/output_error_label.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/quantize_section.h"
#include "ui/cut/refusals.h"
#include "ui/cut/statistics_loader.h"
#include "ui/look/number_text.h"
#include "ui/manual/help.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

int countOf(const core::Model& model, const std::string& opType) {
  return static_cast<int>(std::count_if(model.layers.begin(), model.layers.end(),
                                        [&](const core::Layer& layer) { return layer.opType == opType; }));
}

}  // namespace

CutPanel::CutPanel(Document& document, QWidget* parent)
    : QScrollArea(parent),
      m_document(document),
      m_prune(new PruneSection(document, *new StatisticsLoader(document, this))),
      m_quantize(new QuantizeSection(document)),
      m_lowRank(new LowRankSection(document)),
      m_activations(new ActivationsSection(document)),
      m_selection(new ElidedLabel(nullptr, Qt::ElideMiddle)),
      m_resetLayers(makeButton(tr("Reset layer"), "")),
      m_resetAll(makeButton(tr("Reset all"), "")),
      m_applyToAll(makeButton({}, "")),
      m_refused(new RefusalLabel(document)),
      m_caption(makeLabel({}, "caption")),
      m_bytes(new QLabel),
      m_noise(makeLabel({}, "muted")),
      m_notes(makeLabel({}, "warning")) {
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(QFrame::NoFrame);
  auto* content = new QWidget;
  content->setObjectName("plain");
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(14, 8, 14, 14);
  column->setSpacing(12);
  auto* head = new QHBoxLayout;
  head->addWidget(makeLabel(tr("Cut"), "title"));
  m_selection->setProperty("look", "muted");
  m_selection->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  head->addWidget(m_selection, 1);
  head->addWidget(help::makeButton(this));
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_resetLayers);
  buttons->addWidget(m_resetAll);
  buttons->addStretch();
  auto* second = new QHBoxLayout;
  second->addWidget(m_applyToAll);
  second->addStretch();
  auto* summary = new QVBoxLayout;
  summary->setSpacing(4);
  for (auto* label : {m_caption, m_bytes, m_noise, m_notes}) {
    label->setWordWrap(true);
    summary->addWidget(label);
  }
  summary->addWidget(new OutputErrorLabel(document));
  column->addLayout(head);
  column->addWidget(m_prune);
  column->addWidget(makeRule());
  column->addWidget(m_quantize);
  column->addWidget(makeRule());
  column->addWidget(m_lowRank);
  column->addWidget(makeRule());
  column->addWidget(m_activations);
  column->addWidget(makeRule());
  column->addLayout(buttons);
  column->addLayout(second);
  column->addWidget(m_refused);
  column->addLayout(summary);
  column->addStretch();
  setWidget(content);
  setAccessibleName(tr("Cut"));
  setMinimumWidth(276);
  m_resetLayers->setToolTip(tr("Takes the cut of the selected layers back"));
  m_resetAll->setToolTip(tr("Takes every cut back"));
  m_applyToAll->setToolTip(tr("Cuts every layer of this operator as this one is cut"));
  connect(m_resetLayers, &QPushButton::clicked, this, &CutPanel::resetLayers);
  connect(m_resetAll, &QPushButton::clicked, this, &CutPanel::resetAll);
  connect(m_applyToAll, &QPushButton::clicked, this, &CutPanel::applyToSameOperator);
  connect(&document, &Document::selectionChanged, this, &CutPanel::showSelection);
  connect(&document, &Document::recipeChanged, this, &CutPanel::showSelection);
  connect(&document, &Document::outcomeChanged, this, &CutPanel::showFootprint);
  showSelection();
}

void CutPanel::resetLayers() {
  m_document.editSelection([](core::LayerEdit& edit) { edit = {}; }, tr("Reset layers"));
}

void CutPanel::resetAll() { m_document.setRecipe({}, tr("Reset all")); }

void CutPanel::applyToSameOperator() {
  if (!m_document.session()) return;
  const auto& model = m_document.session()->model();
  const auto& source = model.layer(m_document.currentLayer());
  const auto edit = m_document.recipe().editOf(source.name);
  core::Recipe recipe = m_document.recipe();
  std::vector<Refusal> refusals;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const core::Layer& layer = model.layers[i];
    const bool kept = layer.spared != core::Spared::No && layer.name != source.name;
    if (layer.opType != source.opType || kept) continue;
    core::LayerEdit wanted = edit;
    const QString obstacle =
        obstacleTo(edit.prune.mode, *m_document.session(), m_document.recipe(), core::LayerId{i});
    if (!obstacle.isEmpty()) {
      wanted.prune = m_document.recipe().editOf(layer.name).prune;
      refusals.push_back({QString::fromStdString(layer.name), obstacle});
    }
    recipe.set(layer.name, wanted);
  }
  m_document.setRecipe(recipe, tr("Apply to all %1").arg(QString::fromStdString(source.opType)));
  m_refused->tell(tr("These layers keep their own pruning:"), refusals);
}

void CutPanel::showSelection() {
  const auto& session = m_document.session();
  if (!session || m_document.selection().empty()) return;
  const auto& model = session->model();
  const auto& selection = m_document.selection();
  const auto& current = model.layer(m_document.currentLayer());
  const int count = static_cast<int>(selection.size());
  const bool whole = selection.size() == model.layers.size() && count > 1;
  m_selection->setText(count == 1 ? QString::fromStdString(current.name)
                       : whole    ? tr("the whole model")
                                  : tr("%n layer(s)", nullptr, count));
  m_resetLayers->setText(count == 1 ? tr("Reset layer") : tr("Reset layers"));
  const auto edited = [&](core::LayerId id) {
    return !m_document.recipe().editOf(model.layer(id).name).empty();
  };
  m_resetLayers->setEnabled(std::any_of(selection.begin(), selection.end(), edited));
  m_resetAll->setEnabled(!m_document.recipe().empty());
  m_applyToAll->setVisible(count == 1 && countOf(model, current.opType) > 1);
  m_applyToAll->setText(tr("Apply to all %1").arg(QString::fromStdString(current.opType)));
  m_caption->setText((count == 1 ? tr("This layer") : tr("These layers")).toUpper());
  showFootprint();
}

void CutPanel::showFootprint() {
  std::uint64_t before = 0, after = 0;
  std::optional<double> noise;
  QStringList notes;
  for (const auto& layer : m_document.outcome().footprint.layers) {
    const auto& selection = m_document.selection();
    if (std::find(selection.begin(), selection.end(), layer.layer) == selection.end()) continue;
    before += layer.bytesBefore;
    after += layer.bytesAfter;
    if (layer.snrDb && (!noise || *layer.snrDb < *noise)) noise = layer.snrDb;
    const QString note = QString::fromStdString(layer.note);
    if (!note.isEmpty() && !notes.contains(note)) notes << note;
  }
  m_notes->setText(notes.join(QLatin1Char('\n')));
  m_notes->setVisible(!notes.isEmpty());
  m_bytes->setText(before == 0       ? QStringLiteral("–")
                   : before == after ? bytesText(before)
                                     : QStringLiteral("%1 → %2").arg(bytesText(before), bytesText(after)));
  m_noise->setText(!noise ? QString()
                          : tr("signal-to-noise of the weights: %1 dB").arg(significantText(*noise, 3)));
  m_noise->setVisible(noise.has_value());
}

}  // namespace lapidary::ui
