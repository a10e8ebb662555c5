// SPDX-License-Identifier: GPL-3.0-or-later
// Fields in the order in which they act on a picture or a sound.
#include "ui/preprocess/preprocess_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

#include "ui/preprocess/number_list.h"
#include "ui/preprocess/sound_form.h"

namespace lapidary::ui {
namespace {

constexpr int largestSide = 8192;

/// Storage types that a model's input can have; keys are those of the JSON document.
constexpr core::DType inputTypes[] = {core::DType::Float32, core::DType::Float16, core::DType::Float64,
                                      core::DType::UInt8,   core::DType::Int8,    core::DType::Int32,
                                      core::DType::Int64};

QString nameOf(core::DType type) {
  const std::string_view text = core::name(type);
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// As wide a column in both, so that the fields of one stand under those of the other.
void alignLabels(const QWidget& one, const QWidget& other) {
  QList<QLabel*> labels = one.findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly);
  labels += other.findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly);
  int widest = 0;
  for (QLabel* label : labels) {
    label->ensurePolished();
    widest = std::max(widest, label->sizeHint().width());
  }
  for (QLabel* label : labels) label->setMinimumWidth(widest);
}

void choose(QComboBox& box, int data) { box.setCurrentIndex(std::max(0, box.findData(data))); }

}  // namespace

PreprocessForm::PreprocessForm(QWidget* parent)
    : QWidget(parent),
      m_resample(new QComboBox),
      m_layout(new QComboBox),
      m_channels(new QComboBox),
      m_dtype(new QComboBox),
      m_scale(new QLineEdit),
      m_mean(new QLineEdit),
      m_std(new QLineEdit),
      m_soundForm(new SoundForm) {
  m_resample->addItem(tr("Bilinear"), static_cast<int>(core::Resampling::Bilinear));
  m_resample->addItem(tr("Bicubic"), static_cast<int>(core::Resampling::Bicubic));
  m_resample->addItem(tr("Lanczos"), static_cast<int>(core::Resampling::Lanczos));
  m_resample->addItem(tr("Nearest"), static_cast<int>(core::Resampling::Nearest));
  m_resample->addItem(tr("Box"), static_cast<int>(core::Resampling::Box));
  m_resample->addItem(tr("Hamming"), static_cast<int>(core::Resampling::Hamming));
  m_layout->addItem(tr("NCHW: channels first"), static_cast<int>(core::PixelLayout::NCHW));
  m_layout->addItem(tr("NHWC: channels last"), static_cast<int>(core::PixelLayout::NHWC));
  m_channels->addItem(tr("RGB"), static_cast<int>(core::PixelChannels::RGB));
  m_channels->addItem(tr("BGR"), static_cast<int>(core::PixelChannels::BGR));
  m_channels->addItem(tr("Gray"), static_cast<int>(core::PixelChannels::Gray));
  for (const core::DType type : inputTypes) m_dtype->addItem(nameOf(type), static_cast<int>(type));
  m_scale->setPlaceholderText(QStringLiteral("1"));
  m_mean->setPlaceholderText(QStringLiteral("0"));
  m_std->setPlaceholderText(QStringLiteral("1"));
  m_mean->setToolTip(tr("Taken off after scaling: one value, or one per channel in the order above"));
  m_std->setToolTip(tr("What is left is divided by this: one value, or one per channel"));
  addRows();
  setSounds(false);
  connect(m_soundForm, &SoundForm::edited, this, &PreprocessForm::edited);
  for (QComboBox* box : {m_resample, m_layout, m_channels, m_dtype})
    connect(box, &QComboBox::currentIndexChanged, this, &PreprocessForm::edited);
  for (QLineEdit* line : {m_scale, m_mean, m_std})
    connect(line, &QLineEdit::textEdited, this, &PreprocessForm::edited);
}

QWidget* PreprocessForm::optionalSizes(QCheckBox*& box, std::initializer_list<QSpinBox**> sizes,
                                       const QString& tip) {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  box = new QCheckBox;
  box->setAccessibleName(tip);
  row->setToolTip(tip);
  layout->addWidget(box);
  for (QSpinBox** size : sizes) {
    *size = new QSpinBox;
    (*size)->setRange(1, largestSide);
    (*size)->setValue(224);
    (*size)->setSuffix(tr(" px"));
    (*size)->setAccessibleName(tip);
    (*size)->setEnabled(false);
    layout->addWidget(*size, 1);
    connect(box, &QCheckBox::toggled, *size, &QWidget::setEnabled);
    connect(*size, &QSpinBox::valueChanged, this, &PreprocessForm::edited);
  }
  connect(box, &QCheckBox::toggled, this, &PreprocessForm::edited);
  return row;
}

