// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/long_job.h"

#include <algorithm>

namespace lapidary::ui {

namespace {

/// Before so many seconds a pace says nothing.
constexpr double soonest = 0.5;

}  // namespace

LongJob::LongJob(const QString& title, QObject* parent)
    : QObject(parent), m_title(title), m_stopText(tr("Stop")) {}

LongJob::~LongJob() { emit goes(); }

void LongJob::begin(const QString& sentence) {
  m_state = State::Running;
  m_sentence = sentence;
  m_share.reset();
  m_before = m_firstShare = m_firstAt = 0;
  m_stretch.start();
  emit changed();
}

void LongJob::tell(const QString& sentence, std::optional<double> share) {
  if (!active()) return;
  m_sentence = sentence;
  if (share && !m_share) {
    m_firstShare = *share;
    m_firstAt = secondsWorked();
  }
  m_share = share ? std::optional(std::clamp(*share, 0.0, 1.0)) : std::nullopt;
  emit changed();
}

void LongJob::setPaused(bool paused) {
  if (!active() || paused == (m_state == State::Paused)) return;
  if (paused) {
    m_before = secondsWorked();
    m_stretch.invalidate();
  } else {
    m_stretch.start();
  }
  m_state = paused ? State::Paused : State::Running;
  emit changed();
}

void LongJob::finish(const QString& sentence) {
  if (!active()) return;
  m_state = State::Done;
  m_sentence = sentence;
  m_share.reset();
  emit changed();
}

void LongJob::leave() {
  if (m_state == State::Idle) return;
  m_state = State::Idle;
  emit changed();
}

double LongJob::secondsWorked() const {
  return m_before + (m_stretch.isValid() ? static_cast<double>(m_stretch.elapsed()) / 1000 : 0);
}

std::optional<double> LongJob::secondsLeft() const {
  if (!active() || !m_share) return std::nullopt;
  const double seconds = secondsWorked() - m_firstAt, done = *m_share - m_firstShare;
  if (seconds < soonest || done <= 0) return std::nullopt;
  return seconds / done * (1 - *m_share);
}

}  // namespace lapidary::ui
