// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/remembered_choice.h"

#include "core/session/session.h"
#include "ui/look/settings.h"

namespace lapidary::ui {

RememberedChoice::RememberedChoice(QString key, QList<int> choices, int fallback)
    : m_key(std::move(key)), m_choices(std::move(choices)), m_fallback(fallback) {}

/// A settings file can hold anything: what is no choice does not count.
int RememberedChoice::current() const {
  const int stored = settings::value(m_key).toInt();
  return m_choices.contains(stored) ? stored : m_fallback;
}

void RememberedChoice::set(int value) const { settings::setValue(m_key, value); }

const RememberedChoice& memoryBudget() {
  static const RememberedChoice choice{QStringLiteral("memory/mebibytes"),
                                       {256, 512, 1024, 2048, 4096, 8192},
                                       static_cast<int>(core::Session::Options{}.memoryBytes >> 20)};
  return choice;
}

const RememberedChoice& calibrationSamples() {
  static const RememberedChoice choice{QStringLiteral("calibration/samples"),
                                       {64, 256, 1024, 4096, 16384},
                                       static_cast<int>(core::Session::Options{}.calibrationSamples)};
  return choice;
}

}  // namespace lapidary::ui