void PreprocessForm::addRows() {
  auto* form = m_rows = new QFormLayout(this);
  form->setContentsMargins(0, 0, 0, 0);
  form->setVerticalSpacing(8);
  form->setLabelAlignment(Qt::AlignLeft);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->addRow(m_soundForm);
  form->addRow(tr("Stretch to"), optionalSizes(m_hasSize, {&m_height, &m_width},
                                               tr("Height and width; the aspect is not kept")));
  form->addRow(tr("Resize, short side"),
               optionalSizes(m_hasResize, {&m_resize}, tr("Length of the short side; the aspect is kept")));
  form->addRow(tr("Resampling"), m_resample);
  form->addRow(tr("Crop, centre square"),
               optionalSizes(m_hasCrop, {&m_crop}, tr("Side of the square cut from the middle")));
  form->addRow(tr("Channels"), m_channels);
  form->addRow(tr("Scale"), m_scale);
  form->addRow(tr("Mean"), m_mean);
  form->addRow(tr("Standard deviation"), m_std);
  form->addRow(tr("Layout"), m_layout);
  form->addRow(tr("Type"), m_dtype);
}

void PreprocessForm::setSounds(bool sounds) {
  m_sounds = sounds;
  if (sounds) alignLabels(*this, *m_soundForm);
  m_rows->setRowVisible(m_soundForm, sounds);
  for (QWidget* field :
       std::initializer_list<QWidget*>{m_height->parentWidget(), m_resize->parentWidget(), m_resample,
                                       m_crop->parentWidget(), m_channels, m_layout})
    m_rows->setRowVisible(field, !sounds);
  m_scale->setToolTip(
      sounds ? tr("Samples or features are multiplied by this. Fractions may be typed.")
             : tr("Pixels 0 to 255 are multiplied by this; 1/255 gives 0 to 1. Fractions may be typed."));
}

void PreprocessForm::setValue(const core::Preprocess& preprocess) {
  const QSignalBlocker blocker(this);
  m_sound = preprocess.sound;
  m_soundForm->setValue(m_sound.value_or(core::SoundPreprocess()));
  m_hasSize->setChecked(preprocess.size.has_value());
  m_hasResize->setChecked(preprocess.resize.has_value());
  m_hasCrop->setChecked(preprocess.crop.has_value());
  if (preprocess.size) m_height->setValue(preprocess.size->height);
  if (preprocess.size) m_width->setValue(preprocess.size->width);
  if (preprocess.resize) m_resize->setValue(*preprocess.resize);
  if (preprocess.crop) m_crop->setValue(*preprocess.crop);
  choose(*m_resample, static_cast<int>(preprocess.resample));
  choose(*m_layout, static_cast<int>(preprocess.layout));
  choose(*m_channels, static_cast<int>(preprocess.channels));
  choose(*m_dtype, static_cast<int>(preprocess.dtype));
  m_scale->setText(preprocess.scale == 1.0 / 255 ? QStringLiteral("1/255")
                                                 : QString::number(preprocess.scale, 'g', 10));
  m_mean->setText(textOf(preprocess.mean));
  m_std->setText(textOf(preprocess.std));
}

QString PreprocessForm::problem() const {
  if (!scaleFrom(m_scale->text())) return tr("Scale: “%1” is no number").arg(m_scale->text());
  const auto mean = numbersFrom(m_mean->text()), deviation = numbersFrom(m_std->text());
  if (!mean) return tr("Mean: “%1” is no list of numbers").arg(m_mean->text());
  if (!deviation) return tr("Standard deviation: “%1” is no list of numbers").arg(m_std->text());
  for (const double value : *deviation)
    if (value == 0) return tr("Standard deviation: 0 cannot be divided by");
  return m_sounds ? m_soundForm->problem() : QString();
}

/// Fields that ask for nothing are no key, unless there was one.
std::optional<core::SoundPreprocess> PreprocessForm::sound() const {
  if (!m_sounds) return m_sound;
  const auto asked = m_soundForm->value();
  return m_sound || asked != core::SoundPreprocess() ? asked : std::nullopt;
}

std::optional<core::Preprocess> PreprocessForm::value() const {
  if (!problem().isEmpty()) return std::nullopt;
  core::Preprocess result;
  if (m_hasSize->isChecked()) result.size = {m_height->value(), m_width->value()};
  if (m_hasResize->isChecked()) result.resize = m_resize->value();
  if (m_hasCrop->isChecked()) result.crop = m_crop->value();
  result.resample = static_cast<core::Resampling>(m_resample->currentData().toInt());
  result.layout = static_cast<core::PixelLayout>(m_layout->currentData().toInt());
  result.channels = static_cast<core::PixelChannels>(m_channels->currentData().toInt());
  result.dtype = static_cast<core::DType>(m_dtype->currentData().toInt());
  result.scale = *scaleFrom(m_scale->text());
  result.mean = *numbersFrom(m_mean->text());
  result.std = *numbersFrom(m_std->text());
  result.sound = sound();
  return result;
}

}  // namespace lapidary::ui
