// SPDX-License-Identifier: GPL-3.0-or-later
// One job, latest wins; what is shown stays, dimmed, until the new maps are there.
#include "ui/saliency/saliency_view.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QProgressBar>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/saliency/faithfulness_note.h"
#include "ui/saliency/saliency_panels.h"
#include "ui/saliency/saliency_texts.h"
#include "ui/samples/sample_delegate.h"
#include "ui/samples/sample_image.h"
#include "ui/samples/sample_list_model.h"
#include "ui/samples/thumbnail_store.h"
#include "ui/widgets/card.h"
#include "ui/widgets/content_pages.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

constexpr int mapDelay = 60;  // milliseconds after the last change
constexpr std::int64_t mostClasses = 5000;
constexpr std::int64_t answerOfModel = -1, answerTrue = -2;

}  // namespace

SaliencyView::SaliencyView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_thumbnails(new ThumbnailStore(this)),
      m_samples(new SampleListModel(*m_thumbnails, this)) {
  m_samples->setKind(SampleListModel::All);
  build();
  m_delay.setSingleShot(true);
  m_delay.setInterval(mapDelay);
  connect(&m_delay, &QTimer::timeout, this, &SaliencyView::explain);
  connect(&document, &Document::opened, this, &SaliencyView::reset);
  connect(&document, &Document::recipeChanged, this, &SaliencyView::schedule);
  connect(m_job, &BackgroundJob::failed, m_panels, &SaliencyPanels::showMessage);
  reset();
}

QWidget* SaliencyView::buildPicker() {
  auto* card = new Card(tr("Sample"));
  m_number = new QSpinBox;
  m_number->setAccessibleName(tr("Number of the sample"));
  m_number->setButtonSymbols(QAbstractSpinBox::NoButtons);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  const auto step = [&](const QString& text, const QString& name, int by) {
    QPushButton* button = makeButton(text, "");
    button->setAccessibleName(name);
    button->setToolTip(name);
    connect(button, &QPushButton::clicked, this, [this, by] { m_number->setValue(m_number->value() + by); });
    return button;
  };
  row->addWidget(step(QStringLiteral("‹"), tr("Previous sample"), -1));
  row->addWidget(m_number, 1);
  row->addWidget(step(QStringLiteral("›"), tr("Next sample"), 1));
  card->body()->addLayout(row);
  m_list = new QListView;
  m_list->setProperty("look", "bare");
  m_list->setModel(m_samples);
  m_list->setItemDelegate(new SampleDelegate(m_list));
  m_list->setUniformItemSizes(true);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setAccessibleName(tr("Samples, those that the cut changed first"));
  card->body()->addWidget(m_list, 1);
  connect(m_number, &QSpinBox::valueChanged, this, [this](int value) {
    const int listed = m_samples->rowOf(static_cast<std::size_t>(value));
    if (listed >= 0) m_list->setCurrentIndex(m_samples->index(listed));
    schedule();
  });
  connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& index) {
            if (index.isValid()) m_number->setValue(index.data(SampleListModel::SampleRole).toInt());
          });
  return card;
}

