// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/distill/student_form.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QStackedWidget>

#include "core/finetune/distill.h"
#include "core/io/common/format.h"
#include "core/student/make_student.h"
#include "ui/document/background_job.h"
#include "ui/files/file_filters.h"
#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

using Kind = core::StudentKind;

constexpr int delayMs = 150;
constexpr int inherited = 0, fresh = 1;

ValueSlider::Format formatOf(bool percent) {
  if (!percent) return ValueSlider::wholeNumbers();
  return {100, QStringLiteral(" %"), [](double v) { return fixedText(v, 0); }};
}

/// Few ticks, whole numbers where the values are.
std::vector<double> ticksBetween(double low, double high) { return {low, high}; }

}  // namespace

StudentForm::StudentForm(QWidget* parent)
    : QWidget(parent),
      m_kinds(new MethodPicker(tr("Kind of student"))),
      m_pages(new QStackedWidget),
      m_figures(makeLabel({}, "muted")),
      m_job(new BackgroundJob(this)) {
  buildGallery();
  buildFromTeacher();
  buildFile();
  for (int i = 0; i < m_pages->count(); ++i)
    qobject_cast<QVBoxLayout*>(m_pages->widget(i)->layout())->addStretch();
  m_figures->setWordWrap(true);
  m_figures->setMinimumHeight(4 * m_figures->fontMetrics().lineSpacing());
  m_figures->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  m_figures->setToolTip(tr("Of the student as an ONNX file, before it has learnt anything"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  column->addWidget(m_kinds);
  column->addWidget(m_pages);
  column->addWidget(m_figures);
  column->addStretch();
  m_soon.setSingleShot(true);
  m_soon.setInterval(delayMs);
  connect(&m_soon, &QTimer::timeout, this, &StudentForm::measure);
  connect(m_kinds, &MethodPicker::chosen, this, [this](int id) { setKind(static_cast<Kind>(id)); });
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    m_figures->setText(message);
    emit figuresChanged();
  });
  setKind(Kind::Cnn);
}

QVBoxLayout* StudentForm::addPage(Kind kind, const QString& name, const QString& line, const QString& paper) {
  m_kinds->add(static_cast<int>(kind), {name, line, paper});
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  m_pages->addWidget(page);
  return column;
}

void StudentForm::addSlider(QVBoxLayout* page, Kind kind, const QString& key, const QString& name,
                            const QString& tip, double low, double high, double value, bool percent) {
  auto* slider = new ValueSlider(name, tip, formatOf(percent));
  slider->setRange(low, high);
  slider->setStep(percent ? 0.05 : 1, percent ? 0.01 : 1);
  slider->setTicks(ticksBetween(low, high));
  slider->setValue(value);
  slider->setResetValue(value);
  connect(slider, &ValueSlider::changed, this, [this, slider](double chosen) {
    slider->setValue(chosen);
    touch();
  });
  page->addWidget(slider);
  m_sliders[{kind, key}] = slider;
}

