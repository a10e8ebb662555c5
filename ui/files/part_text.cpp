// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files/part_text.h"

#include <QCoreApplication>

namespace lapidary::ui {

namespace {

struct PartWords {
  Q_DECLARE_TR_FUNCTIONS(DataParts)
};

}  // namespace

QString partText(core::DataPart part) {
  switch (part) {
    case core::DataPart::Test:
      return PartWords::tr("test");
    case core::DataPart::Validation:
      return PartWords::tr("validation");
    case core::DataPart::Train:
      return PartWords::tr("training");
  }
  return {};
}

}  // namespace lapidary::ui
