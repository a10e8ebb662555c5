// SPDX-License-Identifier: GPL-3.0-or-later
// A number that a person chooses from a few and that is remembered between runs.
#pragma once

#include <QList>
#include <QString>

namespace lapidary::ui {

class RememberedChoice {
 public:
  /// `fallback` counts where nothing was chosen yet.
  RememberedChoice(QString key, QList<int> choices, int fallback);

  const QList<int>& choices() const { return m_choices; }  ///< rising
  int current() const;
  /// Holds for what is opened from now on.
  void set(int value) const;

 private:
  QString m_key;
  QList<int> m_choices;
  int m_fallback;
};

/// Mebibytes that the program may use besides the weights.
const RememberedChoice& memoryBudget();
/// The first samples, from which ranges are fixed and that methods learn from.
const RememberedChoice& calibrationSamples();

}  // namespace lapidary::ui