void StudentForm::buildGallery() {
  auto* cnn = addPage(Kind::Cnn, tr("Small convolutional network"),
                      tr("Blocks of convolution, ReLU and pooling; for pictures, sounds and signals."));
  addSlider(cnn, Kind::Cnn, "blocks", tr("Blocks"), tr("Each halves the picture and doubles the channels"), 1,
            5, 2);
  addSlider(cnn, Kind::Cnn, "channels", tr("Channels of the first block"),
            tr("Every further block has twice as many"), 1, 64, 8);
  m_kernel = new SegmentedControl;
  for (const int side : {3, 5, 7})
    m_kernel->add(side, tr("%1 × %1").arg(side), tr("Side of the convolutions' windows, in pixels"));
  m_kernel->setCurrent(5);
  m_head = new SegmentedControl;
  m_head->add(static_cast<int>(core::CnnHead::Flat), tr("Every position"),
              tr("The last layer has weights of its own for every position"));
  m_head->add(static_cast<int>(core::CnnHead::Global), tr("Mean over positions"),
              tr("Far fewer weights: the last layer sees the mean over all positions"));
  m_head->setCurrent(static_cast<int>(core::CnnHead::Flat));
  addChoice(cnn, tr("Windows"), m_kernel);
  addChoice(cnn, tr("Last layer"), m_head);
  auto* mlp = addPage(Kind::Mlp, tr("Dense network"),
                      tr("Dense layers with ReLU between them; tokens are embedded and averaged."));
  addSlider(mlp, Kind::Mlp, "layers", tr("Hidden layers"), tr("With 0 it is a linear classifier"), 0, 4, 1);
  addSlider(mlp, Kind::Mlp, "width", tr("Neurons of the first"), tr("Every further layer has half as many"),
            2, 512, 32);
  auto* transformer = addPage(Kind::Transformer, tr("Small transformer"),
                              tr("An encoder over tokens, or over patches of a picture."),
                              QStringLiteral("Vaswani et al., 2017; Dosovitskiy et al., 2021"));
  addSlider(transformer, Kind::Transformer, "depth", tr("Blocks"),
            tr("Of attention and two dense layers each"), 1, 8, 2);
  addSlider(transformer, Kind::Transformer, "heads", tr("Attention heads"), tr("In every block"), 1, 8, 4);
  addSlider(transformer, Kind::Transformer, "width", tr("Width of a head"),
            tr("A token is as wide as all heads together; the inner dense layer is twice as wide"), 2, 64, 8);
  addSlider(transformer, Kind::Transformer, "patch", tr("Side of a patch"),
            tr("In pixels, or steps of a signal; means nothing for tokens"), 2, 32, 7);
}

void StudentForm::addChoice(QVBoxLayout* page, const QString& name, SegmentedControl* choice) {
  choice->setAccessibleName(name);
  choice->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(choice, &SegmentedControl::chosen, this, &StudentForm::touch);
  page->addWidget(makeLabel(name, ""));
  page->addWidget(choice);
}

SegmentedControl* StudentForm::addWeights(QVBoxLayout* page) {
  auto* choice = new SegmentedControl;
  choice->add(inherited, tr("Inherited weights"), tr("The weights that are there"));
  choice->add(fresh, tr("Fresh weights"), tr("Weights are drawn anew, by the seed.\nHe et al., 2015"));
  choice->setCurrent(inherited);
  addChoice(page, tr("Training starts from"), choice);
  return choice;
}

void StudentForm::buildFromTeacher() {
  auto* narrow =
      addPage(Kind::Narrow, tr("Narrower teacher"),
              tr("The teacher without the least of its channels and heads, in every layer alike."));
  addSlider(narrow, Kind::Narrow, "keep", tr("Channels that stay"), tr("Share of every layer's channels"),
            0.02, 1, 0.3, true);
  m_weights[Kind::Narrow] = addWeights(narrow);
  auto* shallow = addPage(Kind::Shallow, tr("Shallower teacher"),
                          tr("The teacher without some of its residual blocks, evenly spread."));
  addSlider(shallow, Kind::Shallow, "keep", tr("Blocks that stay"),
            tr("Share of the residual blocks whose input and output have one shape"), 0.02, 1, 0.5, true);
  m_weights[Kind::Shallow] = addWeights(shallow);
}

void StudentForm::buildFile() {
  auto* page = addPage(Kind::File, tr("A model file"),
                       tr("Any model with the teacher's classes that takes the same samples."));
  m_fileName = new ElidedLabel(nullptr, Qt::ElideMiddle);
  m_fileName->setText(tr("No file is chosen"));
  auto* choose = makeButton(tr("Choose a file…"), "");
  connect(choose, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getOpenFileName(this, tr("Student"), {},
                                                      tr("Models with a graph (%1)").arg(graphPatterns()),
                                                      nullptr, QFileDialog::HideNameFilterDetails);
    if (!path.isEmpty()) setFile(path);
  });
  page->addWidget(m_fileName);
  page->addWidget(choose, 0, Qt::AlignLeft);
  m_weights[Kind::File] = addWeights(page);
}

