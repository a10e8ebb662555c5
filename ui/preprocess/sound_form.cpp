// SPDX-License-Identifier: GPL-3.0-or-later
// Fields in the order in which they act on a sound; those of log-mel features only where there are any.
#include "ui/preprocess/sound_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QSpinBox>

namespace lapidary::ui {
namespace {

// The limits of the document's keys.
constexpr int highestRate = 768000, longestSound = 1 << 28, longestWindow = 1 << 20, mostBands = 4096;

/// The first entry stands for an absent key.
enum FeatureEntry { Automatic, Samples, LogMel };

/// Shows as many decimals as there are.
class FrequencyBox : public QDoubleSpinBox {
 public:
  QString textFromValue(double value) const override {
    QLocale plain = locale();
    plain.setNumberOptions(QLocale::OmitGroupSeparator);
    return plain.toString(value, 'g', 10);
  }
};

template <class Box, class Value>
void showIn(Box& box, const std::optional<Value>& value) {
  box.setValue(value ? *value : box.minimum());
}

/// The least value reads "automatic".
std::optional<int> count(const QSpinBox& box) {
  return box.value() == box.minimum() ? std::nullopt : std::optional(box.value());
}

FeatureEntry entryOf(const std::optional<core::SoundFeatures>& features) {
  if (!features) return Automatic;
  return *features == core::SoundFeatures::Samples ? Samples : LogMel;
}

}  // namespace

SoundForm::SoundForm(QWidget* parent) : QWidget(parent), m_rows(new QFormLayout(this)) {
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setVerticalSpacing(8);
  m_rows->setLabelAlignment(Qt::AlignLeft);
  m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  m_rate = addCount(tr("Rate"), highestRate, tr(" Hz"),
                    tr("Samples a second; sounds of another rate are resampled"));
  m_length = addCount(tr("Length"), longestSound, tr(" samples"),
                      tr("In samples at that rate: longer sounds are cut, shorter ones end in silence"));
  m_features = addChoice(tr("Features"),
                         tr("What the network takes: the samples themselves, or the logarithm of "
                            "their power in mel-scaled bands"),
                         {tr("automatic"), tr("Samples"), tr("Log-mel bands")});
  m_window =
      addCount(tr("Window"), longestWindow, tr(" samples"), tr("Samples that one frame is computed from"));
  m_hop = addCount(tr("Hop"), longestWindow, tr(" samples"),
                   tr("Samples from the start of one frame to that of the next"));
  m_mels = addCount(tr("Mel bands"), mostBands, {}, tr("How many bands the frequencies are gathered into"));
  m_fmin = addFrequency(tr("Lowest frequency"), tr("Where the lowest band begins, in Hz"));
  m_fmax =
      addFrequency(tr("Highest frequency"), tr("Where the highest band ends, in Hz: at most half the rate"));
  m_fmax->setSpecialValueText(tr("automatic"));
  m_melScale =
      addChoice(tr("Mel scale"), tr("HTK: bands of height 1. Slaney: linear below 1000 Hz, bands of area 1"),
                {tr("HTK"), tr("Slaney")});
  m_log = addChoice(tr("Logarithm"), tr("Of each band's power: natural, to base 10, or ten times that"),
                    {tr("ln"), tr("log10"), tr("dB")});
  addFloor();
  addCenter();
  connect(this, &SoundForm::edited, this, &SoundForm::showRows);
  setValue({});
}

QSpinBox* SoundForm::addCount(const QString& name, int most, const QString& unit, const QString& tip) {
  auto* box = new QSpinBox;
  box->setRange(0, most);
  box->setSpecialValueText(tr("automatic"));
  box->setSuffix(unit);
  box->setToolTip(tip + QLatin1Char('\n') +
                  tr("Automatic: follows from the model's input and the first sound"));
  box->setAccessibleName(name);
  m_rows->addRow(name, box);
  connect(box, &QSpinBox::valueChanged, this, &SoundForm::edited);
  return box;
}

QDoubleSpinBox* SoundForm::addFrequency(const QString& name, const QString& tip) {
  auto* box = new FrequencyBox;
  box->setDecimals(6);
  box->setRange(0, highestRate / 2.0);
  box->setSingleStep(50);
  box->setSuffix(tr(" Hz"));
  box->setToolTip(tip);
  box->setAccessibleName(name);
  m_rows->addRow(name, box);
  connect(box, &QDoubleSpinBox::valueChanged, this, &SoundForm::edited);
  return box;
}

QComboBox* SoundForm::addChoice(const QString& name, const QString& tip, const QStringList& texts) {
  auto* box = new QComboBox;
  box->addItems(texts);
  box->setToolTip(tip);
  box->setAccessibleName(name);
  m_rows->addRow(name, box);
  connect(box, &QComboBox::currentIndexChanged, this, &SoundForm::edited);
  return box;
}

void SoundForm::addFloor() {
  m_floor = new QLineEdit;
  m_floor->setToolTip(
      tr("Is added to each power before its logarithm, so that silence has one: above 0, such as 1e-6"));
  m_floor->setAccessibleName(tr("Floor"));
  m_rows->addRow(tr("Floor"), m_floor);
  connect(m_floor, &QLineEdit::textEdited, this, &SoundForm::edited);
}

void SoundForm::addCenter() {
  m_center = new QCheckBox(tr("Centred"));
  m_center->setToolTip(
      tr("Half a window of zeros before and after the sound, so that a frame is centred on its time"));
  m_rows->addRow(tr("Frames"), m_center);
  connect(m_center, &QCheckBox::toggled, this, &SoundForm::edited);
}

void SoundForm::showRows() {
  const bool bands = m_features->currentIndex() != Samples;
  for (QWidget* field : std::initializer_list<QWidget*>{m_window, m_hop, m_mels, m_fmin, m_fmax, m_melScale,
                                                        m_log, m_floor, m_center})
    m_rows->setRowVisible(field, bands);
}

void SoundForm::setValue(const core::SoundPreprocess& sound) {
  const QSignalBlocker blocker(this);
  showIn(*m_rate, sound.rate);
  m_length->setValue(static_cast<int>(std::min<std::int64_t>(sound.length.value_or(0), longestSound)));
  m_features->setCurrentIndex(entryOf(sound.features));
  showIn(*m_window, sound.window);
  showIn(*m_hop, sound.hop);
  showIn(*m_mels, sound.mels);
  m_fmin->setValue(sound.fmin);
  showIn(*m_fmax, sound.fmax);
  m_melScale->setCurrentIndex(static_cast<int>(sound.melScale));
  m_log->setCurrentIndex(static_cast<int>(sound.log));
  m_floor->setText(QString::number(sound.floor, 'g', 10));
  m_center->setChecked(sound.center);
  showRows();
}

QString SoundForm::problem() const {
  bool number = false;
  const double floor = m_floor->text().toDouble(&number);
  if (!number || !(floor >= 1e-300) || floor > 1e300)
    return tr("Floor: “%1” is no number above 0").arg(m_floor->text());
  return {};
}

std::optional<core::SoundPreprocess> SoundForm::value() const {
  if (!problem().isEmpty()) return std::nullopt;
  core::SoundPreprocess sound;
  sound.rate = count(*m_rate);
  sound.length = count(*m_length);
  if (const int entry = m_features->currentIndex(); entry != Automatic)
    sound.features = entry == Samples ? core::SoundFeatures::Samples : core::SoundFeatures::LogMel;
  sound.window = count(*m_window);
  sound.hop = count(*m_hop);
  sound.mels = count(*m_mels);
  sound.fmin = m_fmin->value();
  if (m_fmax->value() > 0) sound.fmax = m_fmax->value();
  sound.melScale = static_cast<core::MelScale>(m_melScale->currentIndex());
  sound.log = static_cast<core::LogKind>(m_log->currentIndex());
  sound.floor = m_floor->text().toDouble();
  sound.center = m_center->isChecked();
  return sound;
}

}  // namespace lapidary::ui
