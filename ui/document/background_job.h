// SPDX-License-Identifier: GPL-3.0-or-later
// Work off the GUI thread: a handle that cancels and waits when it goes, results delivered on the GUI thread.
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

#include "core/support/progress.h"

namespace lapidary::ui {

/// Runs one function at a time on a thread of its own. The function captures shared const data, never a
/// widget. `finished`, `failed` and `progressed` come on the thread that owns the job, and none comes after
/// `cancel()` or a newer `start()`. What is delivered may throw: the run has failed then.
class BackgroundJob : public QObject {
  Q_OBJECT

 public:
  explicit BackgroundJob(QObject* parent = nullptr);
  ~BackgroundJob() override;  ///< cancels and waits

  /// `work` runs in the background and returns what is to be done with its result, which then runs on
  /// the GUI thread (it may be empty). A running one is asked to stop first; the new one starts when
  /// that has ended, without blocking the caller.
  using Deliver = std::function<void()>;
  void start(std::function<Deliver(const core::Progress&)> work);
  void cancel();
  bool running() const;
  /// Jobs of the whole program whose work has begun and not ended: a cancelled one counts until it has
  /// noticed.
  static int atWork();

  /// For use inside `work`: runs `deliver` on the GUI thread, unless the job was cancelled meanwhile.
  /// Returns a function that may be called from the background thread while the job lives.
  std::function<void(Deliver)> poster();

 signals:
  void started();
  void progressed(qulonglong done, qulonglong total);  ///< at most about 20 a second
  void finished();                                     ///< ended well
  void failed(const QString& message);                 ///< core::Error or std::exception, as a sentence
  void cancelled();

 private:
  struct Run;
  std::shared_ptr<Run> m_run;
};

}  // namespace lapidary::ui
