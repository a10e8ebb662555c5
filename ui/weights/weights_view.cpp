// SPDX-License-Identifier: GPL-3.0-or-later
// Lines move at once on the GUI thread; bars and pictures follow from one job, latest wins.
#include "ui/weights/weights_view.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/settings.h"
#include "ui/weights/histogram_chart.h"
#include "ui/weights/weight_images.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"

namespace lapidary::ui {
namespace {

/// A running job is let finish this long, in milliseconds, so that a steady drag still shows results.
constexpr int patience = 300;
/// The figures come first: pictures wait for them, though no longer than this, in milliseconds.
constexpr int courtesy = 80;

/// So long, in milliseconds, the picture of the layer or the cut before may stand: a new one that comes
/// sooner takes its place without a flicker, and nobody takes the old one for it.
constexpr int layerGrace = 100, cutGrace = 1000;

struct Request {
  std::shared_ptr<const core::Session> session;
  core::Recipe recipe;
  core::LayerId layer;
  std::int64_t channel = 0;
};

LevelGrid levelsFor(const CutWeights& cut, std::int64_t channel) {
  if (!cut.encoding) return {};
  return levelsOf(cut.values.as<float>(), cut.values.shape(), cut.encoding->axis, channel);
}

}  // namespace

WeightsView::WeightsView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_job(new BackgroundJob(this)) {
  build();
  m_retry.setSingleShot(true);
  m_retry.setInterval(patience);
  connect(&m_retry, &QTimer::timeout, this, &WeightsView::startJob);
  m_courtesy.setSingleShot(true);
  m_courtesy.setInterval(courtesy);
  connect(&m_courtesy, &QTimer::timeout, this, &WeightsView::startJob);
  m_late.setSingleShot(true);
  connect(&m_late, &QTimer::timeout, this, &WeightsView::sayThatItIsLate);
  connect(&document, &Document::outcomeChanged, this, [this] {
    if (m_courtesy.isActive() && m_document.outcome().quality) startJob();
  });
  connect(m_job, &BackgroundJob::finished, this, [this] {
    if (m_waiting) startJob();
  });
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    m_empty->setTexts(tr("The weights of %1 cannot be shown").arg(layerName()), message);
    m_pages->setCurrentWidget(m_empty);
  });
  connect(&document, &Document::opened, this, &WeightsView::followDocument);
  connect(&document, &Document::selectionChanged, this, &WeightsView::followDocument);
  connect(&document, &Document::recipeChanged, this, &WeightsView::followRecipe);
  connect(m_histogram, &HistogramChart::dragStarted, this, [this] { m_document.beginDrag(); });
  connect(m_histogram, &HistogramChart::dragFinished, this, [this] { m_document.endDrag(); });
  connect(m_histogram, &HistogramChart::thresholdDragged, this, &WeightsView::dragTo);
  connect(m_log, &QCheckBox::toggled, this, [this](bool on) {
    settings::setValue("weights/log", on);
    m_histogram->setLogarithmic(on);
  });
  connect(m_channel, &QSpinBox::valueChanged, this, &WeightsView::followRecipe);
  followDocument();
}

void WeightsView::build() {
  m_distribution = new Card;
  m_histogram = new HistogramChart;
  m_log = new QCheckBox(tr("log scale"));
  m_log->setChecked(settings::value("weights/log", true).toBool());
  m_histogram->setLogarithmic(m_log->isChecked());
  m_channel = new QSpinBox;
  m_channel->setPrefix(tr("grid of channel "));
  m_channel->setAccessibleName(tr("Channel whose quantization grid is drawn"));
  m_distribution->addToHead(m_channel);
  m_distribution->addToHead(m_log);
  m_distribution->body()->addWidget(m_histogram, 1);
  m_images = new WeightImages;

  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setObjectName(QStringLiteral("weightsSplitter"));
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(10);
  splitter->addWidget(m_distribution);
  splitter->addWidget(m_images);
  splitter->setStretchFactor(0, 6);
  splitter->setStretchFactor(1, 5);
  if (!splitter->restoreState(settings::value("weights/splitter").toByteArray()))
    splitter->setSizes({380, 300});
  connect(splitter, &QSplitter::splitterMoved, this,
          [splitter] { settings::setValue("weights/splitter", splitter->saveState()); });

  m_empty = new EmptyState({}, {});
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_empty);
  m_pages->addWidget(splitter);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_pages);
}

QString WeightsView::layerName() const {
  const auto& session = m_document.session();
  if (!session || !m_layer.valid() || m_layer.index >= session->model().layers.size()) return {};
  return QString::fromStdString(session->model().layer(m_layer).name);
}

core::LayerEdit WeightsView::currentEdit() const {
  return m_document.shownRecipe().editOf(layerName().toStdString());
}

void WeightsView::followDocument() {
  const auto& session = m_document.session();
  const core::LayerId layer = session ? m_document.currentLayer() : core::LayerId{};
  const bool same = session == m_session && layer == m_layer;
  m_session = session;
  m_layer = layer;
  if (!session || !layer.valid()) {
    m_job->cancel();
    m_original.reset();
    m_cut.reset();
    m_empty->setTexts(tr("No layer selected"),
                      tr("The distribution of a layer's weights and the weights as pictures are shown here. "
                         "Open a model and select a layer in the table."));
    return m_pages->setCurrentWidget(m_empty);
  }
  if (same) return;
  m_original.reset();
  m_cut.reset();
  m_late.start(layerGrace);
  startJob();
}