QWidget* SaliencyView::buildControls() {
  auto* row = new QWidget;
  auto* layout = new QVBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  m_method = new MethodPicker(tr("How to explain"));
  core::SaliencyFamily family{};
  for (const core::SaliencyRow& each : core::saliencyMethods()) {
    if (m_method->list()->count() == 0 || each.family != family) m_method->addHeading(titleOf(each.family));
    family = each.family;
    m_method->add(static_cast<int>(each.method), textOf(each.method));
  }
  m_method->setCurrent(static_cast<int>(core::SaliencyMethod::Gradient));
  connect(m_method, &MethodPicker::chosen, this, &SaliencyView::schedule);
  m_class = new QComboBox;
  m_class->setAccessibleName(tr("Class that is explained"));
  m_class->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_class->setMinimumContentsLength(10);
  connect(m_class, &QComboBox::activated, this, &SaliencyView::schedule);
  m_opacity = new QSlider(Qt::Horizontal);
  m_opacity->setRange(0, 100);
  m_opacity->setValue(70);
  m_opacity->setMinimumWidth(80);
  m_opacity->setMaximumWidth(140);
  m_opacity->setAccessibleName(tr("Opacity of the map over the input"));
  m_opacity->setToolTip(m_opacity->accessibleName());
  connect(m_opacity, &QSlider::valueChanged, this,
          [this](int value) { m_panels->setOpacity(value / 100.0); });
  auto* second = new FlowLayout(8);
  second->addWidget(makeLabel(tr("Class"), "caption"));
  second->addWidget(m_class);
  second->addWidget(makeLabel(tr("Map over input"), "caption"));
  second->addWidget(m_opacity);
  layout->addWidget(m_method);
  layout->addLayout(second);
  layout->addWidget(buildWaiting());
  return row;
}

/// Keeps its height while hidden, so that nothing jumps.
QWidget* SaliencyView::buildWaiting() {
  m_waiting = new QWidget;
  auto* row = new QHBoxLayout(m_waiting);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_progress = new QProgressBar;
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the map"));
  QPushButton* stop = makeButton(tr("Cancel"), "small");
  row->addWidget(m_progress, 1);
  row->addWidget(stop);
  QSizePolicy policy = m_waiting->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  m_waiting->setSizePolicy(policy);
  m_waiting->hide();
  connect(stop, &QPushButton::clicked, this, [this] {
    m_job->cancel();
    m_waiting->hide();
    m_panels->showMessage(tr("Cancelled. Choose a method or a sample to start again."));
  });
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
    m_waiting->show();
  });
  connect(m_job, &BackgroundJob::finished, m_waiting, &QWidget::hide);
  connect(m_job, &BackgroundJob::failed, m_waiting, &QWidget::hide);
  return m_waiting;
}

void SaliencyView::build() {
  m_panels = new SaliencyPanels;
  m_card = new Card(tr("Saliency"));
  m_card->body()->addWidget(buildControls());
  m_card->body()->addWidget(m_panels, 1);
  m_faithfulness = new FaithfulnessNote;
  m_card->body()->addWidget(m_faithfulness);
  connect(m_panels, &SaliencyPanels::hovered, this, &SaliencyView::showHint);
  auto* splitter = new QSplitter;
  splitter->setObjectName(QStringLiteral("saliencySplitter"));
  splitter->setHandleWidth(10);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(buildPicker());
  splitter->addWidget(m_card);
  splitter->setStretchFactor(0, 0);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({190, 700});
  m_pages = new ContentPages(splitter, this);
}

