// SPDX-License-Identifier: GPL-3.0-or-later
// Two jobs: one over all samples for a layer and channel, one for the maps of the chosen sample.
#include "ui/activations/activations_view.h"

#include <QBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QSpinBox>
#include <QSplitter>
#include <array>
#include <cmath>

#include "core/session/activation_maps.h"
#include "ui/document/background_job.h"
#include "ui/heatmap/image_map.h"
#include "ui/look/number_text.h"
#include "ui/samples/sample_image.h"
#include "ui/samples/thumbnail_store.h"
#include "ui/widgets/card.h"
#include "ui/widgets/content_pages.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int delay = 120;  // milliseconds after the last change
constexpr int sampleRole = Qt::UserRole;
constexpr double opacity = 0.75;

}  // namespace

struct ActivationsView::Shown {
  core::LayerId layer;
  core::ActivationMaps maps;
  QImage input;
};

ActivationsView::ActivationsView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_search(new BackgroundJob(this)),
      m_look(new BackgroundJob(this)),
      m_thumbnails(new ThumbnailStore(this)) {
  build();
  m_delay.setSingleShot(true);
  m_delay.setInterval(delay);
  connect(&m_delay, &QTimer::timeout, this, &ActivationsView::search);
  connect(&document, &Document::opened, this, &ActivationsView::reset);
  connect(&document, &Document::selectionChanged, this, [this] {
    m_channel->setValue(-1);
    schedule();
  });
  connect(m_search, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
  });
  connect(m_search, &BackgroundJob::finished, m_progress, &QWidget::hide);
  connect(m_search, &BackgroundJob::failed, this, [this](const QString& sentence) {
    m_progress->hide();
    m_samples->clear();
    m_shown.reset();
    m_map->setPlaceholder(sentence);
    m_map->setMap(nullptr, {});
  });
  connect(m_thumbnails, &ThumbnailStore::arrived, this, &ActivationsView::showThumbnail);
  reset();
}

QWidget* ActivationsView::buildList() {
  m_list = new Card(tr("Most exciting samples"));
  m_channel = new QSpinBox;
  m_channel->setRange(-1, 1 << 20);
  m_channel->setValue(-1);
  m_channel->setSpecialValueText(tr("whole layer"));
  m_channel->setAccessibleName(tr("Channel of the layer"));
  m_channel->setToolTip(tr(
      "A channel's samples are those with its largest value anywhere; the whole layer's those of the largest "
      "root mean square."));
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(makeLabel(tr("Channel"), "caption"));
  row->addWidget(m_channel, 1);
  m_list->body()->addLayout(row);
  m_progress = new QProgressBar;
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress over the samples"));
  QSizePolicy policy = m_progress->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(policy);
  m_progress->hide();
  m_list->body()->addWidget(m_progress);
  m_samples = new QListWidget;
  m_samples->setProperty("look", "bare");
  m_samples->setIconSize({44, 44});
  m_samples->setAccessibleName(tr("Most exciting samples"));
  m_samples->setToolTip(tr("Double-click to see what the answer to this sample rests on"));
  m_list->body()->addWidget(m_samples, 1);
  connect(m_channel, &QSpinBox::valueChanged, this, &ActivationsView::schedule);
  connect(m_samples, &QListWidget::currentRowChanged, this, &ActivationsView::look);
  connect(m_samples, &QListWidget::itemActivated, this, [this] { emit sampleActivated(chosenSample()); });
  return m_list;
}

void ActivationsView::build() {
  m_card = new Card(tr("Activation map"));
  m_map = new ImageMap(m_viewport);
  m_map->setAccessibleName(tr("Activation map"));
  m_card->body()->addWidget(m_map, 1);
  auto* splitter = new QSplitter;
  splitter->setHandleWidth(10);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(buildList());
  splitter->addWidget(m_card);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({230, 660});
  m_list->setMinimumWidth(200);
  m_pages = new ContentPages(splitter, this);
}

void ActivationsView::reset() {
  m_search->cancel();
  m_look->cancel();
  m_shown.reset();
  m_samples->clear();
  const auto& session = m_document.session();
  m_thumbnails->setData(session ? session->sharedData() : nullptr);
  const QString what =
      tr("What the channels of the selected layer answer, and the samples that excite them most.");
  if (!session)
    return m_pages->invite(tr("No model"), what + QLatin1Char(' ') + tr("Open a model and data."));
  if (!session->data() || session->data()->size() == 0)
    return m_pages->invite(tr("No data"), what + QLatin1Char(' ') + tr("Open data for this model."));
  if (!session->obstacles().empty())
    return m_pages->invite(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  m_pages->showContent();
  m_channel->setValue(-1);
  schedule();
}

void ActivationsView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  schedule();
}

