// SPDX-License-Identifier: GPL-3.0-or-later
// Ties a slider's track to its typed value.
#include "ui/widgets/value_slider.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <optional>

namespace lapidary::ui {

namespace {

/// Keys and notches that follow each other within this time are one change.
constexpr int nudgePauseMs = 400;

/// The number in a typed text: unit, blanks and grouping do not matter, a true minus sign is one.
std::optional<double> parsed(QString text, const QString& suffix) {
  if (!suffix.isEmpty() && text.trimmed().endsWith(suffix)) text = text.trimmed().chopped(suffix.size());
  text.replace(QChar(0x2212), QLatin1Char('-')).remove(QLatin1Char(' ')).remove(QLatin1Char('%'));
  bool good = false;
  double value = text.toDouble(&good);
  if (!good) value = QLocale().toDouble(text, &good);
  return good ? std::optional(value) : std::nullopt;
}

}  // namespace

ValueSlider::Format ValueSlider::wholeNumbers() {
  return {1, {}, [](double value) { return QString::number(std::lround(value)); }};
}

ValueSlider::ValueSlider(const QString& name, const QString& tip, Format format, QWidget* parent)
    : QWidget(parent),
      m_format(std::move(format)),
      m_name(new QLabel(this)),
      m_edit(new QLineEdit(this)),
      m_track(new SliderTrack(this)) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(2);
  grid->addWidget(m_name, 0, 0);
  grid->addWidget(m_edit, 0, 1);
  grid->addWidget(m_track, 1, 0, 1, 2);
  grid->setColumnStretch(0, 1);
  m_edit->setAlignment(Qt::AlignRight);
  const QFontMetrics metrics = m_edit->fontMetrics();
  // A unit may be a word, and longer than any number.
  m_edit->setFixedWidth(std::max(metrics.horizontalAdvance(QStringLiteral("0,000.0000")),
                                 metrics.horizontalAdvance(QStringLiteral("00.00") + m_format.suffix)) +
                        16);
  setToolTip(tip);
  setName(name);
  m_nudgeEnd.setSingleShot(true);
  m_nudgeEnd.setInterval(nudgePauseMs);
  connect(&m_nudgeEnd, &QTimer::timeout, this, &ValueSlider::endNudge);
  connect(m_track, &SliderTrack::pressed, this, [this] {
    endNudge();
    emit dragStarted();
  });
  connect(m_track, &SliderTrack::moved, this, &ValueSlider::take);
  connect(m_track, &SliderTrack::released, this, &ValueSlider::dragFinished);
  connect(m_track, &SliderTrack::nudged, this, &ValueSlider::takeNudge);
  connect(m_track, &SliderTrack::resetAsked, this, [this] { take(m_reset); });
  connect(m_edit, &QLineEdit::editingFinished, this, &ValueSlider::takeText);
}

// A field that loses the focus while it is destroyed says that editing has finished, when nothing but the
// bare widget is left of this one.
ValueSlider::~ValueSlider() { m_edit->disconnect(this); }

void ValueSlider::setName(const QString& name) {
  m_name->setText(name);
  m_track->setAccessibleName(name);
  m_edit->setAccessibleName(name);
}

void ValueSlider::setStep(double step, double snap) {
  m_track->setStep(step);
  m_track->setSnap(snap);
}

void ValueSlider::setValue(double value) {
  m_mixed = false;
  m_track->setMixed(false);
  m_track->setValue(value);
  if (!m_edit->hasFocus() || !m_edit->isModified()) showText(m_track->value());
}

void ValueSlider::setMixed() {
  m_mixed = true;
  m_track->setMixed(true);
  if (!m_edit->hasFocus() || !m_edit->isModified()) m_edit->setText(tr("mixed"));
}

void ValueSlider::showText(double value) {
  m_edit->setText(m_format.text(value * m_format.scale) + m_format.suffix);
}

void ValueSlider::take(double value) {
  m_mixed = false;
  m_track->setMixed(false);
  m_track->setValue(value);
  showText(m_track->value());
  emit changed(m_track->value());
}

void ValueSlider::takeNudge(double value) {
  if (!m_nudging) emit dragStarted();
  m_nudging = true;
  m_nudgeEnd.start();
  take(value);
}

void ValueSlider::endNudge() {
  if (!m_nudging) return;
  m_nudging = false;
  m_nudgeEnd.stop();
  emit dragFinished();
}

void ValueSlider::takeText() {
  if (!m_edit->isModified()) return;
  m_edit->setModified(false);
  const auto number = parsed(m_edit->text(), m_format.suffix);
  if (number) return take(m_track->clamped(*number / m_format.scale));
  if (m_mixed)
    setMixed();
  else
    showText(m_track->value());
}

}  // namespace lapidary::ui
