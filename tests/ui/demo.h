// SPDX-License-Identifier: GPL-3.0-or-later
// The embedded demo as a session, and waiting for what comes from other threads.
#pragma once

#include <QTest>
#include <memory>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/files/open_model.h"

namespace lapidary::ui {

/// For tests that ask what has not been measured yet: a session remembers what others had it measure.
inline std::shared_ptr<const core::Session> freshDemoSession(const char* model = "demo:lenet300") {
  return openModel({model, {}, {}}, nullptr, {}).session;
}

/// Opened once for all tests: sessions are const.
inline std::shared_ptr<const core::Session> demoSession(const char* model = "demo:lenet300") {
  static std::map<std::string, std::shared_ptr<const core::Session>> sessions;
  auto& session = sessions[model];
  if (!session) session = freshDemoSession(model);
  return session;
}

/// How many times as long as usual things may take: sanitizers slow them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int slowness = 8;
#else
constexpr int slowness = 1;
#endif

template <class Condition>
bool eventually(Condition&& condition, int milliseconds = 20000) {
  return QTest::qWaitFor(std::forward<Condition>(condition), slowness * milliseconds);
}

/// Whether all background work, also what was cancelled, has ended and what it had to say has been heard.
inline bool quiet() {
  const bool ended = eventually([] { return BackgroundJob::atWork() == 0; });
  QCoreApplication::sendPostedEvents();
  return ended;
}

inline core::Recipe recipeOf(const core::Session& session, const core::LayerEdit& edit) {
  core::Recipe recipe;
  for (const auto& layer : session.model().layers) recipe.set(layer.name, edit);
  return recipe;
}

}  // namespace lapidary::ui