void ActivationsView::schedule() {
  if (!isVisible() || !m_pages->showsContent()) return;
  m_map->setDimmed(true);
  m_delay.start();
}

void ActivationsView::search() {
  const auto& session = m_document.session();
  if (!session || !isVisible() || !m_document.currentLayer().valid()) return;
  core::TopRequest request;
  request.layer = m_document.currentLayer();
  request.channel = m_channel->value();
  request.workers = 0;
  m_list->setTitle(tr("Most exciting samples"));
  m_progress->setRange(0, 0);
  m_progress->show();
  m_search->start([session, request, this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto found = core::topActivations(*session, request, progress);
    return [this, found] { take(found); };
  });
}

void ActivationsView::take(const std::vector<core::TopSample>& found) {
  const QSignalBlocker blocker(m_samples);
  m_samples->clear();
  const core::DataSource& source = m_document.session()->data()->source();
  for (const core::TopSample& each : found) {
    auto* item = new QListWidgetItem(
        tr("%1\nactivation %2")
            .arg(QString::fromStdString(source.sampleName(each.sample)), significantText(each.activation)));
    item->setData(sampleRole, QVariant::fromValue<qulonglong>(each.sample));
    m_samples->addItem(item);
    showThumbnail(each.sample);
  }
  m_samples->setCurrentRow(0);
  look();
}

void ActivationsView::showThumbnail(qulonglong sample) {
  const QImage image = m_thumbnails->thumbnail(static_cast<std::size_t>(sample));
  if (image.isNull()) return;
  for (int row = 0; row < m_samples->count(); ++row)
    if (QListWidgetItem* item = m_samples->item(row); item->data(sampleRole).toULongLong() == sample)
      item->setIcon(QPixmap::fromImage(image));
}

std::size_t ActivationsView::chosenSample() const {
  const QListWidgetItem* item = m_samples->currentItem();
  return item != nullptr ? static_cast<std::size_t>(item->data(sampleRole).toULongLong()) : 0;
}

void ActivationsView::look() {
  const auto& session = m_document.session();
  if (!session || m_samples->currentItem() == nullptr) return;
  m_look->start([session, sample = chosenSample(), layer = m_document.currentLayer(),
                 this](const core::Progress&) -> BackgroundJob::Deliver {
    auto shown = std::make_shared<Shown>();
    shown->layer = layer;
    shown->maps = core::activationMaps(*session, sample, layer);
    const std::array<std::size_t, 1> one{sample};
    const auto inputs = session->data()->inputs(one);
    if (!inputs.empty()) shown->input = inputImage(inputs.front(), session->data()->preprocess().layout);
    return [this, shown] { take(shown); };
  });
}

void ActivationsView::take(std::shared_ptr<const Shown> shown) {
  m_shown = std::move(shown);
  if (m_channel->value() >= m_shown->maps.channels) return m_channel->setValue(m_shown->maps.channels - 1);
  drawChannel();
}

/// Of a whole layer, and of channels without spatial positions, all channels: as rows, or the root mean
/// square of each position.
void ActivationsView::drawChannel() {
  const core::ActivationMaps& maps = m_shown->maps;
  const int channel = m_channel->value();
  int width = maps.width, height = maps.height;
  std::vector<float> values;
  if (width * height == 1) {
    values = maps.values;
    width = maps.channels;
    height = 1;
  } else if (channel >= 0) {
    values.assign(maps.channel(channel).begin(), maps.channel(channel).end());
  } else {
    values.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0.0F);
    for (int c = 0; c < maps.channels; ++c)
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += maps.channel(c)[i] * maps.channel(c)[i];
    for (float& value : values) value = std::sqrt(value / static_cast<float>(maps.channels));
  }
  const bool overInput = height > 1;
  auto pyramid = std::make_shared<MapPyramid>(std::make_shared<GridCells>(width, height, std::move(values)));
  const double limit = pyramid->largest() > 0 ? pyramid->largest() : 1;
  m_viewport.setContent({width, height}, height == 1);
  m_map->setMap(pyramid, {ColorMap::Diverging, limit});
  m_map->setUnderlay(overInput ? m_shown->input : QImage(), overInput ? opacity : 1);
  m_map->setDimmed(false);
  const QString layer = QString::fromStdString(m_document.session()->model().layer(m_shown->layer).name);
  m_card->setTitle(channel >= 0 ? tr("Layer %1, channel %2 of %3").arg(layer).arg(channel).arg(maps.channels)
                                : tr("Layer %1, all %2 channels").arg(layer).arg(maps.channels));
  m_card->setHint(tr("±%1").arg(significantText(limit)));
}

}  // namespace lapidary::ui
