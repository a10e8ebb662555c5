// SPDX-License-Identifier: GPL-3.0-or-later
// The last net: an exception that leaves an event handler is told, and the program goes on.
#pragma once

#include <QApplication>
#include <functional>

namespace lapidary::ui {

class GuardedApplication : public QApplication {
 public:
  using QApplication::QApplication;

  /// Hears, on the window's thread, what left an event handler. Until there is one, exceptions pass.
  void onFailure(std::function<void(const QString& message)> tell) { m_tell = std::move(tell); }

  bool notify(QObject* receiver, QEvent* event) override;

 private:
  void tell(const QString& message);

  std::function<void(const QString&)> m_tell;
  bool m_telling = false;
};

}  // namespace lapidary::ui
