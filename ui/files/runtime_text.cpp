// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files/runtime_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace lapidary::ui {

namespace {

struct RuntimeWords {
  Q_DECLARE_TR_FUNCTIONS(RuntimeCheck)
};

constexpr std::size_t listedNodes = 4;

}  // namespace

QString runtimeText(const core::SavedFile& saved) {
  if (!saved.unproved) return {};
  const core::UnprovedNodes& nodes = *saved.unproved;
  if (nodes.empty())
    return RuntimeWords::tr(
        "Checked: answers as shown, by the rules proved against ONNX Runtime at every optimisation level.");
  QStringList names;
  for (std::size_t i = 0; i < nodes.size() && i < listedNodes; ++i)
    names << QStringLiteral("%1 (%2)").arg(QString::fromStdString(nodes[i].name),
                                           QString::fromStdString(nodes[i].opType));
  if (nodes.size() > listedNodes)
    names << RuntimeWords::tr("%n more", nullptr, static_cast<int>(nodes.size() - listedNodes));
  return QStringLiteral("▲ ") +
         RuntimeWords::tr(
             "Not proved that ONNX Runtime answers as shown, for want of a rule for: %1. Run the file "
             "there and compare.")
             .arg(names.join(QStringLiteral(", ")));
}

}  // namespace lapidary::ui
