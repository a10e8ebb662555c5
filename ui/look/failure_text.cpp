// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences for exceptions that have none of their own.
#include "ui/look/failure_text.h"

#include <QCoreApplication>
#include <new>

#include "core/support/error.h"

namespace lapidary::ui {

namespace {

struct Failures {
  Q_DECLARE_TR_FUNCTIONS(Failures)
};

}  // namespace

QString caughtText() {
  try {
    throw;
  } catch (const core::Cancelled&) {
    return Failures::tr("It was stopped.");
  } catch (const std::bad_alloc&) {
    return Failures::tr("There is not enough memory for this.");
  } catch (const std::exception& error) {
    return QString::fromUtf8(error.what());
  } catch (...) {
    return Failures::tr("It failed for an unknown reason.");
  }
}

}  // namespace lapidary::ui
