// SPDX-License-Identifier: GPL-3.0-or-later
// Every dialog of the program in turn, for tests of what holds in all of them.
#pragma once

#include <QDialog>
#include <functional>
#include <string>

#include "ui/document/document.h"

namespace lapidary::ui {

using DialogVisit = std::function<void(const std::string& name, QWidget& dialog)>;

/// Shows each dialog with the model of the document, hands it over and closes it again. The document must
/// outlive the work that the dialogs leave behind: ask quiet() afterwards.
void visitEveryDialog(Document& document, const DialogVisit& visit);

}  // namespace lapidary::ui
