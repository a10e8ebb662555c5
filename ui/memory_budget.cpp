#include "ui/memory_budget.h"

#include "core/session.h"
#include "ui/settings.h"

namespace lapidary::ui::memory_budget {

namespace {
const QString key = QStringLiteral("memory/mebibytes");
}  // namespace

const QList<int>& choices() {
  static const QList<int> list{256, 512, 1024, 2048, 4096, 8192};
  return list;
}

/// A settings file can hold anything: what is no choice does not count.
int current() {
  const int stored = settings::value(key).toInt();
  return choices().contains(stored) ? stored : static_cast<int>(core::Session::Options{}.memoryBytes >> 20);
}

void set(int mebibytes) { settings::setValue(key, mebibytes); }

}  // namespace lapidary::ui::memory_budget
