// SPDX-License-Identifier: GPL-3.0-or-later
// The application: an exception that leaves an event handler is told, and the program goes on; wheel and Tab
// do as all controls of the program do.
#pragma once

#include <QApplication>
#include <functional>

#include "ui/widgets/input_manners.h"

namespace lapidary::ui {

class GuardedApplication : public QApplication {
 public:
  GuardedApplication(int& argc, char** argv);

  /// Hears, on the window's thread, what left an event handler. Until there is one, exceptions pass.
  void onFailure(std::function<void(const QString& message)> tell) { m_tell = std::move(tell); }

  bool notify(QObject* receiver, QEvent* event) override;

 private:
  void tell(const QString& message);

  InputManners m_manners;
  std::function<void(const QString&)> m_tell;
  bool m_telling = false;
};

}  // namespace lapidary::ui
