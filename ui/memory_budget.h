// How much memory the program may use besides the weights; remembered between runs.
#pragma once

#include <QList>

namespace lapidary::ui::memory_budget {

/// Mebibytes that a person can choose from, rising.
const QList<int>& choices();
/// Mebibytes: what was chosen last, else the core's own default.
int current();
/// Holds for what is opened from now on.
void set(int mebibytes);

}  // namespace lapidary::ui::memory_budget