void SaliencyView::reset() {
  m_job->cancel();
  m_content.reset();
  m_comparison.reset();
  const auto& session = m_document.session();
  m_thumbnails->setData(session ? session->sharedData() : nullptr);
  m_samples->setComparison(nullptr);
  m_waiting->hide();
  m_faithfulness->setSession(session);
  const QString what =
      tr("Which parts of a sample the answer rests on, before and after the cut, is shown here.");
  if (!session)
    return m_pages->invite(tr("No model"), what + QLatin1Char(' ') + tr("Open a model and data."));
  if (!session->data() || session->data()->size() == 0)
    return m_pages->invite(tr("No data"), what + QLatin1Char(' ') + tr("Open data for this model."));
  if (!session->obstacles().empty())
    return m_pages->invite(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  m_number->setRange(0, static_cast<int>(session->data()->size()) - 1);
  fillClasses();
  offerMethods();
  m_pages->showContent();
  schedule();
}

void SaliencyView::fillClasses() {
  m_class->clear();
  m_class->addItem(tr("model's answer"), QVariant::fromValue<qlonglong>(answerOfModel));
  const core::Dataset& dataset = *m_document.session()->data();
  if (dataset.labelled()) m_class->addItem(tr("truth"), QVariant::fromValue<qlonglong>(answerTrue));
  std::int64_t classes = static_cast<std::int64_t>(dataset.source().classNames().size());
  if (classes == 0 && dataset.labelled())
    for (std::size_t i = 0; i < dataset.size(); ++i)
      classes = std::max(classes, dataset.source().label(i) + 1);
  for (std::int64_t i = 0; i < std::min(classes, mostClasses); ++i)
    m_class->addItem(tr("class %1").arg(className(dataset, i)), QVariant::fromValue<qlonglong>(i));
}

void SaliencyView::offerMethods() {
  const core::Model& model = m_document.session()->model();
  for (const core::SaliencyRow& each : core::saliencyMethods()) {
    const bool fits = core::obstacleOf(model, each.method).empty();
    m_method->setOffered(static_cast<int>(each.method), fits, fits ? QString() : lackOf(each.need));
    if (!fits && m_method->current() == static_cast<int>(each.method)) chooseOccludable();
  }
}

/// Hiding parts fits every model.
void SaliencyView::chooseOccludable() {
  const bool gradients =
      core::obstacleOf(m_document.session()->model(), core::SaliencyMethod::Gradient).empty();
  m_method->setCurrent(
      static_cast<int>(gradients ? core::SaliencyMethod::Gradient : core::SaliencyMethod::Occlusion));
}

std::size_t SaliencyView::sample() const { return static_cast<std::size_t>(m_number->value()); }

void SaliencyView::showSample(std::size_t sample) { m_number->setValue(static_cast<int>(sample)); }

void SaliencyView::setComparison(std::shared_ptr<const core::Comparison> comparison) {
  m_comparison = std::move(comparison);
  m_samples->setComparison(m_comparison);
  const int row = m_samples->rowOf(sample());
  if (row >= 0) m_list->setCurrentIndex(m_samples->index(row));
}

void SaliencyView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  schedule();
}

void SaliencyView::schedule() {
  if (!isVisible() || !m_pages->showsContent()) return;
  m_faithfulness->pause();
  m_panels->setDimmed(true);
  m_delay.start();
}

core::ExplainRequest SaliencyView::request() const {
  core::ExplainRequest request;
  request.sample = sample();
  request.method = static_cast<core::SaliencyMethod>(m_method->current());
  const std::int64_t chosen = m_class->currentData().toLongLong();
  const core::Dataset& dataset = *m_document.session()->data();
  request.targetClass = chosen == answerTrue ? dataset.source().label(request.sample) : chosen;
  return request;
}

void SaliencyView::explain() {
  const auto& session = m_document.session();
  if (!session || !session->data() || !isVisible()) return;
  m_waiting->hide();
  m_job->start([session, recipe = m_document.shownRecipe(), request = request(),
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    auto content = explainSample(*session, recipe, request, progress);
    return [this, content] { take(content); };
  });
}

void SaliencyView::take(std::shared_ptr<const SampleExplanation> content) {
  m_content = std::move(content);
  const core::Dataset& dataset = *m_document.session()->data();
  m_panels->showExplanation(m_content, dataset);
  const QString name = QString::fromStdString(dataset.source().sampleName(m_content->request.sample));
  m_card->setTitle(
      m_content->truth < 0
          ? tr("Saliency of sample %1").arg(name)
          : tr("Saliency of sample %1, truth %2").arg(name, className(dataset, m_content->truth)));
  showHint({});
  m_faithfulness->showMethod(m_content->request.method);
}

void SaliencyView::showHint(const QString& hovered) {
  if (!m_content) return m_card->setHint({});
  m_card->setHint(hovered.isEmpty() ? tr("kept %1").arg(fixedText(m_content->explanation.kept, 2)) : hovered);
}

}  // namespace lapidary::ui