void StudentForm::setFile(const QString& path) {
  m_file = path;
  m_fileName->setText(QFileInfo(path).fileName());
  m_fileName->setToolTip(path);
  setKind(Kind::File);
}

void StudentForm::setKind(Kind kind) {
  m_kinds->setCurrent(static_cast<int>(kind));
  // Pages are in the order of the list.
  static const Kind order[]{Kind::Cnn, Kind::Mlp, Kind::Transformer, Kind::Narrow, Kind::Shallow, Kind::File};
  m_pages->setCurrentIndex(static_cast<int>(std::ranges::find(order, kind) - std::begin(order)));
  touch();
}

void StudentForm::setSession(std::shared_ptr<const core::Session> session) {
  m_session = std::move(session);
  touch();
}

ValueSlider* StudentForm::slider(const QString& key) const {
  const auto it = m_sliders.find({static_cast<Kind>(m_kinds->current()), key});
  return it == m_sliders.end() ? nullptr : it->second;
}

int StudentForm::valueOf(Kind kind, const char* key) const {
  return static_cast<int>(std::lround(m_sliders.at({kind, key})->value()));
}

core::StudentSpec StudentForm::spec() const {
  core::StudentSpec spec;
  spec.kind = static_cast<Kind>(m_kinds->current());
  spec.widths.clear();
  if (spec.kind == Kind::Cnn)
    for (int i = 0; i < valueOf(spec.kind, "blocks"); ++i)
      spec.widths.push_back(std::int64_t{valueOf(spec.kind, "channels")} << i);
  if (spec.kind == Kind::Mlp)
    for (int i = 0; i < valueOf(spec.kind, "layers"); ++i)
      spec.widths.push_back(std::max(1, valueOf(spec.kind, "width") >> i));
  spec.kernel = m_kernel->current();
  spec.head = static_cast<core::CnnHead>(m_head->current());
  spec.heads = valueOf(Kind::Transformer, "heads");
  spec.width = spec.heads * valueOf(Kind::Transformer, "width");
  spec.depth = valueOf(Kind::Transformer, "depth");
  spec.patch = valueOf(Kind::Transformer, "patch");
  spec.feedForward = 2 * spec.width;
  if (const auto it = m_sliders.find({spec.kind, "keep"}); it != m_sliders.end())
    spec.keep = it->second->value();
  if (const auto it = m_weights.find(spec.kind); it != m_weights.end())
    spec.fresh = it->second->current() == fresh;
  spec.path = m_file.toStdString();
  return spec;
}

void StudentForm::touch() {
  m_possible = false;
  m_job->cancel();
  m_soon.start();
  emit changed();
}

void StudentForm::measure() {
  if (!m_session || m_session->data() == nullptr) return m_figures->clear();
  if (m_kinds->current() == static_cast<int>(Kind::File) && m_file.isEmpty()) return m_figures->clear();
  m_job->start([this, session = m_session, spec = spec()](const core::Progress& progress) {
    const core::Model student =
        core::makeStudent(spec, session->model(), core::studentTask(*session), 1, progress);
    const core::Format& onnx = *core::formatForPath("student.onnx");
    const auto mine = onnx.sizeOf(student), theirs = onnx.sizeOf(session->model());
    const double ratio = static_cast<double>(theirs) / static_cast<double>(mine);
    const QString size = tr("%1 parameters, %2").arg(countText(student.parameters()), bytesText(mine));
    const QString beside =
        ratio >= 1
            ? tr("%1 times smaller than the teacher's %2").arg(significantText(ratio, 3), bytesText(theirs))
            : tr("%1 times larger than the teacher's %2")
                  .arg(significantText(1 / ratio, 3), bytesText(theirs));
    return BackgroundJob::Deliver([this, text = size + QLatin1Char('\n') + beside] {
      m_possible = true;
      m_figures->setText(text);
      emit figuresChanged();
    });
  });
}

}  // namespace lapidary::ui
