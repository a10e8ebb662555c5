// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files/session_archive.h"

#include <algorithm>
#include <map>

#include "core/files/archive.h"
#include "core/finetune/repaired_recipe.h"

namespace lapidary::ui {

namespace {

constexpr auto documentName = "session.json";

std::string memberName(const core::TrainedWeights& weights) { return "repaired/" + weights.id + ".onnx"; }

/// Members are not compressed: none is larger than the archive.
core::Bytes memberOf(const core::ArchiveReader& reader, const core::Bytes& archive, const std::string& name) {
  const auto& members = reader.members();
  if (std::ranges::find(members, name, &core::ArchiveMember::name) == members.end())
    throw core::Error(core::ErrorKind::InvalidInput, "'" + name + "' is missing in the archive");
  return reader.read(name, archive.view.size());
}

std::vector<core::Recipe*> recipesOf(SavedSession& session) {
  std::vector<core::Recipe*> recipes{&session.recipe};
  for (Visit& visit : session.visits) recipes.push_back(&visit.recipe);
  return recipes;
}

}  // namespace

std::vector<core::TrainedWeights> repairedOf(const SavedSession& session) {
  std::vector<core::TrainedWeights> repaired;
  const auto add = [&](const core::Recipe& recipe) {
    if (recipe.repaired && std::ranges::find(repaired, recipe.repaired) == repaired.end())
      repaired.push_back(recipe.repaired);
  };
  add(session.recipe);
  for (const Visit& visit : session.visits) add(visit.recipe);
  return repaired;
}

bool isSessionArchive(const QByteArray& start) { return start.startsWith(QByteArray("PK\x03\x04", 4)); }

QByteArray sessionText(const core::Bytes& archive) {
  const core::Bytes text = memberOf(core::ArchiveReader(archive), archive, documentName);
  return {reinterpret_cast<const char*>(text.view.data()), static_cast<qsizetype>(text.view.size())};
}

void writeSessionArchive(const QByteArray& text, const std::vector<core::TrainedWeights>& repaired,
                         const QString& path, const core::Progress& progress) {
  std::size_t done = 0;
  core::ArchiveWriter writer;
  writer.add(documentName, std::as_bytes(std::span(text.constData(), static_cast<std::size_t>(text.size()))),
             false);
  for (const auto& weights : repaired) {
    progress.step(done++, repaired.size() + 1);
    if (!weights.held)
      throw core::Error(core::ErrorKind::CannotWrite,
                        "a recipe is of repaired weights that are not in this session");
    writer.add(memberName(weights), weights.held->file.view, false);
  }
  const core::Bytes archive = writer.finish();
  progress.step(done, repaired.size() + 1);
  core::writeFileAtomically(path.toStdString(), [&](const core::Append& append) { append(archive.view); });
}

void restoreRepaired(SavedSession& session, const core::Model& model, const QString& path,
                     const core::Progress& progress) {
  const auto repaired = repairedOf(session);
  if (repaired.empty()) return;
  core::withContext("reading " + path.toStdString(), [&] {
    if (session.archive.view.empty())
      throw core::Error(core::ErrorKind::InvalidInput,
                        "it names repaired weights that it does not hold: open the session as it was saved");
    const core::ArchiveReader reader(session.archive);
    std::map<std::string, core::TrainedWeights> restored;
    for (const auto& weights : repaired) {
      const std::string name = memberName(weights);
      restored[weights.id] =
          core::readRepaired(model, memberOf(reader, session.archive, name), weights.id, name, progress);
    }
    for (core::Recipe* recipe : recipesOf(session))
      if (recipe->repaired) recipe->repaired = restored.at(recipe->repaired.id);
    session.archive = {};
  });
}

}  // namespace lapidary::ui