void WeightsView::followRecipe() {
  if (!m_session || !m_layer.valid()) return;
  showThreshold();
  if (showsCut())
    m_late.stop();
  else if (!m_late.isActive())
    m_late.start(m_original ? cutGrace : layerGrace);
  if (!m_job->running()) {
    if (!m_courtesy.isActive()) m_courtesy.start();
    return;
  }
  m_waiting = true;
  if (!m_retry.isActive()) m_retry.start();
}

void WeightsView::startJob() {
  m_waiting = false;
  m_retry.stop();
  m_courtesy.stop();
  if (!m_session || !m_layer.valid()) return;
  const Request request{m_session, m_document.shownRecipe(), m_layer, m_channel->value()};
  m_job->start([request, original = m_original, this,
                post = m_job->poster()](const core::Progress& progress) -> BackgroundJob::Deliver {
    auto read = original;
    if (!read || read->repaired != request.recipe.repaired.id) {
      read = readOriginal(*request.session, request.recipe, request.layer, progress.stop);
      post([this, read] { take(read); });
    }
    auto cut = readCut(request.recipe, *read, progress);
    return [this, cut, levels = levelsFor(*cut, request.channel)] { take(cut, levels); };
  });
}

void WeightsView::take(std::shared_ptr<const OriginalWeights> original) {
  m_original = std::move(original);
  m_cut.reset();
  m_distribution->setTitle(tr("%1 · distribution").arg(layerName()));
  m_histogram->setOriginal(m_original->bins);
  m_histogram->setLevels({});
  m_images->setOriginal(layerName(), m_original);
  m_channel->hide();
  showHint({});
  showThreshold();
  m_pages->setCurrentIndex(1);
}

void WeightsView::take(std::shared_ptr<const CutWeights> cut, const LevelGrid& levels) {
  if (!m_original) return;
  m_cut = std::move(cut);
  m_histogram->setCut(m_cut->bins, m_cut->edited);
  m_histogram->setLevels(levels);
  const bool channels = m_cut->encoding && m_cut->encoding->axis >= 0;
  m_channel->setVisible(channels);
  if (channels) {
    const auto axis = static_cast<std::size_t>(m_cut->encoding->axis);
    m_channel->setMaximum(static_cast<int>(m_cut->values.shape()[axis]) - 1);
  }
  m_images->setCut(m_cut);
  showHint(levels);
  showThreshold();
  m_pages->setCurrentIndex(1);
  showsCut() ? m_late.stop() : m_late.start(cutGrace);
}

bool WeightsView::showsCut() const { return m_cut && m_cut->recipe == m_document.shownRecipe(); }

void WeightsView::sayThatItIsLate() {
  if (!m_original) {
    const auto& layer = m_session->model().layer(m_layer);
    m_empty->setTexts(tr("Reading %1").arg(layerName()),
                      tr("%1 weights are read, sorted and drawn.").arg(countText(layer.parameters())));
    return m_pages->setCurrentWidget(m_empty);
  }
  if (showsCut()) return;
  m_cut.reset();
  m_histogram->setCut(m_original->bins, false);
  m_images->waitForCut();
  m_distribution->setHint(tr("cutting…"));
}

void WeightsView::showHint(const LevelGrid& levels) {
  if (m_cut && m_cut->encoding && !levels.complete)
    m_distribution->setHint(tr("grid finer than 64 levels, not drawn"));
  else if (m_cut && m_cut->encoding)
    m_distribution->setHint(tr("%n level(s)", nullptr, static_cast<int>(levels.levels.size())));
  else
    m_distribution->setHint(m_document.holdingOriginal() ? tr("the original")
                                                         : tr("drag the lines to prune"));
}

void WeightsView::showThreshold() {
  if (!m_original) return;
  const core::Prune prune = currentEdit().prune;
  const bool absolute = prune.mode == core::PruneMode::Threshold;
  double threshold = 0;
  if (absolute)
    threshold = prune.value;
  else if (prune.mode != core::PruneMode::None && m_cut)
    threshold = m_cut->threshold;
  m_histogram->setEditable(!m_document.holdingOriginal());
  QString label;
  if (threshold > 0) {
    const std::int64_t zeros = absolute ? m_original->statistics->countBelow(threshold) : m_cut->zeros;
    label = tr("|w| < %1 → 0 · %2 weights").arg(significantText(threshold), countText(zeros));
  }
  m_histogram->setThreshold(threshold, label);
}

void WeightsView::dragTo(double threshold) {
  m_document.editSelection(
      [threshold](core::LayerEdit& edit) {
        edit.prune.mode = threshold > 0 ? core::PruneMode::Threshold : core::PruneMode::None;
        edit.prune.value = threshold;
      },
      tr("Prune by threshold"));
}

}  // namespace lapidary::ui
