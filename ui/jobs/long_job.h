// SPDX-License-Identifier: GPL-3.0-or-later
// Work of minutes, as the tray of jobs shows it: how far it is, and the hands that pause, stop or show it.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <optional>

namespace lapidary::ui {

/// Belongs to the dialog or view that does the work, and tells the tray. It goes on while that is closed.
class LongJob : public QObject {
  Q_OBJECT

 public:
  enum class State {
    Idle,     ///< not in the tray
    Running,  ///< at work
    Paused,   ///< waits until it is told to go on
    Done      ///< has a failure that nobody has seen, or a result that nobody has taken
  };

  explicit LongJob(const QString& title, QObject* parent = nullptr);
  ~LongJob() override;

  /// What can be done to it besides showing and stopping it.
  void setPausable(bool pausable) { m_pausable = pausable; }
  /// What becomes of the result when it is stopped, in a few words for a menu: "Stop and keep the best".
  void setStopText(const QString& text) { m_stopText = text; }

  void begin(const QString& sentence);
  /// `share` from 0 to 1; nothing where it cannot be told.
  void tell(const QString& sentence, std::optional<double> share);
  void setPaused(bool paused);
  /// It has ended; `sentence` waits in the tray until it is seen.
  void finish(const QString& sentence);
  /// It has ended; `sentence` waits only where something is left for the person to see or to take.
  void end(const QString& sentence, bool waits) { waits ? finish(sentence) : leave(); }
  /// Cancelled, or what it found was seen and taken.
  void leave();

  const QString& title() const { return m_title; }
  const QString& sentence() const { return m_sentence; }
  const QString& stopText() const { return m_stopText; }
  std::optional<double> share() const { return m_share; }
  State state() const { return m_state; }
  bool active() const { return m_state == State::Running || m_state == State::Paused; }
  bool pausable() const { return m_pausable; }
  /// By its pace so far, without the pauses; nothing in its first moments.
  std::optional<double> secondsLeft() const;

 signals:
  void changed();
  void goes();  ///< about to be deleted
  void showAsked();
  void pauseAsked(bool paused);
  void stopAsked();

 private:
  double secondsWorked() const;

  QString m_title, m_sentence, m_stopText;
  std::optional<double> m_share;
  State m_state = State::Idle;
  bool m_pausable = false;
  QElapsedTimer m_stretch;  ///< the present one, without a pause
  double m_before = 0;      ///< seconds of the stretches before
  double m_firstShare = 0;  ///< and when it was told: what came before it has another pace
  double m_firstAt = 0;
};

}  // namespace lapidary::ui
