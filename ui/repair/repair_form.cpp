// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/repair/repair_form.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QSpinBox>
#include <cmath>

#include "ui/dialogs/open_data_dialog.h"
#include "ui/files/part_text.h"
#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

using Kind = TrainingData::Kind;

constexpr int usualEpochs = 5, usualBatch = 64;
constexpr double usualRate = 0.001, usualShare = 0.5, usualTemperature = 4;
constexpr int askForFile = -1;  ///< the entry that opens a chooser
constexpr int firstPart = 100;  ///< from here on, parts of the open data

QSpinBox* makeNumber(int low, int high, int value, const QString& name, const QString& tip) {
  auto* box = new QSpinBox;
  box->setRange(low, high);
  box->setValue(value);
  box->setAccessibleName(name);
  box->setToolTip(tip);
  return box;
}

}  // namespace

RepairForm::RepairForm(QWidget* parent)
    : QWidget(parent),
      m_data(new QComboBox),
      m_warning(makeLabel({}, "caption")),
      m_epochs(makeNumber(1, 10'000, usualEpochs, tr("Epochs"),
                          tr("Passes over the data at most; three without a better one end it sooner"))),
      m_batch(makeNumber(1, 65'536, usualBatch, tr("Batch"), tr("Samples that one step learns from"))),
      m_seed(makeNumber(0, 999'999'999, 1, tr("Seed"),
                        tr("Of the order of the samples: the same seed gives the same weights"))),
      m_rate(new QDoubleSpinBox),
      m_teacher(new ValueSlider(
          tr("Teacher"),
          tr("Share of the loss that is distillation: how far the answers are from those of the uncut model. "
             "The rest is the cross-entropy of the labels."),
          {100, QStringLiteral(" %"), [](double v) { return fixedText(v, 0); }})),
      m_temperature(
          new ValueSlider(tr("Temperature"),
                          tr("Softens the teacher's answers, so that its second thoughts teach too; "
                             "no unit"),
                          {1, {}, [](double v) { return fixedText(v, 1); }})),
      m_ramp(new ValueSlider(
          tr("Pruning grows"),
          tr("Share of the epochs over which pruning grows to what the cut asks for; at 0 % it "
             "is all there before the first step"),
          {100, QStringLiteral(" %"), [](double v) { return fixedText(v, 0); }})) {
  m_data->setAccessibleName(tr("Data to learn from"));
  m_data->setToolTip(tr("A tenth of it teaches nothing and decides which epoch is best"));
  m_warning->setWordWrap(true);
  // Room for two lines: the form must not jump when the choice changes.
  m_warning->setMinimumHeight(2 * m_warning->fontMetrics().lineSpacing());
  m_warning->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  buildNumbers();
  connect(m_data, &QComboBox::activated, this, &RepairForm::chooseData);
  for (auto* box : {m_epochs, m_batch, m_seed})
    connect(box, &QSpinBox::valueChanged, this, &RepairForm::changed);
  connect(m_rate, &QDoubleSpinBox::valueChanged, this, &RepairForm::changed);
}

void RepairForm::buildNumbers() {
  m_rate->setDecimals(5);
  m_rate->setRange(0.00001, 1);
  m_rate->setSingleStep(0.0005);
  m_rate->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  m_rate->setValue(usualRate);
  m_rate->setAccessibleName(tr("Learning rate"));
  m_rate->setToolTip(tr("Of the first steps; it falls to 0 along half a cosine. No unit."));
  m_teacher->setRange(0, 1);
  m_teacher->setStep(0.05, 0.05);
  m_teacher->setTicks({0, 0.25, 0.5, 0.75, 1});
  m_teacher->setValue(usualShare);
  m_teacher->setResetValue(usualShare);
  m_temperature->setRange(1, 20);
  m_temperature->setStep(1, 0.5);
  m_temperature->setTicks({1, 5, 10, 15, 20});
  m_temperature->setValue(usualTemperature);
  m_temperature->setResetValue(usualTemperature);
  m_ramp->setRange(0, 0.9);
  m_ramp->setStep(0.05, 0.05);
  m_ramp->setTicks({0, 0.3, 0.6, 0.9});
  m_ramp->setValue(0);
  m_ramp->setResetValue(0);
  for (auto* slider : {m_teacher, m_temperature, m_ramp})
    connect(slider, &ValueSlider::changed, slider, &ValueSlider::setValue);
  auto* numbers = new QFormLayout;
  numbers->addRow(tr("Epochs"), m_epochs);
  numbers->addRow(tr("Learning rate"), m_rate);
  numbers->addRow(tr("Batch"), m_batch);
  numbers->addRow(tr("Seed"), m_seed);
  auto* sliders = new QVBoxLayout;
  sliders->setSpacing(8);
  sliders->addWidget(m_teacher);
  sliders->addWidget(m_temperature);
  sliders->addWidget(m_ramp);
  sliders->addStretch();
  auto* both = new QHBoxLayout;
  both->setSpacing(24);
  both->addLayout(numbers, 5);
  both->addLayout(sliders, 6);
  auto* from = new QFormLayout;
  from->addRow(tr("Learns from"), m_data);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addLayout(from);
  column->addWidget(m_warning);
  column->addLayout(both);
}

void RepairForm::setSession(std::shared_ptr<const core::Session> session, bool demo) {
  const bool first = !m_session || demo != m_demo;
  m_session = std::move(session);
  m_demo = demo;
  if (first) m_chosen = static_cast<int>(demo ? Kind::Demo : m_file.isEmpty() ? Kind::Open : Kind::File);
  showData();
}

void RepairForm::setFile(const QString& path) {
  m_file = path;
  m_chosen = static_cast<int>(Kind::File);
  showData();
  emit changed();
}

void RepairForm::chooseData(int index) {
  const int chosen = m_data->itemData(index).toInt();
  if (chosen == askForFile) {
    OpenDataDialog dialog(this);
    if (dialog.exec() == QDialog::Accepted) return setFile(dialog.chosen());
    return showData();
  }
  m_chosen = chosen;
  showData();
  emit changed();
}

void RepairForm::showData() {
  m_data->clear();
  if (m_demo) m_data->addItem(tr("the digits that the demo was trained on"), static_cast<int>(Kind::Demo));
  if (!m_file.isEmpty()) m_data->addItem(QFileInfo(m_file).fileName(), static_cast<int>(Kind::File));
  const auto samples = m_session && m_session->data() ? m_session->data()->size() : 0;
  m_data->addItem(tr("the open data (%n sample(s))", nullptr, static_cast<int>(samples)),
                  static_cast<int>(Kind::Open));
  addParts();
  m_data->addItem(tr("other data…"), askForFile);
  m_data->setCurrentIndex(std::max(0, m_data->findData(m_chosen)));
  const bool open = data().kind == Kind::Open;
  m_warning->setText(
      open ? tr("The figures come from the same samples: after it they flatter. For figures to rely "
                "on, let it learn from other data.")
           : tr("The figures come from other samples, which teach nothing.") +
                 (m_chosen == static_cast<int>(Kind::File)
                      ? QLatin1Char(' ') + tr("Of a file in parts the training part teaches.")
                      : QString()));
  const bool labels = !open || (m_session && m_session->data() && m_session->data()->labelled());
  m_teacher->setEnabled(labels);
  if (!labels) m_teacher->setValue(1);
}

/// Those that are not measured: to learn from one of them is what they are for.
void RepairForm::addParts() {
  if (!m_session || m_session->data() == nullptr) return;
  const core::DataParts parts = m_session->data()->source().parts();
  for (const auto& [part, samples] : parts.samples)
    if (part != parts.taken)
      m_data->addItem(tr("the %1 part of the open data (%2 samples)")
                          .arg(partText(part), countText(static_cast<std::int64_t>(samples))),
                      firstPart + static_cast<int>(part));
}

void RepairForm::setRate(double rate) { m_rate->setValue(rate); }

TrainingData RepairForm::data() const {
  const int chosen = m_data->currentData().toInt();
  if (chosen >= firstPart) {
    const core::DataPlace open = core::dataPlace(m_session->data()->source().path());
    const auto part = static_cast<core::DataPart>(chosen - firstPart);
    return {Kind::File, QString::fromStdString(core::pathOf({open.file, part}))};
  }
  const auto kind = static_cast<Kind>(chosen);
  return {kind, kind == Kind::File ? m_file : QString()};
}

core::RepairRequest RepairForm::request(const core::Recipe& recipe) const {
  core::RepairRequest request;
  request.recipe = recipe;
  request.train.optimizer.kind = core::OptimizerKind::Adam;
  request.train.rate.schedule = core::RateSchedule::Cosine;
  request.train.rate.base = m_rate->value();
  request.train.epochs = static_cast<std::size_t>(m_epochs->value());
  request.train.batch = static_cast<std::size_t>(m_batch->value());
  request.train.seed = static_cast<std::uint64_t>(m_seed->value());
  request.train.workers = m_session ? m_session->workers() : 1;
  request.loss.teacher = m_teacher->value();
  request.loss.temperature = m_temperature->value();
  request.ramp = m_ramp->value();
  return request;
}

}  // namespace lapidary::ui
