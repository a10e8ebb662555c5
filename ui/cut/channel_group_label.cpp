// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cut/channel_group_label.h"

#include <algorithm>

#include "ui/cut/cut_values.h"
#include "ui/document/edited_weights.h"

namespace lapidary::ui {

namespace {

constexpr qsizetype mostNames = 6;

}  // namespace

QString listed(const QStringList& names) {
  if (names.size() <= mostNames) return names.join(QStringLiteral(", "));
  return ChannelGroupLabel::tr("%1 and %n more", nullptr, static_cast<int>(names.size() - mostNames))
      .arg(names.mid(0, mostNames).join(QStringLiteral(", ")));
}

ChannelGroupLabel::ChannelGroupLabel(Document& document, QWidget* parent)
    : QLabel(parent), m_document(document) {
  setProperty("look", "caption");
  setWordWrap(true);
  setVisible(false);
  connect(&document, &Document::selectionChanged, this, &ChannelGroupLabel::look);
  connect(&document, &Document::recipeChanged, this, &ChannelGroupLabel::look);
  connect(&m_job, &BackgroundJob::failed, this, &QLabel::setText);
}

void ChannelGroupLabel::look() {
  const auto session = m_document.session();
  const auto mode =
      SelectedEdits(m_document).common([](const core::LayerEdit& edit) { return edit.prune.mode; });
  const bool wanted = session && mode && core::removes(*mode) && m_document.selection().size() == 1;
  setVisible(wanted);
  if (!wanted) return;
  m_job.start([this, session, recipe = m_document.shownRecipe(),
               layer = m_document.currentLayer()](const core::Progress&) -> BackgroundJob::Deliver {
    const auto cutter = editedWeights(*session, recipe).cutter;
    const QString text = describe(cutter->channelGroup(layer), cutter->original(), layer);
    return [this, text] { setText(text); };
  });
}

QString describe(const core::ChannelGroup& group, const core::Model& model, core::LayerId layer) {
  QStringList makers, readers, lines;
  int constants = 0;
  for (const auto& member : group.members) {
    if (member.layer == layer && member.produces) continue;
    if (!member.layer.valid()) {
      ++constants;
      continue;
    }
    QStringList& names = member.produces ? makers : readers;
    const QString name = QString::fromStdString(model.layer(member.layer).name);
    if (!names.contains(name)) names << name;
  }
  const auto units = static_cast<int>(group.units);
  const std::size_t most = group.units == 0 ? 0 : group.units - 1;  // one of all has to stay
  lines << (group.heads ? ChannelGroupLabel::tr("%n head(s), of which %1 may go", nullptr, units)
                        : ChannelGroupLabel::tr("%n channel(s), of which %1 may go", nullptr, units))
               .arg(std::min(group.removable, most));
  if (!makers.isEmpty()) lines << ChannelGroupLabel::tr("Made together with %1").arg(listed(makers));
  if (!readers.isEmpty()) lines << ChannelGroupLabel::tr("Read by %1").arg(listed(readers));
  if (constants > 0)
    lines << ChannelGroupLabel::tr("With %n constant(s): biases, norms, shapes", nullptr, constants);
  if (!group.reason.empty()) lines << QString::fromStdString(group.reason);
  return lines.join(QLatin1Char('\n'));
}

}  // namespace lapidary::ui
