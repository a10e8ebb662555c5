// SPDX-License-Identifier: GPL-3.0-or-later
// Says beside a map whether its method can be trusted on this model; measured in the background, once a
// method.
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <optional>

#include "core/session/session.h"

class QLabel;

namespace lapidary::core {
struct MethodFaithfulness;
}

namespace lapidary::ui {

class BackgroundJob;

class FaithfulnessNote : public QWidget {
  Q_OBJECT

 public:
  explicit FaithfulnessNote(QWidget* parent = nullptr);

  /// Another model or other data: nothing is known any more.
  void setSession(std::shared_ptr<const core::Session> session);
  /// The verdict on this method, from memory or after a while.
  void showMethod(core::SaliencyMethod method);
  void pause();  ///< nothing is measured while something else runs

  QString text() const;

 private:
  void show(const core::MethodFaithfulness& judged);
  void measure();

  std::shared_ptr<const core::Session> m_session;
  std::map<core::SaliencyMethod, std::shared_ptr<const core::MethodFaithfulness>> m_known;
  std::optional<core::SaliencyMethod> m_method;
  BackgroundJob* m_job;
  QLabel* m_label;
};

}  // namespace lapidary::ui
