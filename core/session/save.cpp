// SPDX-License-Identifier: GPL-3.0-or-later
// Saving: what is written where. It is written beside the target, read back, and only then put in place.
#include <filesystem>

#include "core/files/sha256.h"
#include "core/io/onnx/runtime_rules.h"
#include "core/session/bundle_content.h"
#include "core/session/read_back.h"
#include "core/session/save_target.h"
#include "core/session/unverified_file.h"

namespace lapidary::core {
namespace {

Bytes inMemory(const Format& format, const Model& model, const Progress& progress) {
  auto buffer = std::make_shared<std::vector<std::byte>>();
  buffer->reserve(format.sizeOf(model));
  format.write(
      model,
      [&](std::span<const std::byte> bytes) { buffer->insert(buffer->end(), bytes.begin(), bytes.end()); },
      progress);
  return {buffer, *buffer};
}

/// Nothing where nothing is run, so that no answers are shown.
std::optional<UnprovedNodes> unprovedIn(const ReopenedModel& reopened) {
  if (!reopened.executor) return std::nullopt;
  return unprovedNodes(reopened.model);
}

SavedFile saveModel(const ShownCut& shown, const std::string& path, const Format& format,
                    const Progress& progress) {
  const UnverifiedFile file(path);
  file.write([&](const Append& append) { format.write(shown.cut.model, append, progress); });
  progress.step(0, 1);  // all is written: what follows reads it back
  const Bytes found = file.read();
  const ReopenedModel reopened = readBack(found, format, path, shown, progress);
  SavedFile saved{path, found.view.size(), sha256(found.view), qualityOf(reopened, shown, progress),
                  unprovedIn(reopened)};
  file.putInPlace();
  return saved;
}

/// The model is read back twice: from memory, to measure what the report tells, and then as a member of the
/// bundle on the disk.
SavedFile saveBundle(const ShownCut& shown, const std::string& path, const BundleExtras& extras,
                     const Progress& progress) {
  const std::string name = "model.onnx";
  const Format& onnx = *formatForPath(name);
  const Bytes model = inMemory(onnx, shown.cut.model, progress);
  const ReopenedModel reopened = readBack(model, onnx, name, shown, progress);
  const BundleContent content = bundleContent(shown, model, reopened, extras, progress);
  const PackedBundle packed = makeBundle(content);
  const UnverifiedFile file(path);
  file.write([&](const Append& append) { append(packed.zip.view); });
  const Bytes found = readBack(file, packed, progress);
  SavedFile saved{path, found.view.size(), sha256(found.view), content.outcome.quality, unprovedIn(reopened)};
  file.putInPlace();
  return saved;
}

void requireOtherFile(const Model& model, const std::string& path) {
  std::error_code missing;
  if (!model.source.path.empty() && std::filesystem::equivalent(path, model.source.path, missing))
    throw Error(ErrorKind::Usage, path + ": this is the model that is open; write the cut to another file");
}

}  // namespace

SavedFile Session::save(const Recipe& recipe, const std::string& path, const Progress& progress) const {
  return save(recipe, path, BundleExtras{}, progress);
}

SavedFile Session::save(const Recipe& recipe, const std::string& path, const BundleExtras& extras,
                        const Progress& progress) const {
  model().runnable() ? requireSavable(path) : requireSavableWithoutGraph(path);
  requireExtras(*this, extras, path);
  requireOtherFile(model(), path);
  return withContext("writing " + path, [&] {
    const ShownCut shown = shownCut(*this, *m_state, recipe, progress);
    return isBundlePath(path) ? saveBundle(shown, path, extras, progress)
                              : saveModel(shown, path, *formatForPath(path), progress);
  });
}

}  // namespace lapidary::core
